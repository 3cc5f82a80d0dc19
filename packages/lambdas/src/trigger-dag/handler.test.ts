import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { receiptStore } from "@sales-etl/etl-core/receipts";
import { assert } from "chai";
import { memoryS3 } from "../../test/memory-s3.ts";
import { jsonLog } from "../log.ts";
import type { Airflow, DagRunRequest } from "./airflow.ts";
import { credentialKey } from "./credential.ts";
import { createHandler } from "./handler.ts";

const [a, b] = ["000000000000000a", "000000000000000b"] as const;
type Answer = Awaited<ReturnType<Airflow["trigger"]>> | Error;

interface World {
  /** At which second Airflow is up. */
  readonly upAt?: number;
  /** At which second the host has written its new credential. */
  readonly credentialAt?: number;
  /** What the tries of a run answer; the last one again and again. */
  readonly answers?: readonly Answer[];
  readonly seconds?: number;
}

function world({ upAt = 0, credentialAt = 0, answers = ["triggered"], seconds = 900 }: World = {}) {
  const begin = Date.parse("2017-07-01T02:00:00Z");
  let time = begin;
  const now = () => new Date(time);
  const elapsed = () => (time - begin) / 1000;
  const s3 = memoryS3(now);
  const write = (password: string) =>
    s3.objects.set(
      `control/${credentialKey}`,
      JSON.stringify({ username: "trigger-dag", password, validUntil: "2017-07-01T14:00:00Z" }),
    );
  write(credentialAt === 0 ? "tonight" : "of the boot before");
  const receipts = receiptStore({ client: s3, bucket: "control" });
  const asked: DagRunRequest[] = [];
  let logins = 0;
  const airflow: Airflow = {
    isHealthy: async () => elapsed() >= upAt,
    login: async ({ password }) => {
      logins++;
      return password === "tonight" ? `token ${logins}` : null;
    },
    trigger: async (_, run) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)] as Answer;
      asked.push(run);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const handle = createHandler({
    controlBucket: "control",
    s3,
    airflow,
    logOf: () => jsonLog({}, () => {}),
    now,
    sleep: async (milliseconds) => {
      time += milliseconds;
      if (credentialAt > 0 && elapsed() >= credentialAt) write("tonight");
    },
  });
  const judge = (businessDate: string, judgement: string, verdict = "accepted", leftToSpark: string[] = []) =>
    receipts.write({
      ...{ businessDate, step: `validated-${judgement}`, who: "test", when: "" },
      what: { verdict, leftToSpark },
    });
  const end = (businessDate: string, judgement: string) =>
    receipts.write({ businessDate, step: `ended-${judgement}`, who: "test", when: "", what: {} });
  const ask = (event: object) =>
    handle(event, { awsRequestId: "r", getRemainingTimeInMillis: () => seconds * 1000 - (time - begin) }).catch(
      (error: SalesEtlError) => error,
    );
  return { ask, asked, judge, end, elapsed, receipts, logins: () => logins };
}

const date = "2017-06-30";
const accepted = (businessDate = date, again: string | null = null) => ({
  source: "sales-etl",
  "detail-type": "LandingAccepted",
  detail: {
    ...{ dataset: "retail", businessDate, manifestKey: "m", reportKey: "r", receiptKey: "k" },
    ...{ files: 5, rowsRead: 1, rowsAccepted: 1, rowsRejected: 0, again },
  },
});

describe("trigger-dag", () => {
  it("begins the run of an accepted date and keeps a receipt", async () => {
    const { ask, asked, judge, receipts } = world();
    await judge(date, a);
    const runId = `sales_daily__${date}__${a}`;
    assert.deepEqual(await ask(accepted()), { runs: [{ businessDate: date, runId, triggered: true }] });
    assert.deepEqual(asked, [
      { dagId: "sales_daily", dagRunId: runId, conf: { business_date: date }, note: "LandingAccepted" },
    ]);
    const receipt = await receipts.read({ businessDate: date, step: `triggered-${a}` });
    assert.deepEqual(receipt?.what, { runId });
  });

  it("hands the run what the gate has left to Spark, also a second time", async () => {
    const { ask, asked, judge, end } = world();
    await judge(date, a, "accepted", ["sales", "inventory"]);
    await ask(accepted());
    await end(date, a);
    await ask({ businessDate: date, attempt: 2 });
    assert.deepEqual(
      asked.map(({ conf }) => conf),
      Array(2).fill({ business_date: date, left_to_spark: "sales,inventory" }),
    );
  });

  it("runs a date again for a person's wish, once for each, when its run has ended", async () => {
    const { ask, asked, judge, end, receipts } = world();
    await judge(date, a);
    await ask(accepted(date, "manual__1"));
    await end(date, a);
    await ask(accepted(date, "manual__1"));
    await ask(accepted(date, "manual__1"));
    await receipts.write({ businessDate: date, step: `ended-${a}-2`, who: "test", when: "", what: {} });
    await ask(accepted(date, "manual__1"));
    await ask(accepted(date, "manual__2"));
    const of = `sales_daily__${date}__${a}`;
    assert.deepEqual(
      asked.map(({ dagRunId }) => dagRunId),
      // The first begins what is under way anyway; the same wish never makes a third one.
      [of, `${of}__2`, `${of}__2`, `${of}__2`, `${of}__3`],
    );
  });

  it("takes a run that is there for done", async () => {
    const { ask, judge } = world({ answers: ["exists"] });
    await judge(date, a);
    assert.deepInclude(await ask(accepted()), {
      runs: [{ businessDate: date, runId: `sales_daily__${date}__${a}`, triggered: false }],
    });
  });

  it("begins the dates that waited before it, in order, and no later one", async () => {
    const { ask, asked, judge, end } = world();
    await judge("2017-07-01", b);
    await judge("2017-06-29", b);
    await judge("2017-06-28", a);
    await judge("2017-06-27", a);
    await end("2017-06-27", a);
    await judge(date, a);
    await ask(accepted());
    assert.deepEqual(
      asked.map(({ conf }) => conf.business_date),
      ["2017-06-28", "2017-06-29", date],
    );
  });

  it("begins another run for a corrected delivery", async () => {
    const { ask, asked, judge, end } = world();
    await judge(date, a);
    await end(date, a);
    await judge(date, b);
    await ask(accepted());
    assert.deepEqual(
      asked.map(({ dagRunId }) => dagRunId),
      [`sales_daily__${date}__${b}`],
    );
  });

  it("waits until Airflow is up, and for the credential of this boot", async () => {
    const { ask, judge, elapsed } = world({ upAt: 120, credentialAt: 150 });
    await judge(date, a);
    assert.property(await ask(accepted()), "runs");
    assert.isAtLeast(elapsed(), 150);
  });

  it("tries again with a new token while Airflow cannot take it, or the network fails", async () => {
    const { ask, asked, judge, logins } = world({ answers: ["not yet", new TypeError("fetch failed"), "triggered"] });
    await judge(date, a);
    assert.property(await ask(accepted()), "runs");
    assert.lengthOf(asked, 3);
    assert.equal(logins(), 3);
  });

  it("fails within its time when Airflow never comes up: Lambda tries it again", async () => {
    const { ask, asked, judge, elapsed } = world({ upAt: Number.POSITIVE_INFINITY, seconds: 300 });
    await judge(date, a);
    assert.propertyVal(await ask(accepted()), "code", "AIRFLOW_NOT_READY");
    assert.isEmpty(asked);
    assert.isBelow(elapsed(), 300);
  });

  it("fails at once when Airflow refuses, and leaves no receipt", async () => {
    const refusal = new SalesEtlError("no", { code: "AIRFLOW_REFUSED" });
    const { ask, asked, judge, receipts } = world({ answers: [refusal] });
    await judge(date, a);
    assert.equal(await ask(accepted()), refusal);
    assert.lengthOf(asked, 1);
    assert.isNull(await receipts.read({ businessDate: date, step: `triggered-${a}` }));
  });

  it("begins a run again when a person asks, once the first has ended", async () => {
    const { ask, asked, judge, end } = world();
    await judge(date, a);
    assert.propertyVal(await ask({ businessDate: date, attempt: 2 }), "code", "RUN_NOT_ENDED");
    await end(date, a);
    assert.deepEqual(await ask({ businessDate: date }), { runs: [] });
    await ask({ businessDate: date, attempt: 2 });
    assert.deepEqual(
      asked.map(({ dagRunId }) => dagRunId),
      [`sales_daily__${date}__${a}__2`],
    );
  });
});
