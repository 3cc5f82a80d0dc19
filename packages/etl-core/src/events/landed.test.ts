import { assert } from "chai";
import type { DateProblem, DateReport, FileReport, Problem } from "../validate/report.ts";
import { landingEvent } from "./landed.ts";
import { eventEntry } from "./pipeline.ts";

const file = (fields: Partial<FileReport>): FileReport => ({
  table: "sales",
  file: "sales/dt=2017-06-30/sales_2017-06-30.csv",
  rowsRead: 10,
  rowsAccepted: 9,
  rowsRejected: 1,
  verdict: "accepted",
  problems: [],
  problemsOmitted: 0,
  ...fields,
});

const ofRow: Problem = { code: "VALUE_NULL", line: 3, column: "store_key", value: "", message: "is empty" };
const ofHeader: Problem = { code: "HEADER_COLUMN_MISSING", line: 1, column: "sales_qty", value: null, message: "no" };
const ofFile: Problem = { code: "FILE_ROW_RAGGED", line: 7, column: null, value: null, message: "3 fields" };
const warning: DateProblem = {
  code: "FILE_NOT_IN_MANIFEST",
  severity: "warning",
  table: "sales",
  file: "x.csv",
  message: "is not read",
};

const eventOf = (report: Partial<DateReport>) =>
  landingEvent({
    dataset: "retail",
    report: { businessDate: "2017-06-30", verdict: "accepted", problems: [], files: [], ...report },
    receiptKey: "dt=2017-06-30/validated-0a.json",
    waitsUntil: new Date("2017-07-01T06:00:00Z"),
  });

const landed = {
  dataset: "retail",
  businessDate: "2017-06-30",
  manifestKey: "_manifest/dt=2017-06-30/manifest.json",
  reportKey: "_manifest/dt=2017-06-30/report.json",
  receiptKey: "dt=2017-06-30/validated-0a.json",
};

describe("events: what a report becomes", () => {
  it("accepted: the counts of all files", () => {
    const files = [
      file({ problems: [ofRow] }),
      file({ table: "store", rowsRead: 4, rowsAccepted: 4, rowsRejected: 0 }),
    ];
    assert.deepEqual(eventOf({ problems: [warning], files }), {
      detailType: "LandingAccepted",
      detail: { ...landed, files: 2, rowsRead: 14, rowsAccepted: 13, rowsRejected: 1, leftToSpark: [], again: null },
    });
  });

  it("accepted: names the tables that Spark has still to check", () => {
    const leftToSpark = [{ table: "sales", files: 3, bytes: 9e9, why: "too large" as const }];
    const { detail } = eventOf({ leftToSpark });
    assert.deepInclude(detail, { leftToSpark: ["sales"] });
  });

  it("rejected: why, without the rows and without warnings", () => {
    const files = [file({ verdict: "rejected", problems: [ofHeader, ofRow, ofFile] }), file({ problems: [ofRow] })];
    const event = eventOf({ verdict: "rejected", problems: [warning], files });
    const of = { table: "sales", file: "sales/dt=2017-06-30/sales_2017-06-30.csv" };
    assert.deepEqual(event, {
      detailType: "LandingRejected",
      detail: {
        ...landed,
        files: 2,
        rowsRead: 20,
        rowsAccepted: 18,
        rowsRejected: 2,
        reasons: [
          { code: "HEADER_COLUMN_MISSING", ...of, message: "line 1: no" },
          { code: "FILE_ROW_RAGGED", ...of, message: "line 7: 3 fields" },
        ],
        reasonsOmitted: 0,
      },
    });
  });

  it("incomplete: the first twenty missing things, small enough for the bus", () => {
    const problems = Array.from({ length: 5000 }, (_, part): DateProblem => {
      const name = `sales/dt=2017-06-30/sales_2017-06-30.part${part}.csv`;
      return { code: "FILE_MISSING", severity: "error", table: "sales", file: name, message: `no ${name}` };
    });
    const event = eventOf({ verdict: "incomplete", problems });
    assert.equal(event.detailType, "LandingIncomplete");
    if (event.detailType !== "LandingIncomplete") return;
    assert.lengthOf(event.detail.missing, 20);
    assert.equal(event.detail.missingOmitted, 4980);
    assert.equal(event.detail.waitsUntil, "2017-07-01T06:00:00.000Z");
    assert.match(event.detail.afterwards, /^A person is told .* loaded as soon as it is complete/);
    assert.isBelow(Buffer.byteLength(eventEntry(event, "bus").Detail), 64 * 1024);
  });
});
