import { Readable } from "node:stream";
import { expect } from "chai";
import fc from "fast-check";
import { amount, bigint, boolean, date, defineTable, int, numeric, text } from "../contract/index.ts";
import { checkFile } from "./file.ts";
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
  note: ["x", "é€😀", "day", "note"],
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
];

type Row = Readonly<Record<string, string>>;
const rightRow = (names: readonly string[]): fc.Arbitrary<Row> =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...right[name as keyof typeof right])])));
const anyRow = (names: readonly string[]) =>
  fc
    .tuple(rightRow(names), fc.nat(2 * names.length), fc.constantFrom(...other))
    .map(([row, at, value]) => (at < names.length ? { ...row, [names[at] ?? ""]: value } : row));

const file = { businessDate: "2020-01-10", file: "mixed.csv" };

describe("rows as bytes", () => {
  for (const [title, table] of Object.entries({ "repeats as data": repeats, keys: keyed, "texts alone": texts })) {
    it(`are judged as the same rows as texts are, in a table with ${title}`, () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(anyRow(table.columnNames), { maxLength: 12 }),
          fc.shuffledSubarray([...table.columnNames], { minLength: table.columnNames.length }),
          fc.constantFrom("\n", "\r\n"),
          fc.boolean(),
          async (some, order, end, twice) => {
            const rows = twice ? [...some, ...some] : some;
            const check = async (quote: string) => {
              const lines = rows.map((row) => order.map((name) => `${quote}${row[name]}${quote}`).join(","));
              const content = Buffer.from([order.join(","), ...lines].map((line) => line + end).join(""));
              const stream = Readable.from([content]);
              const { bytes, sha256, contentSha256, ...checked } = await checkFile({ ...file, table, stream });
              // What is shown of a line that is out of place is shown without its quotes.
              return checked;
            };
            // A quoted field is never plain.
            expect(await check("")).to.deep.equal(await check('"'));
          },
        ),
        { numRuns: 300 },
      ));
  }

  it("are taken wherever they are right", () =>
    fc.assert(
      fc.property(fc.array(rightRow(repeats.columnNames)), fc.constantFrom("\n", "\r\n"), (rows, lineEnd) => {
        const checker = rowChecker(repeats, "2020-01-10", repeats.columnNames, () => expect.fail("a fault was found"));
        const lines = rows.map((row) => repeats.columnNames.map((name) => row[name]).join(",") + lineEnd);
        const bytes = Buffer.from(lines.join(""));
        expect(checker.plain.scan(bytes, 0, bytes.length, 2, lineEnd)).to.equal(rows.length);
        expect([checker.plain.at(), checker.counts().rowsRead]).to.deep.equal([bytes.length, rows.length]);
      }),
    ));
});
