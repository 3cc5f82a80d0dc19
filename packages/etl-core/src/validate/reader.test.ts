import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { expect } from "chai";
import fc from "fast-check";
import Papa from "papaparse";
import type { CsvRow } from "./csv.ts";
import { type PlainRows, readRows } from "./reader.ts";

async function read(source: AsyncIterable<Uint8Array>, plain: PlainRows | null): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const facts = { bytes: 0, sha256: "", contentSha256: "" };
  await readRows(source, false, facts, { take: (row) => rows.push(row), plain: () => plain });
  return rows;
}

/** Looks at rows as bytes and takes none: each is split at its commas. */
const takesNone = (): PlainRows => {
  let at = 0;
  return {
    scan(_bytes, from) {
      at = from;
      return 0;
    },
    at: () => at,
  };
};

const cutAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, index) => bytes.subarray(at[index], to));
};

describe("readRows", () => {
  const field = fc.string({ unit: fc.constantFrom("a", "7", " ", "é", "😀", "\ufeff"), maxLength: 4 });
  const quoted = fc
    .string({ unit: fc.constantFrom("a", '"', ",", "\n", "é"), maxLength: 4 })
    .map((one) => `"${one.replaceAll('"', '""')}"`);
  const rows = (one: fc.Arbitrary<string>) => fc.array(fc.array(one, { minLength: 2, maxLength: 3 }), { minLength: 1 });
  const end = fc.constantFrom("\n", "\r\n");
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });

  it("reads lines without quotes as papaparse does, wherever the bytes are cut", () =>
    fc.assert(
      fc.asyncProperty(rows(field), end, cuts, fc.boolean(), async (data, newline, at, isUnended) => {
        const text = `h${newline}${data.map((row) => row.join(",")).join(newline)}${isUnended ? "" : newline}`;
        const { data: expected } = Papa.parse<string[]>(text, { delimiter: ",", newline });
        if (!isUnended) expected.pop();
        const read1 = await read(Readable.from(cutAt(Buffer.from(text), at)), takesNone());
        expect(read1.map(({ fields }) => fields)).to.deep.equal(expected);
        expect(read1.map(({ line }) => line)).to.deep.equal(expected.map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    ));

  it("reads lines with quotes among others as papaparse does", () =>
    fc.assert(
      fc.asyncProperty(rows(fc.oneof(field, quoted)), end, cuts, async (data, newline, at) => {
        const text = `h${newline}${data.map((row) => row.join(",")).join(newline)}${newline}`;
        const { data: expected } = Papa.parse<string[]>(text, { delimiter: ",", newline });
        expected.pop();
        for (const plain of [null, takesNone()]) {
          const found = await read(Readable.from(cutAt(Buffer.from(text), at)), plain);
          expect(found.map(({ fields }) => fields)).to.deep.equal(expected);
          const lines = found.map(({ line }) =>
            text
              .split("\n")
              .slice(0, line - 1)
              .join("\n"),
          );
          // Before the physical line of each row stand the rows before it.
          const before = expected.map((_, index) => Papa.parse(lines[index] ?? "", { delimiter: ",", newline }).data);
          expect(before.map((some) => some.length)).to.deep.equal(expected.map((_, index) => index));
        }
      }),
      { numRuns: 300 },
    ));

  it("takes a web stream, and cancels it where a fault ends the reading", async () => {
    const chunks = ["a,b\n1,", `${"2".repeat(100)}\n`, "3,", "\0\n", "4,5\n"].map((text) =>
      new TextEncoder().encode(text),
    );
    let cancelled = false;
    const stream = () =>
      new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const chunk = chunks.shift();
            if (chunk === undefined) controller.close();
            else controller.enqueue(chunk);
          },
          cancel() {
            cancelled = true;
          },
        },
        { highWaterMark: 0 },
      );
    const error = await read(stream(), null).then(
      () => expect.fail("no fault was found"),
      (fault) => fault,
    );
    expect(error).to.include({ code: "FILE_BINARY", line: 3 });
    expect(cancelled).to.equal(true);
  });

  it("holds what it has not read yet in one place, however large a piece is", async () => {
    const line = `${"x".repeat(1000)}\n`;
    const rows = await read(Readable.from([Buffer.from(line.repeat(2000)), Buffer.from("y,z")]), takesNone());
    expect(rows.length).to.equal(2001);
    expect(rows.at(-1)).to.deep.equal({ line: 2001, fields: ["y", "z"], unended: true });
  });
});
