/** A person asks with `sales-etl gate`, and the real bundle, as a Lambda in a local AWS, answers. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { receiptStore } from "@sales-etl/etl-core/receipts";
import { type LocalAws, startLocalAws } from "@sales-etl/local-aws";
import { assert } from "chai";
import { bundleLambda } from "../../../scripts/build-lambdas.ts";
import { retailDay } from "./exports.ts";
import { deployGate, type Exported, type Gate } from "./gate.ts";

const command = path.join(import.meta.dirname, "../../cli/bin/sales-etl.js");

describe("sales-etl gate", function () {
  this.timeout("120s");
  let aws: LocalAws | undefined;
  let folder = "";
  let gate: Gate;

  before(async function () {
    const started = await startLocalAws();
    if ("missing" in started) return this.skip();
    aws = started;
    folder = await mkdtemp(path.join(tmpdir(), "sales-etl-ask-"));
    const entry = path.join(import.meta.dirname, "../src/validate-landing/index.ts");
    const { file } = await bundleLambda("validate-landing", entry, folder);
    gate = await deployGate(aws, "asked", file, { byManifest: false });
  });

  after(async () => {
    await aws?.stop();
    if (folder !== "") await rm(folder, { recursive: true });
  });

  const deliver = async (date: string, files: readonly Exported[]) => {
    await gate.putFiles(date, files);
    await gate.putManifest(date, files);
  };

  async function ask(...args: readonly string[]) {
    const child = spawn(process.execPath, [command, "gate", ...args], {
      env: { ...process.env, ...aws?.env, NO_COLOR: "1", SALES_ETL_BY: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text) => {
      stdout += text;
    });
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stderr, json: args.includes("--json") ? JSON.parse(stdout) : stdout };
  }

  /** What trigger-dag leaves. */
  async function begun(date: string) {
    const [judged = ""] = await gate.receipts(date, "validated");
    const step = judged.replace(/^dt=.*[/]validated-(.*)[.]json$/, "triggered-$1");
    const receipts = receiptStore({ client: gate.s3, bucket: gate.control });
    await receipts.write({ businessDate: date, step, who: "test", when: "", what: {} });
  }

  const place = () => ["--control", `s3://${gate.control}`, "--landing", `s3://${gate.landing}`];
  const forDate = (date: string) => ["--date", date, "--bus", "asked-bus"];

  it("gives the verdict as validate does, and keeps who asked and why", async () => {
    const date = "2017-06-30";
    await deliver(date, retailDay(date));
    const said = ["--by", "Ada", "--reason", "the till was repaired"];
    const { code, json } = await ask(...forDate(date), ...said, "--wait", ...place(), "--json");
    const { request, ...report } = json;
    assert.equal(code, 0);
    assert.deepEqual(report, await gate.report(date));
    assert.deepInclude(request.what, {
      ...{ by: "Ada", reason: "the till was repaired", wantsRun: false, verdict: "accepted" },
      report: `_manifest/dt=${date}/report.json`,
    });
    const [judged] = await gate.receipts(date, "validated");
    assert.equal(request.what.judgement, judged);
    assert.match(request.step, /^asked-[0-9a-f]{16}$/);
    assert.match(request.who, /^validate-landing /);
  });

  it("ends with 1 for a date that is rejected or incomplete, and says where it hangs", async () => {
    const date = "2017-07-03";
    const [own, ...rest] = retailDay(date) as [Exported, ...Exported[]];
    // As many rows as the manifest says, of a day that is another file's.
    await deliver(date, [{ ...own, csv: own.csv.replaceAll(date, "2017-01-01") }, ...rest]);
    const rejected = await ask(...forDate(date), "--wait", ...place());
    assert.equal(rejected.code, 1);
    assert.match(rejected.stderr, /2017-07-03 {2}rejected/);
    assert.match(rejected.stderr, /DATE_OUTSIDE_FILE {2}sales\/dt=2017-07-03\/sales_2017-07-03\.csv:2/);
    const nothing = await ask(...forDate("2017-07-04"), "--wait", ...place(), "--json");
    assert.equal(nothing.code, 1);
    assert.equal(nothing.json.verdict, "incomplete");
    assert.equal(nothing.json.problems[0].code, "MANIFEST_MISSING");
  });

  it("tells of an accepted date again while no run of it was begun, as after an event that got lost", async () => {
    const date = "2017-07-10";
    await deliver(date, retailDay(date));
    const again = () => ask(...forDate(date), "--wait", ...place());
    await again();
    await again();
    const accepted = (await gate.events(date, 4)).filter(({ detailType }) => detailType === "LandingAccepted");
    assert.deepEqual(
      accepted.map(({ detail }) => "again" in detail && detail.again),
      [null, null],
    );
    await begun(date);
    await again();
    assert.lengthOf(await gate.events(date, 5), 5);
  });

  it("asks for another run only with --again, and names the wish to who begins it", async () => {
    const date = "2017-07-05";
    await deliver(date, retailDay(date));
    const again = async (...more: string[]) => ask(...forDate(date), "--wait", ...place(), "--json", ...more);
    assert.equal((await again()).code, 0);
    await begun(date);
    assert.equal((await again()).code, 0);
    const { json } = await again("--again");
    const events = await gate.events(date, 4);
    const accepted = events.filter(({ detailType }) => detailType === "LandingAccepted").map(({ detail }) => detail);
    assert.deepEqual(
      accepted.map((detail) => "again" in detail && detail.again),
      [null, json.request.what.requestId],
    );
    assert.equal(events.filter(({ detailType }) => detailType === "GateRequested").length, 3);
  });

  it("does not wait unless it shall", async () => {
    const { code, json } = await ask(...forDate("2017-07-06"), "--by", "Bob", "--json");
    assert.equal(code, 0);
    assert.deepInclude(json, {
      businessDate: "2017-07-06",
      by: "Bob",
      reason: null,
      wantsRun: false,
      bus: "asked-bus",
    });
    assert.match(json.requestId, /^[0-9a-f-]{36}$/);
  });

  it("says what is wrong: no such bus, no such bucket, nobody who answers", async () => {
    const wrong = async (...args: string[]) => {
      const { code, json } = await ask(...args, "--json");
      assert.equal(code, 2);
      return json.error;
    };
    const noBus = await wrong("--date", "2017-07-07", "--bus", "sales-etl-prod");
    assert.deepInclude(noBus, { code: "BUS_NOT_FOUND", path: "sales-etl-prod" });
    const elsewhere = ["--control", "s3://nowhere", "--landing", `s3://${gate.landing}`];
    assert.equal((await wrong(...forDate("2017-07-07"), "--wait", ...elsewhere)).code, "BUCKET_NOT_FOUND");
    await new EventBridgeClient((aws as LocalAws).clientConfig).send(new CreateEventBusCommand({ Name: "deaf" }));
    const deaf = ["--date", "2017-07-07", "--bus", "deaf", "--wait=0.02", ...place()];
    assert.deepInclude(await wrong(...deaf), { code: "GATE_SILENT", path: "2017-07-07" });
  });
});
