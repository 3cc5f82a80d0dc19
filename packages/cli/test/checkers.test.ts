import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { amount, bigint, boolean, date, defineTable, int, numeric, text } from "@sales-etl/etl-core/contract";
import { checkSql, duckdb, rawRelation } from "@sales-etl/etl-core/sql";
import { checkFile, type Problem } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import fc from "fast-check";
import { type Engine, openEngine, quoted } from "../src/engine/duckdb.ts";
import { scratch } from "./support/command.ts";

const DATE = "2020-01-10";
const FILE = "mixed/dt=2020-01-10/mixed_2020-01-10.csv";

/** Every type and every rule once. */
const table = defineTable({
  name: "mixed",
  title: "Mixed",
  description: "Every type and every rule",
  grain: "one row per id and day",
  load: "delta",
  key: ["id", "day"],
  rules: [
    {
      description: "step is 1 where kind is b",
      column: "step",
      sql: "kind <> 'b' OR step = 1",
      holds: (text) => text("kind") !== "b" || text("step") === "" || Number(text("step")) === 1,
    },
  ],
  dated: { column: "day", lateness: 3 },
  tolerance: 1,
  columns: {
    id: int("Id").required().between(-5, 2000000000),
    day: date("Day").required(),
    big: bigint("Big"),
    money: amount("Money").between("-100.00", "100.00"),
    place: numeric(6)("Place"),
    flag: boolean("Flag"),
    kind: text("Kind").oneOf("a", "b"),
    step: int("Step").oneOf(0, 1),
    other: date("Other day"),
    note: text("Note"),
    code: text("Code").matching("[^a-y]|[A-Z]{2,3}([.][0-9]+)?"),
  },
});

const digits = fc.stringMatching(/^[0-9]{1,20}$/);
/** Text that is nearly right: the shapes that real exports and wrong casts bring. */
const value = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "1",
    "-1",
    "00",
    "+1",
    "1.5",
    "1.50",
    "1.500",
    "1.005",
    ".5",
    "5.",
    "1e3",
    "1_000",
    "1,000",
    "NaN",
    "-0",
  ),
  fc.constantFrom(
    "true",
    "FALSE",
    "t",
    "yes",
    "TrUe",
    "a",
    "b",
    "A",
    " a",
    "2020-01-10",
    "2020-01-07",
    "2020-01-06",
    "2020-1-7",
  ),
  fc.constantFrom(
    "2020-02-30",
    "2020-01-10 00:00:00",
    "0000-01-01",
    "9999-12-31",
    "10000-01-01",
    "2147483647",
    "2147483648",
  ),
  fc.constantFrom(
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "100.00",
    "100.01",
    "-100.001",
    "1\n",
    "\t1",
    "１",
  ),
  digits,
  digits.map((text) => `-${text}`),
  fc.tuple(digits, digits).map(([whole, part]) => `${whole}.${part}`),
  fc.string({ unit: "grapheme", maxLength: 4 }).filter((one) => !one.includes("\0") && !one.includes("\r")),
);
const anyRow = fc.record(Object.fromEntries(table.columnNames.map((name) => [name, value])));
/** Right in every column, so that rules and keys come to their turn; one key is written in several ways. */
const rightRow = fc.record({
  id: fc.constantFrom("1", "2", "01", "0", "-0", "-00"),
  day: fc.constantFrom("2020-01-09", "2020-01-10"),
  big: fc.constantFrom("", "9223372036854775807"),
  money: fc.constantFrom("", "1.5", "-100.00"),
  place: fc.constantFrom("", "12.345678"),
  flag: fc.constantFrom("", "TRUE", "0"),
  kind: fc.constantFrom("", "a", "b"),
  step: fc.constantFrom("", "0", "1", "01"),
  other: fc.constantFrom("", "2016-02-29"),
  note: fc.constantFrom("", "a,b", 'say "no"'),
  code: fc.constantFrom("", "z", "AB", "ABC.25"),
});
const row = fc.oneof(anyRow, rightRow) as fc.Arbitrary<Record<string, string>>;

const field = (content: string) => (/[",\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content);

/** A few runs in every test; many, with a seed, by `npm run fuzz`. */
const { FUZZ_RUNS = "150", FUZZ_SEED } = process.env;
const fuzz = { numRuns: Number(FUZZ_RUNS), ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }) };

describe("the two checkers", () => {
  const file = path.join(scratch(), FILE);
  let engine: Engine;
  before(async () => {
    mkdirSync(path.dirname(file), { recursive: true });
    engine = await openEngine(":memory:");
  });
  after(() => engine.close());

  async function bySql(): Promise<string[]> {
    const types = table.columnNames.map((name) => `${quoted(name)}: 'VARCHAR'`).join(", ");
    await engine.run(
      `CREATE OR REPLACE TEMP VIEW ${rawRelation(table)} AS SELECT *, ${quoted(FILE)} AS _file, ${quoted(DATE)} AS _business_date
       FROM read_csv(${quoted(file)}, columns = {${types}}, auto_detect = false, header = true, quote = '"', escape = '"', delim = ',')`,
    );
    const rows = await engine.rows(`SELECT _problems FROM (${checkSql(table, duckdb)}) WHERE _problems <> ''`);
    return rows.flatMap(({ _problems }) => String(_problems).split(";")).sort();
  }

  async function byStream(content: string): Promise<{ found: string[]; rowsRejected: number }> {
    const problems: Problem[] = [];
    const { rowsRejected } = await checkFile({
      table,
      businessDate: DATE,
      file: FILE,
      stream: Readable.from([Buffer.from(content)]),
      sink: (problem) => problems.push(problem),
    });
    return { found: problems.map(({ column, code }) => `${column}=${code}`).sort(), rowsRejected };
  }

  it("find the same codes in the same columns, whatever the values", async function () {
    if (process.env.FUZZ_RUNS === undefined) this.timeout("120s");
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const lines = rows.map((one) => table.columnNames.map((name) => field(one[name] ?? "")).join(","));
        const content = `${[table.columnNames.join(","), ...lines].join("\n")}\n`;
        writeFileSync(file, content);
        const { found } = await byStream(content);
        expect(await bySql()).to.deep.equal(found);
      }),
      fuzz,
    );
  });
});
