import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { jobFingerprint } from "./fingerprint.ts";

const DATE = "2020-01-06";
const SALES = `sales/dt=${DATE}/sales_${DATE}.csv`;

describe("the job's fingerprint of a date", () => {
  let landing: string;
  beforeEach(() => {
    landing = mkdtempSync(path.join(tmpdir(), "sales-etl-fingerprint-"));
  });
  afterEach(() => rmSync(landing, { recursive: true, force: true }));

  const write = (key: string, text: string) => {
    const file = path.join(landing, ...key.split("/"));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };

  it("is the one of Python, whatever characters the manifest has, with files that a person has accepted to be wrong", async () => {
    const part = (number: number) => `inventory/dt=${DATE}/inventory_${DATE}.part${number}.csv`;
    const file = (table: string, name: string) => ({ table, file: name, rows: 1, bytes: 5 });
    const files = [file("sales", SALES), file("inventory", part(1)), file("inventory", part(2))];
    const writtenBy = 'Zo\u00eb \u{1f6d2} of "Ops"\u007f\t\\ \u2028';
    write(
      `_manifest/dt=${DATE}/manifest.json`,
      `${JSON.stringify({ version: 1, businessDate: DATE, writtenBy, files }, null, 1)}\n`,
    );
    utimesSync(write(SALES, "12345"), 1578300000.1239, 1578300000.1239);
    write(part(1), "1234");
    // By hand in Python: hashlib.sha256(json.dumps([text, {sales: {"bytes": 5, "modified": 1578300000123},
    // part 1: "BYTES_DIFFER", part 2: "FILE_MISSING"}], sort_keys=True).encode()).hexdigest()
    expect(await jobFingerprint(landing, DATE)).to.equal(
      "bf33327da9d6e995deb4fe41408de969b7efe78fc7f5cdcf6ecf2f936f2f1b75",
    );
  });

  it("is another one once a file was written again, and when the manifest says something else", async () => {
    const manifest = (by: string) => {
      const files = [{ table: "sales", file: SALES, rows: 1, bytes: 5 }];
      return JSON.stringify({ version: 1, businessDate: DATE, writtenBy: by, files });
    };
    const at = (seconds: number) => utimesSync(write(SALES, "12345"), seconds, seconds);
    write(`_manifest/dt=${DATE}/manifest.json`, manifest("Ann"));
    at(1578300000);
    const first = await jobFingerprint(landing, DATE);
    at(1578300001);
    const second = await jobFingerprint(landing, DATE);
    at(1578300000);
    write(`_manifest/dt=${DATE}/manifest.json`, manifest("Bob"));
    const third = await jobFingerprint(landing, DATE);
    expect(new Set([first, second, third])).to.have.property("size", 3);
    write(`_manifest/dt=${DATE}/manifest.json`, manifest("Ann"));
    expect(await jobFingerprint(landing, DATE)).to.equal(first);
  });
});
