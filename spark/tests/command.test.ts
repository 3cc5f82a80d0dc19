/** `sales-etl run --engine spark`: the same answers as the embedded engine's, from an Iceberg warehouse in a folder. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { type Progress, type RunResult, runDates } from "../../packages/cli/src/engine/run.ts";
import { runDatesOnSpark } from "../../packages/cli/src/spark/run.ts";
import { landText } from "../../packages/cli/test/support/landing.ts";
import { workedDates, workedLanding } from "../../packages/cli/test/support/worked.ts";
import { root } from "../../scripts/test/process.ts";
import { fewRows } from "./few-rows.ts";

const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");

/** What both engines must say alike. */
const answers = ({ dates, published }: RunResult) => ({
  published,
  dates: dates.map(({ seconds: _, ...date }) => date),
});

describe("sales-etl run --engine spark", function () {
  this.timeout("600s");
  let folder: string;
  let landing: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "sales-etl-spark-command-"));
    landing = path.join(folder, "landing");
    for (const [date, text] of Object.entries(workedLanding())) await landText(retail, landing, date, text);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const cli = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const done = spawnSync(process.execPath, [bin, "run", "--engine", "spark", "--json", ...args], {
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { code: done.status, answer: JSON.parse(done.stdout), said: done.stderr };
  };

  it("says the same as the embedded engine; a second run changes nothing; a missing date is incomplete", async () => {
    const warehouse = path.join(folder, "spark");
    const dates = [...workedDates, "2031-01-01"];
    const steps: Progress["step"][] = [];
    const args = { dataset: retail, landing, dates };
    const first = await runDatesOnSpark({
      ...args,
      ...{ warehouse, conf: fewRows, onProgress: ({ step }) => steps.push(step) },
    });
    const embedded = await runDates({ ...args, warehouse: path.join(folder, "embedded") });
    expect(answers(first)).to.deep.equal(answers(embedded));
    expect(first.dates.at(-1)).to.include({ verdict: "incomplete", changed: false });
    expect(steps).to.deep.equal([...dates.map(() => "date"), "compute", "published"]);

    const second = await runDatesOnSpark({ ...args, warehouse, conf: fewRows });
    expect(second.published).to.equal(false);
    expect(second.runId).to.equal(first.runId);
    expect(second.dates.map(({ changed }) => changed)).to.deep.equal(dates.map(() => false));
    expect(second.dates.map(({ rowsAccepted }) => rowsAccepted)).to.deep.equal(
      first.dates.map(({ rowsAccepted }) => rowsAccepted),
    );

    // The folder is Iceberg's: the other engine does not write into it, nor this one into its.
    for (const [engine, name] of [
      ["duckdb", "spark"],
      ["spark", "embedded"],
    ] as const) {
      const mixed = cli([
        "--engine",
        engine,
        "--landing",
        landing,
        "--warehouse",
        path.join(folder, name),
        "--date",
        dates[0] ?? "",
      ]);
      expect(mixed.code).to.equal(2);
      expect(mixed.answer.error).to.include({ code: "WAREHOUSE_OTHER_ENGINE" });
    }
  });

  it("starts no Spark where no date is accepted", () => {
    const warehouse = path.join(folder, "nothing");
    const { code, answer } = cli(["--landing", landing, "--warehouse", warehouse, "--date", "2031-01-01"]);
    expect(code).to.equal(1);
    expect(answer).to.deep.include({ warehouse, runId: null });
    expect(answer.dates[0]).to.include({ businessDate: "2031-01-01", verdict: "incomplete", changed: false });
    expect(existsSync(path.join(warehouse, "_control"))).to.equal(false);
  });

  it("says what is missing and what to do", () => {
    const args = ["--landing", landing, "--warehouse", path.join(folder, "none"), "--date", workedDates[0] ?? ""];
    const named = cli(args, { SALES_ETL_SPARK_PYTHON: "/no/python" });
    expect(named.code).to.equal(2);
    expect(named.answer.error.code).to.equal("SPARK_VERSION");
    expect(named.answer.error.message).to.include("/no/python, named in SALES_ETL_SPARK_PYTHON, has no pyspark 4.1.1");
  });
});
