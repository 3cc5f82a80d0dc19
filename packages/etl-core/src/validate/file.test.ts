import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { amount, date, defineTable, int, text } from "../contract/index.ts";
import { type CheckedFile, checkFile } from "./file.ts";

const table = defineTable({
  name: "visits",
  title: "Visits",
  description: "People through the door",
  grain: "one row per site and day",
  load: "delta",
  key: ["day", "site"],
  dated: { column: "day", lateness: 1 },
  tolerance: 0.5,
  columns: {
    day: date("Day").required(),
    site: int("Site").required(),
    paid: amount("Paid"),
    note: text("Note"),
  },
});

const check = (content: string | Buffer, more: Partial<Parameters<typeof checkFile>[0]> = {}): Promise<CheckedFile> =>
  checkFile({
    table,
    businessDate: "2020-01-02",
    file: "visits/dt=2020-01-02/visits_2020-01-02.csv",
    stream: Readable.from([Buffer.from(content)]),
    ...more,
  });

const found = ({ problems }: CheckedFile) =>
  problems.map(({ code, line, column, value }) => [code, line, column, value]);

describe("checkFile", () => {
  it("accepts a clean file in any order of columns and counts its rows", async () => {
    const result = await check("NOTE,paid,SITE,day\nx,1.50,1,2020-01-02\n,,2,2020-01-01\n");
    expect(result).to.include({
      verdict: "accepted",
      rowsRead: 2,
      rowsAccepted: 2,
      rowsRejected: 0,
      problemsOmitted: 0,
    });
    expect(result.columns).to.deep.equal(["note", "paid", "site", "day"]);
  });

  it("names line, column and value of each wrong value; the row counts once", async () => {
    const result = await check(
      'day,site,paid,note\n2020-01-02,1,1.50,"a\nb"\n2020-01-02,x,1.005,\n2020-01-02,3,0,\n2020-01-02,4,0,\n',
    );
    expect(found(result)).to.deep.equal([
      ["VALUE_NOT_INTEGER", 4, "site", "x"],
      ["VALUE_TOO_PRECISE", 4, "paid", "1.005"],
    ]);
    expect(result).to.include({ verdict: "accepted", rowsRead: 4, rowsAccepted: 3, rowsRejected: 1 });
  });

  it("rejects every row of a key that stands twice, also the first", async () => {
    const result = await check(
      "day,site,paid,note\n2020-01-02,1,1,\n2020-01-02,2,1,\n2020-01-02,1,2,\n2020-01-02,1,3,\n2020-01-02,3,,\n2020-01-02,4,,\n",
    );
    expect(found(result)).to.deep.equal([
      ["KEY_NOT_UNIQUE", 2, "day+site", "2020-01-02|1"],
      ["KEY_NOT_UNIQUE", 4, "day+site", "2020-01-02|1"],
      ["KEY_NOT_UNIQUE", 5, "day+site", "2020-01-02|1"],
    ]);
    expect(result).to.include({ rowsRead: 6, rowsAccepted: 3, rowsRejected: 3, verdict: "accepted" });
  });

  it("rejects the file when more rows are wrong than it tolerates", async () => {
    const result = await check("day,site,paid,note\n2020-01-02,1,a,\n2020-01-02,2,b,\n2020-01-02,3,1,\n");
    expect(result).to.include({ verdict: "rejected", rowsAccepted: 1, rowsRejected: 2 });
    expect(result.problems.find(({ code }) => code === "TOO_MANY_ROWS_REJECTED")?.message).to.equal(
      "2 of 3 rows are wrong (66.7 %); visits tolerates 50.0 %",
    );
  });

  it("lists the first hundred problems and counts the others", async () => {
    const rows = Array.from({ length: 130 }, (_, index) => `2020-01-02,${index},x,`);
    const result = await check(`day,site,paid,note\n${rows.join("\n")}\n`);
    // 130 values; the verdict on the file comes on top, and first.
    expect([result.problems.length, result.problemsOmitted]).to.deep.equal([101, 30]);
    expect(result.problems[0]).to.include({ code: "TOO_MANY_ROWS_REJECTED", line: null });
  });

  it("rejects a delta without a key in which every row occurs twice", async () => {
    const repeats = { ...table, key: null };
    const twice = "2020-01-02,1,1.00,\n2020-01-02,2,1.00,\n".repeat(2);
    const result = await check(`day,site,paid,note\n${twice}`, { table: repeats });
    expect([result.verdict, result.problems.map(({ code }) => code)]).to.deep.equal(["rejected", ["FILE_DOUBLED"]]);
    expect((await check(`day,site,paid,note\n${twice}2020-01-02,1,1.00,\n`, { table: repeats })).verdict).to.equal(
      "accepted",
    );
  });

  it("takes a header alone for a day without rows, but not for a table that comes whole", async () => {
    const empty = "day,site,paid,note\n";
    expect(await check(empty)).to.include({ verdict: "accepted", rowsRead: 0 });
    const snapshot = await check(empty, { table: { ...table, load: "snapshot" } });
    expect([snapshot.verdict, snapshot.problems[0]?.code]).to.deep.equal(["rejected", "SNAPSHOT_EMPTY"]);
  });

  const head = "day,site,paid,note\n";
  const row = "2020-01-02,1,,\n";
  const latin1 = (text: string) => Buffer.from(text, "latin1");
  const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();
  const utf32le = (text: string) =>
    Buffer.concat([...text].map((letter) => Buffer.from([letter.charCodeAt(0), 0, 0, 0])));
  type Wrong = readonly [content: string | Buffer, code: string, line: number | null, says?: string];
  const wrongFiles: Readonly<Record<string, Wrong>> = {
    "an empty file": ["", "FILE_EMPTY", null],
    "empty lines alone": ["\n\n", "FILE_EMPTY", null],
    "a missing column": ["day,site,paid\n", "HEADER_COLUMN_MISSING", 1],
    "an extra column": ["day,site,paid,note,colour\n", "HEADER_COLUMN_EXTRA", 1],
    "a column twice": ["day,site,paid,note,Site\n", "HEADER_COLUMN_TWICE", 1],
    semicolons: ["day;site;paid;note\n2020-01-02;1;;\n", "FILE_DELIMITER_WRONG", 1, "a semicolon"],
    tabs: [`${head.replaceAll(",", "\t")}`, "FILE_DELIMITER_WRONG", 1, "a tab"],
    "a short line": [`${head}2020-01-02,1\n${row}`, "FILE_ROW_RAGGED", 2],
    "a long line": [`${head}2020-01-02,1,,,\n`, "FILE_ROW_RAGGED", 2],
    "a short last line": [`${head}2020-01-02,1\n`, "FILE_ROW_RAGGED", 2],
    "a last line cut off": [`${head}${row}2020-01-02,1`, "FILE_TRUNCATED", 3, "2 fields, the header 4"],
    "a last character cut off": [Buffer.from(`${head}2020-01-02,1,,é`).subarray(0, -1), "FILE_TRUNCATED", 2],
    "an empty line inside": [`${head}\n${row}`, "FILE_ROW_RAGGED", 2, "empty"],
    "empty lines at the end": [`${head}${row}\n\n`, "FILE_ROW_RAGGED", 3, "empty"],
    "an open quote": [`${head}${row}2020-01-02,1,,"x\n`, "FILE_QUOTES_UNBALANCED", 3],
    "another line end before a wrong quote": [
      `${head}2020-01-02,1,,\r\n2020-01-02,2,,"x"\r\n`,
      "FILE_LINE_ENDS_MIXED",
      2,
    ],
    "a line without end": [`${head}${"x".repeat(3_000_000)}`, "FILE_ROW_TOO_LONG", 2],
    "no header": [`${row}2020-01-02,2,,\n`, "HEADER_MISSING", 1],
    "a title": [`Visits of January\n${head}${row}`, "HEADER_NOT_FIRST", 2],
    "a comment and an empty line": [`# as of today, 02:00\n\n${head}${row}`, "HEADER_NOT_FIRST", 3],
    "an empty line first": [`\n${head}${row}`, "HEADER_NOT_FIRST", 2],
    "a comment with as many fields": [`a,b,c,d\n${row}${head}${row}`, "HEADER_NOT_FIRST", 3],
    "two exports in one": [`${head}${row}${head}${row}`, "HEADER_REPEATED", 3],
    "two exports with another order": [`${head}${row}NOTE,paid,site,DAY\n`, "HEADER_REPEATED", 3],
    "two exports, an empty line between": [`${head}${row}\n${head}${row}`, "HEADER_REPEATED", 4],
    "another table after it": [`${head}${row}site,name\n1,North\n`, "FILE_SEVERAL_TABLES", 3],
    "another table after an empty line": [`${head}${row}\nsite,name\n1,North\n`, "FILE_SEVERAL_TABLES", 4],
    "another table as wide": [`${head}${row}site_id,name_en,name_fr,zone\n`, "FILE_SEVERAL_TABLES", 3],
    "Latin-1": [latin1(`${head}2020-01-02,1,,café\n`), "FILE_NOT_UTF8", 2, "byte 18 of the line, 0xE9"],
    "Windows-1252": [latin1(`${head}2020-01-02,1,,5 \x80\n`), "FILE_NOT_UTF8", 2, 'Windows-1252, where it is "€"'],
    "UTF-16 with a mark": [Buffer.from(`\ufeff${head}`, "utf16le"), "FILE_NOT_UTF8", null, "UTF-16LE"],
    "UTF-16 without one": [Buffer.from(head, "utf16le"), "FILE_NOT_UTF8", null, "UTF-16LE without"],
    "big-endian UTF-16": [utf16be(`\ufeff${head}`), "FILE_NOT_UTF8", null, "UTF-16BE"],
    "big-endian UTF-16 without a mark": [utf16be(head), "FILE_NOT_UTF8", null, "UTF-16BE without"],
    "UTF-32": [Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), utf32le(head)]), "FILE_NOT_UTF8", null, "UTF-32LE"],
    "UTF-32 without a mark": [utf32le(head), "FILE_NOT_UTF8", null, "UTF-32LE without"],
    "a NUL": [`${head}2020-01-02,1,,a\0b\n`, "FILE_BINARY", 2, "byte 16"],
    Parquet: [latin1("PAR1\x15\x04\x15\x10"), "FILE_BINARY", null, "a Parquet file"],
    "an Excel workbook": [latin1("PK\x03\x04\x14\0\x06\0[Content_Types].xml"), "FILE_BINARY", null, "Excel"],
    "a ZIP": [latin1("PK\x03\x04\x14\0\0\0visits.csv"), "FILE_BINARY", null, "a ZIP file"],
    "gzip under a plain name": [gzipSync(head), "FILE_BINARY", null, "name it .csv.gz"],
  };
  for (const [title, [content, code, line, says = ""]] of Object.entries(wrongFiles)) {
    it(`rejects ${title} as ${code}, however the bytes arrive`, async () => {
      const bytes = Buffer.from(content);
      const halves = [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)];
      const small = bytes.length < 1000 ? [...bytes].map((byte) => Buffer.from([byte])) : halves;
      for (const stream of [[bytes], halves, small].map((pieces) => Readable.from(pieces))) {
        const result = await check("", { stream });
        expect([result.verdict, result.problems.map((problem) => [problem.code, problem.line])]).to.deep.equal([
          "rejected",
          [[code, line]],
        ]);
        expect(result.problems[0]?.message).to.contain(says);
      }
    });
  }

  const rightFiles: Readonly<Record<string, string>> = {
    "a replacement character of its own": `${head}2020-01-02,1,,"\ufffd"\n`,
    "values that are column names": `${head}2020-01-02,1,,note\n2020-01-02,2,,day\n`,
    "a last line without its end": `${head}2020-01-02,1,,x`,
    "a header that is quoted": `"day","site","paid","note"\r\n2020-01-02,1,,"a\nb"\r\n`,
  };
  for (const [title, content] of Object.entries(rightFiles)) {
    it(`takes ${title}`, async () => {
      expect(found(await check(content))).to.deep.equal([]);
    });
  }

  it("takes a row of wrong words for a row, not for a header", async () => {
    const all = { ...table, tolerance: 1 };
    const result = await check(`${head}today,here,much,note\n`, { table: all });
    expect(result.problems.map(({ code }) => code)).to.deep.equal([
      "VALUE_NOT_DATE",
      "VALUE_NOT_INTEGER",
      "VALUE_NOT_DECIMAL",
    ]);
  });

  it("says once that a column is missing, not again for every row", async () => {
    const result = await check("day,paid,note\n2020-01-02,1,\n2020-01-02,2,\n");
    expect(found(result)).to.deep.equal([["HEADER_COLUMN_MISSING", 1, "site", null]]);
  });

  it("reads gzip, and says so when it is cut off", async () => {
    const zipped = gzipSync("day,site,paid,note\n2020-01-02,1,,\n");
    const file = "visits/dt=2020-01-02/visits_2020-01-02.csv.gz";
    expect(await check(zipped, { file })).to.include({ verdict: "accepted", rowsRead: 1 });
    expect(await check(Buffer.concat([zipped, gzipSync("2020-01-02,2,,\n")]), { file })).to.include({ rowsRead: 2 });
    const broken: Readonly<Record<string, readonly [Buffer, string]>> = {
      "cut off": [zipped.subarray(0, zipped.length - 10), "cut off"],
      "junk behind it": [Buffer.concat([zipped, Buffer.from("junk")]), "follow the end"],
      "padded with NULs": [Buffer.concat([zipped, Buffer.alloc(7)]), "7 bytes"],
      "a second member cut off": [Buffer.concat([zipped, zipped.subarray(0, 14)]), "cut off"],
      "no gzip": [Buffer.from(head), "it is no gzip file"],
      "a byte changed": [
        Buffer.from(zipped.map((byte, index) => (index === 20 ? byte ^ 255 : byte))),
        "cannot be read",
      ],
    };
    for (const [title, [content, says]] of Object.entries(broken)) {
      for (const pieces of [[content], [...content].map((byte) => Buffer.from([byte]))]) {
        const result = await check("", { file, stream: Readable.from(pieces) });
        expect([result.verdict, result.problems[0]?.code], title).to.deep.equal(["rejected", "FILE_GZIP_BROKEN"]);
        expect(result.problems[0]?.message, title).to.contain(says);
      }
    }
    const twice = await check(gzipSync(zipped), { file });
    expect(twice.problems[0]).to.include({ code: "FILE_BINARY" });
    expect(twice.problems[0]?.message).to.contain("compressed twice");
    expect((await check("", { file })).problems.map(({ code }) => code)).to.deep.equal(["FILE_EMPTY"]);
  });

  it("takes a web stream, zipped as well", async () => {
    const content = Buffer.from("day,site,paid,note\n2020-01-02,1,,\n");
    const stream = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]).stream();
    expect(await check("", { stream: stream(content) })).to.include({ verdict: "accepted", rowsRead: 1 });
    const file = "visits/dt=2020-01-02/visits_2020-01-02.csv.gz";
    expect(await check("", { file, stream: stream(gzipSync(content)) })).to.include({
      verdict: "accepted",
      rowsRead: 1,
    });
  });

  it("ignores a byte order mark, also when bytes arrive one by one", async () => {
    const bytes = Buffer.from("\ufeffday,site,paid,note\n2020-01-02,1,,é\n");
    const result = await check("", { stream: Readable.from([...bytes].map((byte) => Buffer.from([byte]))) });
    expect(result).to.include({ verdict: "accepted", rowsRead: 1 });
  });

  it("compares rows, bytes and SHA-256 with the manifest", async () => {
    const content = "day,site,paid,note\n2020-01-02,1,,\n";
    const sha256 = createHash("sha256").update(content).digest("hex");
    const expected = { rows: 1, bytes: content.length, sha256 };
    expect((await check(content, { expected })).verdict).to.equal("accepted");
    const other = { rows: 2, bytes: 3, sha256: "0".repeat(64) };
    const result = await check(content, { expected: other });
    expect(result.problems.map(({ code }) => code)).to.deep.equal(["BYTES_DIFFER", "SHA256_DIFFERS", "ROWS_DIFFER"]);
    expect(result.verdict).to.equal("rejected");
  });

  it("passes on the error of a stream that cannot be read: that is no fault of the file", async () => {
    const stream = new Readable({
      read() {
        this.destroy(new Error("connection reset"));
      },
    });
    const error = await check("", { stream }).then(
      () => null,
      (caught: Error) => caught,
    );
    expect(error?.message).to.equal("connection reset");
    const zipped = new Readable({
      read() {
        this.destroy(new Error("connection reset"));
      },
    });
    const file = "visits/dt=2020-01-02/visits_2020-01-02.csv.gz";
    expect(
      (
        await check("", { stream: zipped, file }).then(
          () => null,
          (caught: Error) => caught,
        )
      )?.message,
    ).to.equal("connection reset");
  });
});
