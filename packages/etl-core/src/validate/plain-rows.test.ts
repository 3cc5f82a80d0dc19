import { Readable } from "node:stream";
import { expect } from "chai";
import fc from "fast-check";
import { amount, bigint, boolean, date, defineTable, int, numeric, type Table, text } from "../contract/index.ts";
import { fileRows } from "./file-rows.ts";
import { keyColumns } from "./key-parts.ts";
import { keyIndex } from "./keys.ts";
import { readRows } from "./reader.ts";
import type { Problem } from "./report.ts";
import { rowChecker } from "./rows.ts";

const columns = {
  id: int("Id").required().between(-5, 2000000000),
  day: date("Day").required(),
  big: bigint("Big"),
  money: amount("Money").between("-100.00", "100.00"),
  place: numeric(6)("Place"),
  count: numeric(0)("Count"),
  flag: boolean("Flag"),
  step: int("Step").oneOf(0, 1),
  other: date("Other day"),
  kind: text("Kind").oneOf("a", "b"),
  code: text("Code").matching("[^a-y]|[A-Z]{2,3}"),
  note: text("Note").required(),
};
const base = {
  name: "mixed",
  title: "Mixed",
  description: "All types",
  grain: "a row",
  load: "delta",
  tolerance: 1,
} as const;
const repeats = defineTable({ ...base, columns, dated: { column: "day", lateness: 3 } });
const keyed = defineTable({
  ...base,
  columns,
  key: ["day", "id", "note"],
  rules: [
    {
      description: "step is 1 where kind is b",
      column: "step",
      sql: "kind <> 'b' OR step = 1",
      holds: (of) => of("kind") !== "b" || of("step") === "" || Number(of("step")) === 1,
    },
  ],
});
const texts = defineTable({ ...base, columns: { code: columns.code, note: columns.note } });

/** In their plainest form. */
const right = {
  id: ["-5", "0", "1", "7", "007", "2000000000"],
  day: ["2020-01-10", "2020-01-07"],
  big: ["", "123456789012345", "-1"],
  money: ["", "0", "-100.00", "100.00", "99.9", "1.50"],
  place: ["", "12.345678", "-0.5", "123456789.123456"],
  count: ["", "12"],
  flag: ["", "true", "FALSE", "0", "1", "tRuE"],
  step: ["", "0", "1", "01"],
  other: ["", "2016-02-29", "9999-12-31", "1000-01-01"],
  kind: ["", "a", "b"],
  code: ["", "é", "AB", "ABC"],
  note: ["x", "é€😀", "day", "note", "a,b"],
} as const;
/** Right in another form, wrong, or wrong in another column. */
const other = [
  ...["", " ", "-", "-0", "-00", "+1", "1.", ".5", "1.500", "1.005", "1.0", "12.50", "100.01", "-100.01", "1e3", "0x1"],
  ...[
    "2000000001",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "1234567890123456",
    "00000000000000001",
  ],
  ...["2020-01-06", "2020-01-11", "2020-02-30", "1900-02-29", "2020-00-10", "2020-13-01", "2020-01-00", "0999-01-01"],
  ...["2020-1-07", "20200110", "2020-01-10 ", "2020-01-10T00", "truex", "t", "yes", "2", "A", "c", "abc", "１"],
  ...["x\ny", 'say "no"', '"', "a,", ","],
];

type Row = Readonly<Record<string, string>>;
const rightRow = (names: readonly string[]): fc.Arbitrary<Row> =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...right[name as keyof typeof right])])));
const anyRow = (names: readonly string[]) =>
  fc
    .tuple(rightRow(names), fc.nat(2 * names.length), fc.constantFrom(...other))
    .map(([row, at, value]) => (at < names.length ? { ...row, [names[at] ?? ""]: value } : row));

const DATE = "2020-01-10";
const lineEnds = fc.constantFrom("\n", "\r\n");

/** What comes of the rows of a file, looked at as bytes where they are plain, or each as texts. */
async function judge(table: Table, content: string, asBytes: boolean) {
  const problems: Problem[] = [];
  const keys = table.key === null ? null : keyIndex(keyColumns(table));
  const tell = (problem: Problem) => problems.push(problem);
  const rows = fileRows(table, DATE, keys?.file("a") ?? null, tell, tell);
  const taker = { take: rows.take, plain: asBytes ? rows.plain : () => null };
  const facts = { bytes: 0, sha256: "", contentSha256: "" };
  const fault = await readRows(Readable.from([Buffer.from(content)]), false, facts, taker).then(
    () => rows.end(),
    (error) => error,
  );
  keys?.close();
  // Keys that stand twice are told in no order.
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { problems, fault, counts: rows.counts() };
}

describe("rows as bytes", () => {
  for (const [title, table] of Object.entries({ "repeats as data": repeats, keys: keyed, "texts alone": texts })) {
    it(`are judged as the same rows as texts are, in a table with ${title}`, () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(anyRow(table.columnNames), { maxLength: 12 }),
          fc.shuffledSubarray([...table.columnNames], { minLength: table.columnNames.length }),
          lineEnds,
          fc.infiniteStream(fc.constantFrom("", "", "", '"')),
          fc.boolean(),
          async (some, order, end, quotes, twice) => {
            // The same rows again, quoted in other places, or not.
            const rows = twice ? [...some, ...some] : some;
            const quoted = (value: string) => {
              const quote = /[",\n]/.test(value) ? '"' : (quotes.next().value ?? "");
              return `${quote}${quote === "" ? value : value.replaceAll('"', '""')}${quote}`;
            };
            const lines = rows.map((row) => order.map((name) => quoted(row[name] ?? "")).join(","));
            const content = [order.join(","), ...lines].map((line) => line + end).join("");
            expect(await judge(table, content, true)).to.deep.equal(await judge(table, content, false));
          },
        ),
        { numRuns: 400 },
      ));
  }

  it("are taken wherever they are right", () =>
    fc.assert(
      fc.property(
        fc.array(rightRow(repeats.columnNames)),
        lineEnds,
        fc.constantFrom("", '"'),
        (some, lineEnd, quote) => {
          const rows = quote === "" ? some.filter(({ note }) => note !== "a,b") : some;
          const checker = rowChecker(repeats, DATE, repeats.columnNames, () => expect.fail("a fault was found"));
          const lines = rows.map(
            (row) => repeats.columnNames.map((name) => quote + row[name] + quote).join(",") + lineEnd,
          );
          const bytes = Buffer.from(lines.join(""));
          expect(checker.plain.scan(bytes, 0, bytes.length, 2, lineEnd)).to.equal(rows.length);
          expect([checker.plain.at(), checker.counts().rowsRead]).to.deep.equal([bytes.length, rows.length]);
        },
      ),
    ));
});
