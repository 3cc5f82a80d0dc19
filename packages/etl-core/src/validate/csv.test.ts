import { expect } from "chai";
import fc from "fast-check";
import { type CsvRow, csvParser } from "./csv.ts";
import { FileFault } from "./fault.ts";

async function read(...texts: readonly string[]): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const parser = csvParser();
  for (const text of texts) parser.push(text, (row) => rows.push(row));
  parser.end((row) => rows.push(row));
  return rows;
}

const fault = (promise: Promise<unknown>): Promise<FileFault> =>
  promise.then(
    () => expect.fail("no fault was found"),
    (error) => error,
  );

describe("csvParser", () => {
  it("counts physical lines, also through line ends inside quotes", async () => {
    expect(await read('a,b\n1,"x\ny\nz"\n2,w\n')).to.deep.equal([
      { line: 1, fields: ["a", "b"] },
      { line: 2, fields: ["1", "x\ny\nz"] },
      { line: 5, fields: ["2", "w"] },
    ]);
  });

  it("reads CRLF, doubled quotes and a last line without its end", async () => {
    expect((await read('a,b\r\n"say ""no""",2')).map(({ fields }) => fields)).to.deep.equal([
      ["a", "b"],
      ['say "no"', "2"],
    ]);
  });

  it("gives an empty line inside as a row of one empty field, and none for the end", async () => {
    expect((await read("a,b\n\n1,2\n")).map(({ line, fields }) => [line, fields.length])).to.deep.equal([
      [1, 2],
      [2, 1],
      [3, 2],
    ]);
  });

  it("says where a quote is not closed", async () => {
    const error = await fault(read('a,b\n1,2\n3,"x\n4,5\n'));
    expect(error).to.be.instanceOf(FileFault);
    expect(error).to.include({ code: "FILE_QUOTES_UNBALANCED", line: 3 });
  });

  it("gives the same rows wherever the text is cut", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", "7", " ", "é", '"', ",", "\n", "\r\n"), maxLength: 6 });
    const rows = fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 8 });
    const newline = fc.constantFrom("\n", "\r\n");
    await fc.assert(
      fc.asyncProperty(rows, newline, fc.array(fc.nat(60), { maxLength: 5 }), async (data, end, cuts) => {
        const text =
          [["h1", "h2"], ...data].map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join(end) +
          end;
        const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const texts = at.slice(1).map((to, index) => text.slice(at[index], to));
        expect((await read(...texts)).map(({ fields }) => fields)).to.deep.equal([["h1", "h2"], ...data]);
      }),
      { numRuns: 300 },
    );
  });
});
