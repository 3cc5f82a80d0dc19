/** What two CSV readers may read differently must be refused, and nothing else: file by file, through both checkers. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { date, defineDataset, defineTable, int, text } from "@sales-etl/etl-core/contract";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { checkDate } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import { openEngine } from "../src/engine/duckdb.ts";
import { rawRows } from "../src/engine/load.ts";
import { scratch } from "./support/command.ts";
import { rideData } from "./support/rides.ts";

const DATE = "2020-01-10";
const table = defineTable({
  name: "notes",
  title: "Notes",
  description: "Free text",
  grain: "one row per id",
  load: "delta",
  dated: { column: "day", lateness: 0 },
  tolerance: 1,
  columns: { day: date("Day").required(), id: int("Id").required(), note: text("Note"), more: text("More") },
});
const dataset = defineDataset({ ...rideData, attribution: "", name: "notes", tables: [table, ...rideData.tables] });

const header = "day,id,note,more";
const row = (note: string, more = "") => `${DATE},1,${note},${more}`;
const lf = (...rows: string[]) => `${[header, ...rows].join("\n")}\n`;

/** Accepted, with the notes as both read them. */
const same: Readonly<Record<string, readonly [content: string | Buffer, notes: readonly (string | null)[]]>> = {
  "plain text": [lf(row("a"), row("")), ["a", null]],
  "quotes, commas and line ends inside quotes": [lf(row('"say ""no"", ok"'), row('"a\nb"')), ['say "no", ok', "a\nb"]],
  "a carriage return inside quotes": [lf(row('"a\rb"')), ["a\rb"]],
  CRLF: [`${header}\r\n${row("a")}\r\n${row('"b"')}\r\n`, ["a", "b"]],
  "a line feed inside quotes of a CRLF file": [`${header}\r\n${row('"a\nb"')}\r\n`, ["a\nb"]],
  "no end of the last line": [`${header}\n${row("a")}`, ["a"]],
  "quoted empty text": [lf(row('""', '""')), [null]],
  "blanks, tabs and odd spaces": [lf(row(" a "), row("\tb"), row("c d")), [" a ", "\tb", "c d"]],
  "words that some readers take for nothing": [lf(row("NULL"), row("\\N"), row("#x")), ["NULL", "\\N", "#x"]],
  "a byte order mark": [`\ufeff${lf(row("a"))}`, ["a"]],
  "several gzip members": [Buffer.concat([gzipSync(`${header}\n`), gzipSync(`${row("a")}\n`)]), ["a"]],
};

/** Refused, with the code and the line. */
const different: Readonly<Record<string, readonly [content: string, code: string, line: number]>> = {
  "a blank before a quote": [lf(row("a"), row(' "b"')), "FILE_QUOTES_UNBALANCED", 3],
  "a blank after a quote": [lf(row('"a" ')), "FILE_QUOTES_UNBALANCED", 2],
  "a quote inside an unquoted field": [lf(row('5" pipe')), "FILE_QUOTES_UNBALANCED", 2],
  "text after a quoted field": [lf(row('"a"b')), "FILE_QUOTES_UNBALANCED", 2],
  "CRLF after LF": [`${header}\n${row("a")}\r\n`, "FILE_LINE_ENDS_MIXED", 2],
  "LF after CRLF": [`${header}\r\n${row("a")}\n${row("b")}\r\n`, "FILE_LINE_ENDS_MIXED", 2],
  "a lone carriage return": [lf(row("a\rb")), "FILE_LINE_ENDS_MIXED", 2],
};

describe("files that readers may read differently", () => {
  const landing = scratch();

  async function check(content: string | Buffer) {
    const gz = typeof content !== "string";
    const key = `notes/dt=${DATE}/notes_${DATE}.csv${gz ? ".gz" : ""}`;
    const put = (file: string, data: string | Buffer) => {
      const target = path.join(landing, ...file.split("/"));
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, data);
      return { table: file.slice(0, file.indexOf("/")), file, rows: 0, bytes: data.length };
    };
    const files = [put(key, content)];
    put(`_manifest/dt=${DATE}/manifest.json`, JSON.stringify({ version: 1, businessDate: DATE, files }));
    const { files: checked } = await checkDate({
      dataset: { ...dataset, tables: [table] },
      landing: folderLanding(landing),
      businessDate: DATE,
    });
    const [file] = checked;
    if (file === undefined) throw new Error("the file was not checked");
    return file;
  }

  for (const [title, [content, notes]] of Object.entries(same)) {
    it(`${title}: read alike`, async () => {
      const file = await check(content);
      const faults = file.problems.filter(({ code }) => !["ROWS_DIFFER", "BYTES_DIFFER"].includes(code));
      expect(faults).to.deep.equal([]);
      expect(file.rowsRead).to.equal(notes.length);
      const engine = await openEngine(":memory:");
      try {
        const rows = await engine.rows(
          `SELECT NULLIF(note, '') AS note FROM (${rawRows(table, landing, DATE, [file])})`,
        );
        expect(rows.map(({ note }) => note)).to.deep.equal(notes);
      } finally {
        engine.close();
      }
    });
  }

  for (const [title, [content, code, line]] of Object.entries(different)) {
    it(`${title}: refused as ${code}`, async () => {
      const { verdict, problems } = await check(content);
      expect(verdict).to.equal("rejected");
      expect(problems.find((problem) => problem.code === code)).to.include({ line });
    });
  }
});
