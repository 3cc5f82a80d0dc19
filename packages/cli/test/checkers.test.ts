import { createReadStream, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { amount, bigint, boolean, date, defineTable, int, numeric, text } from "@sales-etl/etl-core/contract";
import { checkSql, duckdb, rawRelation } from "@sales-etl/etl-core/sql";
import { type CheckedFile, checkFile, type Problem, scanFile } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import fc from "fast-check";
import { loadAllRight } from "../src/engine/all-right.ts";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";
import { stampOf } from "../src/engine/fingerprint.ts";
import { rawRows } from "../src/engine/load.ts";
import { engineProblems } from "../src/engine/rejects.ts";
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
  // One written by hand in both forms, one that is compiled.
  rules: [
    {
      description: "step is 1 where kind is b",
      column: "step",
      sql: "kind <> 'b' OR step = 1",
      holds: (text) => text("kind") !== "b" || text("step") === "" || Number(text("step")) === 1,
    },
    {
      description: "money and days agree",
      check: "money * id <= big * 2 - 0.5 or not flag and other > day + 1",
      column: "money",
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

/** A few runs in every test; many, with a seed, by `npm run fuzz`. */
const { FUZZ_RUNS = "150", FUZZ_SEED } = process.env;
const fuzz = { numRuns: Number(FUZZ_RUNS), ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }) };

/** The shapes that files come in; all but the last three groups leave the rows what they are. */
const shape = fc.record({
  order: fc.shuffledSubarray([...table.columnNames], { minLength: table.columnNames.length }),
  upper: fc.boolean(),
  quoting: fc.constantFrom("needed", "all", "some"),
  end: fc.constantFrom("\n", "\r\n"),
  mark: fc.boolean(),
  gzip: fc.constantFrom("no", "one", "two members"),
  unended: fc.boolean(),
  fault: fc.oneof(
    { weight: 6, arbitrary: fc.constant("none") },
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        "header again",
        "blank line",
        "title",
        "short",
        "long",
        "open quote",
        "latin1",
        "utf16",
        "nul",
        "cut",
        "line end",
        "noise",
      ),
    },
  ),
  at: fc.nat(1000),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function bytesOf(rows: readonly Record<string, string>[], how: Shape): Buffer {
  const { order, end } = how;
  const quote = (content: string, index: number) => {
    const needed =
      /[",\n\r]/.test(content) || how.quoting === "all" || (how.quoting === "some" && (how.at + index) % 3 === 0);
    return needed ? `"${content.replaceAll('"', '""')}"` : content;
  };
  const header = order.map((name) => (how.upper ? name.toUpperCase() : name)).join(",");
  const lines = [header, ...rows.map((one) => order.map((name, index) => quote(one[name] ?? "", index)).join(","))];
  const at = 1 + (how.at % lines.length);
  const inserted: Readonly<Record<string, string>> = {
    "header again": header,
    "blank line": "",
    short: "1,2020-01-10",
    long: `${header},x`,
    "open quote": '1,"2',
  };
  const more = inserted[how.fault];
  if (more !== undefined) lines.splice(at, 0, more);
  if (how.fault === "title") lines.unshift("Mixed rows of the day");
  let text = lines.join(end) + (how.unended ? "" : end);
  if (how.fault === "line end") text = text.replace(end, end === "\n" ? "\r\n" : "\n");
  let bytes = Buffer.from(`${how.mark ? "\ufeff" : ""}${text}`, how.fault === "utf16" ? "utf16le" : "utf8");
  const place = how.at % (bytes.length + 1);
  const insert = (junk: readonly number[]) =>
    Buffer.concat([bytes.subarray(0, place), Buffer.from(junk), bytes.subarray(place)]);
  if (how.fault === "latin1") bytes = insert([0xe9]);
  if (how.fault === "nul") bytes = insert([0]);
  if (how.fault === "noise") bytes = insert([how.at % 256, (how.at * 7) % 256]);
  if (how.fault === "cut") bytes = Buffer.from(bytes.subarray(0, place));
  if (how.gzip === "no") return bytes;
  if (how.gzip === "one") return gzipSync(bytes);
  return Buffer.concat([gzipSync(bytes.subarray(0, place)), gzipSync(bytes.subarray(place))]);
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("the two checkers", () => {
  const landing = scratch();
  let engine: Engine;
  before(async () => {
    mkdirSync(path.dirname(path.join(landing, FILE)), { recursive: true });
    engine = await openEngine(":memory:");
  });
  after(() => engine.close());

  const shown = ({ line, column, code, value, message }: Problem) =>
    JSON.stringify([line, column, code, value, message]);

  async function byStream(file: string) {
    const problems: Problem[] = [];
    const stream = createReadStream(path.join(landing, file));
    const checked = await checkFile({
      table,
      businessDate: DATE,
      file,
      stream,
      sink: (problem) => problems.push(problem),
    });
    return { checked, found: problems.map(shown).sort() };
  }

  async function bySql(checked: CheckedFile) {
    const { file } = checked;
    await engine.run(
      `CREATE OR REPLACE TEMP VIEW ${rawRelation(table)} AS ${rawRows(table, landing, DATE, [checked])}`,
    );
    await engine.run(`CREATE OR REPLACE TEMP TABLE checked AS ${checkSql(table, duckdb)}`);
    const problems: Problem[] = [];
    const open = async () => createReadStream(path.join(landing, file));
    await engineProblems(engine, "checked", table, DATE, file, open, (problem) => problems.push(problem));
    const count = (where: string) => engine.value(`SELECT COUNT(*) FROM checked WHERE ${where}`).then(Number);
    return {
      found: problems.map(shown).sort(),
      rowsRead: await count("true"),
      rowsRejected: await count("_problems <> ''"),
    };
  }

  it("find the same lines, columns, values and codes in every file that can be read", async function () {
    if (process.env.FUZZ_RUNS === undefined) this.timeout("120s");
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 0, maxLength: 30 }), shape, async (rows, how) => {
        const file = how.gzip === "no" ? FILE : `${FILE}.gz`;
        writeFileSync(path.join(landing, file), bytesOf(rows, how));
        const { checked, found } = await byStream(file);
        // The engine never sees a file that is rejected as a whole.
        if (checked.verdict === "rejected") return;
        accepted += 1;
        const { rowsRead, rowsRejected } = checked;
        expect(await bySql(checked)).to.deep.equal({ found, rowsRead, rowsRejected });
      }),
      fuzz,
    );
    expect(accepted).to.be.greaterThan(Number(FUZZ_RUNS) / 4);
  });

  it("find the same sums, counts and columns where the engine alone says that all is right", async function () {
    if (process.env.FUZZ_RUNS === undefined) this.timeout("120s");
    const warehouse = scratch();
    let quick = 0;
    let doubtful = 0;
    const keyed = fc.uniqueArray(rightRow as fc.Arbitrary<Record<string, string>>, {
      minLength: 1,
      selector: (one) => `${Number(one.id)}|${one.day}`,
    });
    const rows = fc.oneof({ weight: 3, arbitrary: keyed }, { weight: 1, arbitrary: fc.array(row, { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(rows, shape, fc.boolean(), async (content, how, plain) => {
        const simple = {
          ...how,
          quoting: "needed",
          end: "\n",
          mark: false,
          gzip: "no",
          unended: false,
          fault: "none",
        } as const;
        const right = plain
          ? content.map((one) => ({ ...one, note: (one.note ?? "").replace(/[",\n]/g, "") }))
          : content;
        const bytes = bytesOf(right, plain ? simple : { ...how, gzip: "no" });
        writeFileSync(path.join(landing, FILE), bytes);
        const { checked, found } = await byStream(FILE);
        const stamp = stampOf(statSync(path.join(landing, FILE), { bigint: true }));
        const inPieces = await scanFile(pieces(bytes, 1 + (how.at % 50)), table);
        const scanned = new Map([[FILE, { ...inPieces, stamp }]]);
        const args = { engine, landing, warehouse, businessDate: DATE, runId: "fuzz", scanned };
        const file = { table: table.name, file: FILE, rows: checked.rowsRead, bytes: bytes.length };
        const alone = await loadAllRight(args, table, [file], 0);
        if (alone === null) {
          doubtful += 1;
          return;
        }
        quick += 1;
        expect(found).to.deep.equal([]);
        expect(alone.checked).to.deep.equal(checked);
      }),
      fuzz,
    );
    expect([quick, doubtful].every((count) => count > Number(FUZZ_RUNS) / 10)).to.equal(true);
  });

  it("find every repeated row, and a key only among rows that are right by themselves", async () => {
    const names = table.columnNames;
    const line = (id: string, place: string) =>
      names.map((name) => ({ id, day: "2020-01-10", place })[name] ?? "").join(",");
    const rows = [line("7", "x"), line("1", ""), line("7", "x"), line("01", ""), line("1", "y~|z"), line("2", "")];
    writeFileSync(path.join(landing, FILE), `${[names.join(","), ...rows].join("\n")}\n`);
    const { checked, found } = await byStream(FILE);
    expect(checked.problems.map(({ line, code, value }) => [line, code, value])).to.deep.equal([
      [2, "VALUE_NOT_DECIMAL", "x"],
      [3, "KEY_NOT_UNIQUE", "1|2020-01-10"],
      [4, "VALUE_NOT_DECIMAL", "x"],
      [5, "KEY_NOT_UNIQUE", "01|2020-01-10"],
      [6, "VALUE_NOT_DECIMAL", "y~|z"],
    ]);
    expect((await bySql(checked)).found).to.deep.equal(found);
  });
});
