/**
 * A table in several files: random parts of random rows, plain or compressed, of a day or of all days, with columns that the
 * contract does not know. What the checks of the date must say is worked out here once more, row by row; where they accept,
 * the check SQL must find the same faults with the same lines, and the stored rows keep what is kept.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { amount, type Dataset, date, defineTable, int, type Table, text } from "@sales-etl/etl-core/contract";
import { addDays, manifestKey } from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { rawRelation } from "@sales-etl/etl-core/sql";
import { checkDate, type Problem } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import fc from "fast-check";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";
import { checkedRows, rawRows } from "../src/engine/load.ts";
import { addFault, type FaultSum, judgedProblems } from "../src/engine/rejects.ts";
import { scratch } from "./support/command.ts";
import { rideData } from "./support/rides.ts";

const DATE = "2020-01-10";
const LATENESS = 3;

interface Kind {
  readonly keyed: boolean;
  readonly load: "delta" | "cumulative";
  readonly drift: "reject" | "ignore" | "keep";
}

const tableOf = ({ keyed, load, drift }: Kind): Table =>
  defineTable({
    ...{ name: "parted", title: "Parted", description: "Rows in parts", grain: "one row per id and day" },
    ...{ load, drift, tolerance: 1, dated: { column: "day", lateness: LATENESS } },
    ...(keyed ? { key: ["id", "day"] as const } : {}),
    columns: {
      id: int("Id").required(),
      day: date("Day").required(),
      paid: amount("Paid"),
      note: text("Note"),
    },
  });

/** Each with whether it is right, by hand; a day is right by its distance from the file's. */
const ids = { "1": true, "01": true, "2": true, "3": true, "-4": true, "+5": false, "": false, x: false };
const paids = { "": true, "1.5": true, "1.50": true, "-0.01": true, "1.005": false, "1e3": false };
const notes = ["", "a,b", 'say "no"', "~|", "two\nlines"];
const ages = [-1, 0, 1, LATENESS, LATENESS + 1, 400];

interface PartRow {
  readonly id: string;
  readonly day: string;
  readonly paid: string;
  readonly note: string;
  readonly extra: string;
}

const partRow: fc.Arbitrary<PartRow> = fc.record({
  // Nearly all rows are right, so that keys and whole files come to their turn.
  id: fc.oneof({ weight: 8, arbitrary: fc.constantFrom("1", "01", "2", "3", "-4") }, fc.constantFrom("+5", "", "x")),
  day: fc
    .oneof({ weight: 8, arbitrary: fc.constantFrom(0, 1, LATENESS) }, fc.constantFrom(...ages))
    .map((age) => addDays(DATE, -age)),
  paid: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("", "1.5", "1.50", "-0.01") },
    fc.constantFrom("1.005", "1e3"),
  ),
  note: fc.constantFrom(...notes),
  extra: fc.constantFrom("", "7", 'q"\\', "ß\n"),
});

const part = fc.record({
  rows: fc.array(partRow, { maxLength: 5 }),
  order: fc.shuffledSubarray(["id", "day", "paid", "note", "extra"], { minLength: 5 }),
  known: fc.boolean(),
  gzip: fc.boolean(),
  end: fc.constantFrom("\n", "\r\n"),
  /** Every row once more: an export that ran twice into one file. */
  twice: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
});
type Part = typeof part extends fc.Arbitrary<infer T> ? T : never;

/** Some times the first part comes once more, with its rows in another order. */
const someParts = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 3 }))
  .map(([parts, again]) => {
    const [first] = parts;
    if (again > 0 || first === undefined) return parts;
    return [...parts, { ...first, rows: first.rows.toReversed(), gzip: !first.gzip, end: "\n" as const }];
  });

const kind: fc.Arbitrary<Kind> = fc.record({
  keyed: fc.boolean(),
  load: fc.constantFrom("delta", "cumulative"),
  drift: fc.constantFrom("reject", "ignore", "keep"),
});

const contentOf = ({ rows, order, known, end, twice }: Part): string => {
  const names = order.filter((name) => !known || name !== "extra");
  const quote = (one: string) => (/[",\n]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one);
  const lines = (twice ? [...rows, ...rows] : rows).map((row) =>
    names.map((name) => quote(row[name as keyof PartRow])),
  );
  return `${[names, ...lines].map((line) => line.join(",")).join(end)}${end}`;
};

const isRight = ({ id, day, paid }: PartRow, { load }: Kind): boolean =>
  ids[id as keyof typeof ids] &&
  paids[paid as keyof typeof paids] &&
  day <= DATE &&
  (load === "cumulative" || day >= addDays(DATE, -LATENESS));

/** The codes of whole files and of the date that the parts must be refused with; none: they are accepted. */
function refusals(parts: readonly Part[], of: Kind): Set<string> {
  const codes = new Set<string>();
  const contents = parts.map(contentOf);
  // The same rows in another order, and with other line ends.
  const sameRows = parts.map(({ rows, order, known, twice }) => {
    const names = order.filter((name) => !known || name !== "extra");
    const lines = (twice ? [...rows, ...rows] : rows).map((row) => names.map((name) => row[name as keyof PartRow]));
    return JSON.stringify([names, lines.map((line) => JSON.stringify(line)).sort()]);
  });
  const seen = new Map<string, number>();
  for (const [index, one] of parts.entries()) {
    if (of.drift === "reject" && !one.known) codes.add("HEADER_COLUMN_EXTRA");
    const rows = one.twice ? [...one.rows, ...one.rows] : one.rows;
    const first = of.keyed ? contents.indexOf(contents[index] ?? "") : sameRows.indexOf(sameRows[index] ?? "");
    if (rows.length > 0 && first < index) codes.add("FILE_REPEATED");
    const texts = rows.map((row) => JSON.stringify(one.known ? { ...row, extra: "" } : row));
    const odd = texts.some((line) => texts.filter((other) => other === line).length % 2 === 1);
    if (!of.keyed && rows.length > 0 && !odd) codes.add("FILE_DOUBLED");
    for (const row of of.keyed ? rows.filter((candidate) => isRight(candidate, of)) : []) {
      const key = `${BigInt(row.id)} ${row.day}`;
      if ((seen.get(key) ?? index) !== index) codes.add("KEY_IN_TWO_FILES");
      seen.set(key, seen.get(key) ?? index);
    }
  }
  return codes;
}

const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const fuzz = {
  numRuns: FUZZ_RUNS === undefined ? 60 : Math.ceil(Number(FUZZ_RUNS) / 4),
  ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }),
};

describe("a table in several files", () => {
  const folder = scratch();
  const landing = folderLanding(folder);
  let engine: Engine;
  before(async () => {
    engine = await openEngine(":memory:");
  });
  after(() => engine.close());

  /** Writes the parts and a manifest that says what is there. */
  function land(parts: readonly Part[]): void {
    rmSync(path.join(folder, "parted"), { recursive: true, force: true });
    const files = parts.map((one, index) => {
      const number = parts.length === 1 ? "" : `.part${index + 1}`;
      const file = `parted/dt=${DATE}/parted_${DATE}${number}.csv${one.gzip ? ".gz" : ""}`;
      const content = Buffer.from(contentOf(one));
      const bytes = one.gzip ? gzipSync(content) : content;
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), bytes);
      return { table: "parted", file, rows: one.rows.length * (one.twice ? 2 : 1), bytes: bytes.length };
    });
    const manifest = path.join(folder, manifestKey(DATE));
    mkdirSync(path.dirname(manifest), { recursive: true });
    writeFileSync(manifest, JSON.stringify({ version: 1, businessDate: DATE, files }));
  }

  it("is judged as its rows are, by the stream and by the SQL", async function () {
    this.timeout(FUZZ_RUNS === undefined ? "2m" : 0);
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(someParts, kind, async (parts, of) => {
        const table = tableOf(of);
        const dataset: Dataset = { ...rideData, tables: [table] };
        land(parts);
        const found: string[] = [];
        const told = (file: string, { line, column, code, value, message }: Problem) =>
          JSON.stringify([file, line, column, code, value, message]);
        const { report, files } = await checkDate({
          ...{ dataset, landing, businessDate: DATE },
          onProblem: (_, file, problem) => found.push(told(file, problem)),
        });
        const wanted = refusals(parts, of);
        const whole = ["HEADER_COLUMN_EXTRA", "FILE_REPEATED", "FILE_DOUBLED", "KEY_IN_TWO_FILES"];
        const codes = report.files.flatMap(({ problems }) => problems.map(({ code }) => code));
        expect([...new Set(codes.filter((code) => whole.includes(code)))].sort()).to.deep.equal([...wanted].sort());
        expect(report.verdict).to.equal(wanted.size === 0 ? "accepted" : "rejected");
        for (const { rowsRead, rowsAccepted, rowsRejected } of report.files)
          expect(rowsAccepted + rowsRejected).to.equal(rowsRead);
        if (wanted.size > 0) {
          refused += 1;
          return;
        }
        accepted += 1;
        await engine.run(`CREATE OR REPLACE TEMP VIEW ${rawRelation(table)} AS ${rawRows(table, folder, DATE, files)}`);
        await engine.run(`CREATE OR REPLACE TEMP TABLE checked AS ${checkedRows(table)}`);
        const bySql: string[] = [];
        await judgedProblems(
          {
            ...{ engine, relation: "checked", table, businessDate: DATE },
            ...{ files: files.map(({ file }) => file), open: (file) => landing.open(file) },
          },
          (file, problem) => bySql.push(told(file, problem)),
        );
        expect(bySql.sort()).to.deep.equal(found.sort());
        if (of.drift !== "keep") return;
        const stored = await engine.rows("SELECT note, extra_columns FROM checked WHERE _problems = ''");
        const kept = parts.flatMap((one) => {
          const rows = one.twice ? [...one.rows, ...one.rows] : one.rows;
          const keyCount = (row: PartRow) =>
            rows.filter((other) => isRight(other, of) && BigInt(other.id) === BigInt(row.id) && other.day === row.day)
              .length;
          return rows
            .filter((row) => isRight(row, of) && (!of.keyed || keyCount(row) === 1))
            .map(({ note, extra }) => [
              note === "" ? null : note,
              one.known || extra === "" ? null : JSON.stringify({ extra }),
            ]);
        });
        const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();
        expect(sorted(stored.map(({ note, extra_columns }) => [note, extra_columns]))).to.deep.equal(sorted(kept));
      }),
      fuzz,
    );
    expect(Math.min(accepted, refused)).to.be.greaterThan(fuzz.numRuns / 10);
  });
});

describe("the sum of a file's faults", () => {
  const fault = (line: number, value: string): Problem => ({
    ...{ code: "VALUE_NOT_INTEGER", line, column: "id", value, message: "" },
  });
  const sumOf = (...faults: readonly Problem[]) => {
    const sums = new Map<string, FaultSum>();
    for (const one of faults) addFault(sums, "a.csv", one);
    return sums.get("a.csv");
  };

  it("is the same in whatever order, and another one for another line, value or number of them", () => {
    const [a, b] = [fault(2, "x"), fault(3, "y")];
    expect(sumOf(a, b)).to.deep.equal(sumOf(b, a));
    for (const others of [[a, fault(4, "y")], [a, fault(3, "z")], [a], [a, b, b, b]]) {
      expect(sumOf(...others)?.sum, JSON.stringify(others)).not.to.equal(sumOf(a, b)?.sum);
    }
    expect(sumOf(a, a)?.count).to.equal(2);
  });
});
