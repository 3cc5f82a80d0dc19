/** The engine alone and the stream checker must say the same of every delivery: reports, quarantine, what is published. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { DATE, exampleDataset, VISITS } from "../../etl-core/src/validate/examples/dataset.ts";
import { type Example, examples } from "../../etl-core/src/validate/examples/examples.ts";
import { deliveryOf } from "../../etl-core/src/validate/examples/run-example.ts";
import { openEngine } from "../src/engine/duckdb.ts";
import { overParquet } from "../src/engine/relations.ts";
import { runDates } from "../src/engine/run.ts";
import { readPublished } from "../src/engine/state.ts";
import { scratch } from "./support/command.ts";

const HEADER = "day,site,people,paid,open,kind,code";
const visits = (...lines: readonly string[]): Example => ({
  files: { [VISITS]: `${[HEADER, ...lines].join("\n")}\n` },
});

/** Right, wrong and odd in ways that a reader or a cast may take otherwise than the stream checker. */
const odd: Readonly<Record<string, Example>> = {
  "nothing wrong": {},
  "a value with more digits than are stored": visits("2020-01-06,1,120,480.505,true,usual,"),
  "zeros behind the stored digits": visits("2020-01-06,1,120,480.5000,true,usual,"),
  "a whole number with a point": visits("2020-01-06,1,120.0,480.50,true,usual,"),
  "numbers as programs write them": visits("2020-01-06,1,1e2,1_000.00,true,usual,"),
  "a plus, a point alone, leading zeros": visits(
    "2020-01-06,+1,120,.5,true,usual,",
    "2020-01-06,02,120,00.50,true,usual,",
  ),
  "a day without zeros": visits("2020-1-6,1,120,480.50,true,usual,"),
  "a day with a time": visits("2020-01-06 00:00:00,1,120,480.50,true,usual,"),
  "a day of the first century": visits("0020-01-06,1,120,480.50,true,usual,"),
  "a day too early": visits("2020-01-04,1,120,480.50,true,usual,"),
  "words for yes": visits(
    "2020-01-06,1,120,480.50,TRUE,usual,",
    "2020-01-06,2,120,480.50,t,usual,",
    "2020-01-06,3,1,1,1,usual,",
  ),
  "a comma too many at an end": visits("2020-01-06,1,120,480.50,true,usual,,", "2020-01-06,2,120,480.50,true,usual,"),
  "a comma too many behind a value": visits("2020-01-06,1,120,480.50,true,event,AB12,"),
  "a field too few": visits("2020-01-06,1,120,480.50,true,usual"),
  "an empty line inside": visits("2020-01-06,1,120,480.50,true,usual,", "", "2020-01-06,2,120,480.50,true,usual,"),
  "an empty line at the end": visits("2020-01-06,1,120,480.50,true,usual,", ""),
  "a key written in two ways": visits("2020-01-06,1,120,480.50,true,usual,", "2020-01-06,01,120,480.50,true,usual,"),
  "blanks around values": visits("2020-01-06, 1,120,480.50,true,usual,"),
  "a rule broken": visits("2020-01-06,1,0,480.50,true,usual,"),
  "the header again": visits("2020-01-06,1,120,480.50,true,usual,", HEADER),
  "columns in another order, in capitals": {
    files: { [VISITS]: "SITE,DAY,CODE,KIND,OPEN,PAID,PEOPLE\n1,2020-01-06,,usual,true,480.50,120\n" },
  },
  "lines that end as on Windows": { files: { [VISITS]: `${HEADER}\r\n2020-01-06,1,120,480.50,true,usual,\r\n` } },
  "no end of the last line": { files: { [VISITS]: `${HEADER}\n2020-01-06,1,120,480.50,true,usual,` } },
  quotes: { files: { [VISITS]: `${HEADER}\n"2020-01-06","1",120,480.50,true,"usual",""\n` } },
  "a header alone": visits(),
};

async function outcome(landing: string, quickFrom: number) {
  const warehouse = path.join(scratch(), "warehouse");
  const { dates } = await runDates({ dataset: exampleDataset, landing, warehouse, dates: [DATE], quickFrom });
  const state = await readPublished(warehouse, exampleDataset.name);
  const engine = await openEngine(":memory:");
  const rows = async (files: readonly (string | null | undefined)[]) => {
    const there = files.filter((file) => typeof file === "string");
    const found =
      there.length === 0 ? [] : await engine.rows(`SELECT * FROM (${overParquet(warehouse, there)}) ORDER BY ALL`);
    return found.map(({ run_id: _run, ...row }) => row);
  };
  try {
    const loaded = state?.dates[DATE];
    const report = state?.reports[DATE];
    return {
      dates: dates.map(({ seconds: _seconds, ...result }) => result),
      report: report === undefined ? null : readFileSync(path.join(warehouse, report), "utf8"),
      quarantine: await rows([loaded?.quarantine]),
      fact: await rows(Object.values(state?.fact ?? {})),
      base: await Promise.all(Object.values(loaded?.tables ?? {}).map((file) => rows([file]))),
      counted: [loaded?.rowsAccepted, loaded?.rowsRejected, loaded?.sources],
    };
  } finally {
    engine.close();
  }
}

describe("the engine alone and the stream checker", () => {
  const all = { ...odd, ...examples };
  for (const [title, example] of Object.entries(all)) {
    it(`say the same: ${title}`, async () => {
      const landing = scratch();
      for (const [key, content] of deliveryOf(example)) {
        const file = path.join(landing, ...key.split("/"));
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      expect(await outcome(landing, 0)).to.deep.equal(await outcome(landing, Number.POSITIVE_INFINITY));
    });
  }
});
