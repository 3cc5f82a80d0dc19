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

  const wrongFiles: Readonly<Record<string, readonly [content: string | Buffer, code: string, line: number | null]>> = {
    "an empty file": ["", "FILE_EMPTY", null],
    "a missing column": ["day,site,paid\n", "HEADER_COLUMN_MISSING", 1],
    "an extra column": ["day,site,paid,note,colour\n", "HEADER_COLUMN_EXTRA", 1],
    "a column twice": ["day,site,paid,note,Site\n", "HEADER_COLUMN_TWICE", 1],
    "another delimiter": ["day;site;paid;note\n", "HEADER_COLUMN_MISSING", 1],
    "a short line": ["day,site,paid,note\n2020-01-02,1\n", "FILE_ROW_RAGGED", 2],
    "a long line": ["day,site,paid,note\n2020-01-02,1,,,\n", "FILE_ROW_RAGGED", 2],
    "an empty line inside": ["day,site,paid,note\n\n2020-01-02,1,,\n", "FILE_ROW_RAGGED", 2],
    "an open quote": ['day,site,paid,note\n2020-01-02,1,,"x\n', "FILE_QUOTES_UNBALANCED", 2],
    "Latin-1": [Buffer.from("day,site,paid,note\n2020-01-02,1,,caf\u00e9\n", "latin1"), "FILE_NOT_UTF8", null],
    "UTF-16": [Buffer.from("\ufeffday,site,paid,note\n", "utf16le"), "FILE_NOT_UTF8", null],
  };
  for (const [title, [content, code, line]] of Object.entries(wrongFiles)) {
    it(`rejects ${title} as ${code}`, async () => {
      const result = await check(content);
      expect(result.verdict).to.equal("rejected");
      expect(result.problems.find((problem) => problem.code === code)).to.include({ code, line });
    });
  }

  it("says once that a column is missing, not again for every row", async () => {
    const result = await check("day,paid,note\n2020-01-02,1,\n2020-01-02,2,\n");
    expect(found(result)).to.deep.equal([["HEADER_COLUMN_MISSING", 1, "site", null]]);
  });

  it("reads gzip, and says so when it is cut off", async () => {
    const zipped = gzipSync("day,site,paid,note\n2020-01-02,1,,\n");
    const file = "visits/dt=2020-01-02/visits_2020-01-02.csv.gz";
    expect(await check(zipped, { file })).to.include({ verdict: "accepted", rowsRead: 1 });
    const cut = await check(zipped.subarray(0, zipped.length - 10), { file });
    expect([cut.verdict, cut.problems[0]?.code]).to.deep.equal(["rejected", "FILE_GZIP_BROKEN"]);
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
