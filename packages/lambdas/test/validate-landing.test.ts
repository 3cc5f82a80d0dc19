/** The real bundle as a Lambda in a local AWS: a process of its own, invoked by what S3 announces. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { addDays } from "@sales-etl/etl-core/landing";
import type { FileReport } from "@sales-etl/etl-core/validate";
import { type LocalAws, startFaultyProxy, startLocalAws } from "@sales-etl/local-aws";
import { assert } from "chai";
import { bundleLambda } from "../../../scripts/build-lambdas.ts";
import { inventory, retailDay, sales } from "./exports.ts";
import { deployGate, type Exported, type Gate } from "./gate.ts";

const command = path.join(import.meta.dirname, "../../cli/bin/sales-etl.js");

const manifestEvent = (gate: Gate, date: string) => ({
  source: "aws.s3",
  "detail-type": "Object Created",
  detail: { bucket: { name: gate.landing }, object: { key: `_manifest/dt=${date}/manifest.json` } },
});

const accepted = (table: string, date: string, rows: number): FileReport => ({
  table,
  file: `${table}/dt=${date}/${table}_${date}.csv`,
  rowsRead: rows,
  rowsAccepted: rows,
  rowsRejected: 0,
  verdict: "accepted",
  problems: [],
  problemsOmitted: 0,
});

describe("validate-landing in a local AWS", function () {
  this.timeout("120s");
  let aws: LocalAws | undefined;
  let folder = "";
  let bundle = "";
  let gate: Gate;

  before(async function () {
    const started = await startLocalAws();
    if ("missing" in started) return this.skip();
    aws = started;
    folder = await mkdtemp(path.join(tmpdir(), "sales-etl-gate-"));
    const entry = path.join(import.meta.dirname, "../src/validate-landing/index.ts");
    ({ file: bundle } = await bundleLambda("validate-landing", entry, path.join(folder, "retail")));
    gate = await deployGate(aws, "retail", bundle);
  });

  after(async () => {
    await aws?.stop();
    if (folder !== "") await rm(folder, { recursive: true });
  });

  /** Files first, the manifest last, then nothing but waiting for the event. */
  async function deliver(date: string, files = retailDay(date), exportId?: string) {
    await gate.putFiles(date, files);
    await gate.putManifest(date, files, exportId);
  }

  it("accepts a date whose manifest arrived", async () => {
    const date = "2017-06-30";
    await deliver(date);
    const [event, ...others] = await gate.events(date, 1);
    assert.isEmpty(others);
    assert.deepEqual(await gate.report(date), {
      businessDate: date,
      verdict: "accepted",
      problems: [],
      files: [
        accepted("sales", date, 2),
        accepted("inventory", date, 1),
        accepted("store", date, 1),
        accepted("product", date, 1),
        accepted("calendar", date, 1),
      ],
    });
    const [receiptKey = "", ...more] = await gate.receipts(date, "validated");
    assert.isEmpty(more);
    assert.match(receiptKey, /^dt=2017-06-30\/validated-[0-9a-f]{16}\.json$/);
    assert.deepEqual(event, {
      detailType: "LandingAccepted",
      detail: {
        dataset: "retail",
        businessDate: date,
        manifestKey: "_manifest/dt=2017-06-30/manifest.json",
        reportKey: "_manifest/dt=2017-06-30/report.json",
        receiptKey,
        files: 5,
        rowsRead: 6,
        rowsAccepted: 6,
        rowsRejected: 0,
        leftToSpark: [],
        again: null,
      },
    });
  });

  it("accepts a date with a wrong row within the tolerance, and reports its place", async () => {
    const date = "2017-07-01";
    // 1 of 50 rows is 2 %: just what the contract tolerates of sales.
    await deliver(
      date,
      retailDay(
        date,
        [...Array(49).fill("1.00"), "1,5 kg"].map((text) => `"${text}"`),
      ),
    );
    const [event] = await gate.events(date, 1);
    assert.equal(event?.detailType, "LandingAccepted");
    const [file] = (await gate.report(date)).files;
    assert.equal(file?.rowsAccepted, 49);
    assert.equal(file?.rowsRejected, 1);
    assert.lengthOf(file?.problems ?? [], 1);
    assert.include(file?.problems[0], {
      code: "VALUE_NOT_DECIMAL",
      line: 51,
      column: "sales_qty",
      value: "1,5 kg",
    });
  });

  it("rejects a date, says why, and accepts the corrected delivery", async () => {
    const date = "2017-07-02";
    await deliver(date, retailDay(date, ["1.00", "x", "1.00"]));
    const [rejected] = await gate.events(date, 1);
    assert.equal(rejected?.detailType, "LandingRejected");
    if (rejected?.detailType !== "LandingRejected") return;
    const of = { table: "sales", file: "sales/dt=2017-07-02/sales_2017-07-02.csv" };
    assert.deepInclude(rejected.detail, {
      rowsRead: 7,
      rowsRejected: 1,
      reasonsOmitted: 0,
      reasons: [
        {
          code: "TOO_MANY_ROWS_REJECTED",
          ...of,
          message: "1 of 3 rows are wrong (33.3 %); sales tolerates 2.0 %",
        },
      ],
    });
    const { verdict, files } = await gate.report(date);
    assert.equal(verdict, "rejected");
    assert.include(
      files[0]?.problems.find(({ line }) => line !== null),
      { code: "VALUE_NOT_DECIMAL", line: 3, column: "sales_qty", value: "x" },
    );

    await deliver(date);
    const [, again, ...others] = await gate.events(date, 2);
    assert.isEmpty(others);
    assert.equal(again?.detailType, "LandingAccepted");
    assert.equal((await gate.report(date)).verdict, "accepted");
    assert.lengthOf(await gate.receipts(date, "validated"), 2);

    // Back to the bytes that were rejected: the last word must be that they are.
    await deliver(date, retailDay(date, ["1.00", "x", "1.00"]));
    const [, , last] = await gate.events(date, 3);
    assert.equal(last?.detailType, "LandingRejected");
  });

  it("waits for a missing table, and judges again when the manifest names it", async () => {
    const date = "2017-07-03";
    const all = retailDay(date);
    await deliver(
      date,
      all.filter(({ table }) => table !== "inventory"),
    );
    const [incomplete] = await gate.events(date, 1);
    assert.equal(incomplete?.detailType, "LandingIncomplete");
    if (incomplete?.detailType !== "LandingIncomplete") return;
    assert.deepEqual(incomplete.detail.missing, [
      { code: "TABLE_MISSING", table: "inventory", file: null, message: "the manifest names no file of inventory" },
    ]);

    await gate.putFiles(date, [inventory(date)]);
    await gate.putManifest(date, all);
    const [, complete] = await gate.events(date, 2);
    assert.equal(complete?.detailType, "LandingAccepted");
  });

  it("tells a date without a manifest as incomplete, once, however often it looks", async () => {
    const event = { scheduledTime: "2017-08-02T02:00:00Z" };
    const first = await gate.invoke(event);
    const [judged] = first.result?.dates ?? [];
    assert.deepInclude(judged, { businessDate: "2017-07-31", verdict: "incomplete", eventSent: true });
    const second = await gate.invoke({ businessDate: "2017-07-31" });
    assert.deepEqual<unknown>(second.result?.dates, [{ ...judged, eventSent: false }]);
    const [told, ...others] = await gate.events("2017-07-31", 1);
    assert.equal(told?.detailType, "LandingIncomplete");
    assert.isEmpty(others);
    // It ends in Chicago at 05:00 UTC, and by 06:00 it should be published.
    assert.propertyVal(told?.detail, "waitsUntil", "2017-08-01T06:00:00.000Z");
    // A file that arrives without a manifest changes nothing that anybody must know.
    await gate.putFiles("2017-07-31", [sales("2017-07-31", ["1.00"])]);
    assert.isFalse((await gate.invoke({ businessDate: "2017-07-31" })).result?.dates[0]?.eventSent);
  });

  it("leaves one receipt and one event, also of the same event twice and several at once", async () => {
    const date = "2017-07-04";
    await deliver(date);
    // With the one that S3 announces, six at once.
    const answers = await Promise.all(Array.from({ length: 5 }, () => gate.invoke(manifestEvent(gate, date))));
    const later = await gate.invoke(manifestEvent(gate, date));
    assert.deepEqual(
      [...answers, later].map(({ error }) => error),
      [null, null, null, null, null, null],
    );
    assert.isAtMost(
      answers.flatMap(({ result }) => result?.dates.filter(({ eventSent }) => eventSent) ?? []).length,
      1,
    );
    assert.isEmpty(later.result?.dates);
    assert.lengthOf(await gate.events(date, 1), 1);
    assert.lengthOf(await gate.receipts(date, "validated"), 1);
    assert.lengthOf(await gate.receipts(date, "announced"), 1);
  });

  it("sees every one of more than 1,000 files", async () => {
    const date = "2017-07-05";
    const many = Array.from({ length: 1050 }, (_, part) => ({
      ...sales(date, ["1.00"]),
      name: `sales_${date}.part${String(part + 1).padStart(4, "0")}.csv`,
    }));
    for (let from = 0; from < many.length; from += 50) await gate.putFiles(date, many.slice(from, from + 50));
    const [, ...rest] = retailDay(date);
    // The manifest names the file of the second page alone; the others are seen, too.
    const last = many.slice(-1);
    await deliver(date, [...last, ...rest]);
    const [event] = await gate.events(date, 1);
    assert.equal(event?.detailType, "LandingAccepted");
    const { problems } = await gate.report(date);
    assert.lengthOf(problems, 1049);
    assert.isTrue(problems.every(({ code }) => code === "FILE_NOT_IN_MANIFEST"));
  });

  it("throws for an event that is none, naming the property", async () => {
    const expectations = [
      { event: { businessDate: "30.06.2017" }, message: "businessDate: is no day written YYYY-MM-DD" },
      { event: {}, message: "source: expected an event of S3" },
      { event: manifestEvent(gate, "2017-06-31"), message: "detail.object.key: " },
    ];
    for (const { event, message } of expectations) {
      const { error, result } = await gate.invoke(event);
      assert.isNull(result);
      assert.include(error ?? "", message);
    }
  });

  it("logs one JSON line a fact", async () => {
    const { log } = await gate.invoke({ businessDate: "2017-06-30" });
    const facts = log.flatMap((line) => (line.includes('"fact"') ? [JSON.parse(line.slice(line.indexOf("{")))] : []));
    assert.deepEqual(
      facts.map(({ fact }) => fact),
      ["triggered", "pending", "begun", ...Array(5).fill("file"), "validated", "receipt", "event"],
    );
  });

  it("works through all pending dates, oldest first, over as many invocations as its time needs", async () => {
    // A second date is begun with 30 seconds at least, and of 25 there never are so many.
    const short = await deployGate(aws as LocalAws, "short", bundle, { timeout: 25, byManifest: false });
    const dates = ["2017-06-27", "2017-06-28", "2017-06-29"];
    for (const date of dates) {
      await short.putFiles(date, retailDay(date));
      await short.putManifest(date, retailDay(date));
    }
    const night = { scheduledTime: "2017-06-30T06:00:00Z" };
    const { result } = await short.invoke(night);
    assert.deepEqual(
      result?.dates.map(({ businessDate, verdict }) => [businessDate, verdict]),
      [["2017-06-27", "accepted"]],
    );
    assert.deepEqual(result?.left, ["2017-06-28", "2017-06-29"]);
    const told = await short.told((all) => all.includes("LandingAccepted 2017-06-29"));
    assert.deepEqual(told, [
      ...["LandingAccepted 2017-06-27", "GateRequested", "LandingAccepted 2017-06-28", "GateRequested"],
      "LandingAccepted 2017-06-29",
    ]);
    assert.deepEqual((await short.invoke(night)).result, { dates: [], elsewhere: [], left: [] });
  });

  it("reads on when the connection to S3 breaks, and never judges two versions of a file as one", async () => {
    const { endpoint } = aws as LocalAws;
    const proxy = await startFaultyProxy(endpoint);
    try {
      const variables = { AWS_ENDPOINT_URL_S3: proxy.endpoint };
      const far = await deployGate(aws as LocalAws, "far", bundle, { byManifest: false, variables });
      const date = "2017-07-10";
      const all = retailDay(date, Array(3000).fill("1.00"));
      const key = `sales_${date}.csv`;
      await far.putFiles(date, all);
      await far.putManifest(date, all);
      proxy.break({ key, afterBytes: 50_000, kind: "cut", times: 3 });
      const { result } = await far.invoke({ businessDate: date });
      assert.deepInclude(result?.dates[0], { businessDate: date, verdict: "accepted" });
      const asked = proxy.asked.filter(({ path: asks }) => asks.endsWith(key));
      assert.deepEqual(
        asked.map(({ range }) => range !== null),
        [false, true, true, true],
      );
      assert.equal((await far.report(date)).files[0]?.rowsAccepted, 3000);
      // The same number of rows and bytes: only its tag tells the other file.
      const others = retailDay(date, Array(3000).fill("2.00"));
      const replace = () => far.putFiles(date, others.slice(0, 1));
      proxy.break({ key, afterBytes: 50_000, kind: "cut", times: 1, meanwhile: replace });
      assert.match((await far.invoke({ businessDate: date })).error ?? "", /was replaced while/);
      assert.lengthOf(await far.receipts(date, "validated"), 1);
    } finally {
      await proxy.stop();
    }
  });

  it("leaves a table that is too large to Spark, and the event says so", async () => {
    const date = "2017-07-08";
    const large = "x".repeat(1024 * 1024);
    const [own, ...rest] = retailDay(date) as [Exported, ...Exported[]];
    await deliver(date, [{ ...own, csv: `${own.csv}${large}` }, ...rest]);
    const [event] = await gate.events(date, 1);
    assert.equal(event?.detailType, "LandingAccepted");
    assert.deepInclude(event?.detail, { leftToSpark: ["sales"], files: 4 });
    const { leftToSpark, files } = await gate.report(date);
    assert.deepEqual(
      leftToSpark?.map(({ table, why }) => [table, why]),
      [["sales", "too large"]],
    );
    assert.notInclude(
      files.map(({ table }) => table),
      "sales",
    );
  });

  it("checks a table as the deployment's source delivers it", async () => {
    const variables = { SOURCE_SETTINGS: '{"loads":{"sales":"cumulative"}}' };
    const dumps = await deployGate(aws as LocalAws, "dumps", bundle, { byManifest: false, variables });
    const date = "2017-07-11";
    const [own, ...rest] = retailDay(date) as [Exported, ...Exported[]];
    // A dump of all days: a delta's row of May would be outside of its file.
    const all = [{ ...own, csv: own.csv.replace(date, "2017-05-01") }, ...rest];
    await dumps.putFiles(date, all);
    await dumps.putManifest(date, all);
    assert.equal((await dumps.invoke({ businessDate: date })).result?.dates[0]?.verdict, "accepted");
    await deliver(date, all);
    assert.equal((await gate.events(date, 1))[0]?.detailType, "LandingRejected");
  });

  it("lets rows be as late, and columns as unknown, as the deployment says", async () => {
    const date = "2017-07-12";
    const [own, ...rest] = retailDay(date) as [Exported, ...Exported[]];
    const wider = own.csv
      .trimEnd()
      .split("\n")
      .map((line, index) => `${line},${index === 0 ? "colour" : "red"}`);
    // Ten days before the file's date: the contract says seven.
    const csv = `${wider.join("\n").replace(date, "2017-07-02")}\n`;
    const verdictOf = async (name: string, settings: object) => {
      const variables = { SOURCE_SETTINGS: JSON.stringify(settings) };
      const own14 = await deployGate(aws as LocalAws, name, bundle, { byManifest: false, variables });
      const all = [{ ...own, csv }, ...rest];
      await own14.putFiles(date, all);
      await own14.putManifest(date, all);
      const { result } = await own14.invoke({ businessDate: date });
      return { verdict: result?.dates[0]?.verdict, codes: (await own14.report(date)).problems.map(({ code }) => code) };
    };
    const both = { lateness: { sales: 10 }, drift: { sales: "ignore" } };
    assert.deepEqual(await verdictOf("both", both), { verdict: "accepted", codes: ["HEADER_COLUMN_IGNORED"] });
    assert.equal((await verdictOf("late", { lateness: { sales: 9 }, drift: both.drift })).verdict, "rejected");
    assert.equal((await verdictOf("drift", { lateness: both.lateness })).verdict, "rejected");
  });

  it("waits for a snapshot as long as the deployment says", async () => {
    const [date, next] = ["2017-07-13", "2017-07-14"] as const;
    const variables = { SOURCE_SETTINGS: '{"freshness":{"store":1}}' };
    const old = await deployGate(aws as LocalAws, "fresh", bundle, { byManifest: false, variables });
    for (const day of [date, next]) {
      const files = retailDay(day).filter(({ table }) => day === date || table !== "store");
      await old.putFiles(day, files);
      await old.putManifest(day, files);
      assert.equal((await old.invoke({ businessDate: day })).result?.dates[0]?.verdict, "accepted", day);
    }
    assert.deepEqual(
      (await old.report(next)).problems.map(({ code, table }) => [code, table]),
      [["SNAPSHOT_OLDER", "store"]],
    );
  });

  it("takes a gap that a person accepts, and judges the date again because of it", async () => {
    const date = "2017-07-09";
    const all = retailDay(date);
    await deliver(
      date,
      all.filter(({ table }) => table !== "inventory"),
    );
    assert.equal((await gate.events(date, 1))[0]?.detailType, "LandingIncomplete");
    const accept = (by: string) => {
      const said = ["--by", by, "--reason", "the scanner was broken", "--json"];
      const args = ["accept", "--warehouse", `s3://${gate.control}`, "--date", date, "--table", "inventory", ...said];
      const env = { ...process.env, ...aws?.env };
      return JSON.parse(execFileSync(process.execPath, [command, ...args], { env, encoding: "utf8", stdio: "pipe" }));
    };
    assert.deepInclude(accept("Ada"), { written: true, file: `s3://${gate.control}/dt=${date}/gap-inventory.json` });
    // The first word counts.
    assert.deepInclude(accept("Bob"), { written: false, who: "Ada" });
    const night = { scheduledTime: `${addDays(date, 1)}T06:00:00Z` };
    const { result } = await gate.invoke(night);
    assert.deepInclude(
      result?.dates.find(({ businessDate }) => businessDate === date),
      { verdict: "accepted", eventSent: true },
    );
    const [problem] = (await gate.report(date)).problems;
    assert.deepInclude(problem, { code: "GAP_ACCEPTED", table: "inventory" });
    assert.include(problem?.message, "accepted by Ada: the scanner was broken");
    assert.isUndefined((await gate.invoke(night)).result?.dates.find(({ businessDate }) => businessDate === date));
  });

  it("serves another data set with the same handler", async () => {
    const entry = path.join(import.meta.dirname, "parking/index.ts");
    const { file } = await bundleLambda("parking", entry, path.join(folder, "parking"));
    const parking = await deployGate(aws as LocalAws, "parking", file);
    const date = "2017-06-30";
    const files = [
      { table: "tickets", rows: 2, csv: "ticket_no,paid_on,car_park,fee\n1,2017-06-30,7,2.50\n2,2017-06-30,7,0.00\n" },
      { table: "days", rows: 1, csv: "month,day\n201706,2017-06-30\n" },
    ];
    await parking.putFiles(date, files);
    await parking.putManifest(date, files);
    const [event, ...others] = await parking.events(date, 1);
    assert.isEmpty(others);
    assert.equal(event?.detailType, "LandingAccepted");
    assert.deepInclude(event?.detail, { dataset: "parking", files: 2, rowsRead: 3, rowsAccepted: 3 });
    assert.deepEqual((await parking.report(date)).files, [accepted("tickets", date, 2), accepted("days", date, 1)]);
  });
});
