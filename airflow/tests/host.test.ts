/** The boot script, and the Lambda trigger-dag against the real Airflow that it configures. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { parsePipelineEvent, parseTrigger } from "@sales-etl/etl-core/events";
import { receiptStore } from "@sales-etl/etl-core/receipts";
import { type LocalAws, startLocalAws } from "@sales-etl/local-aws";
import { expect } from "chai";
import { jsonLog } from "../../packages/lambdas/src/log.ts";
import { airflow, type Credential } from "../../packages/lambdas/src/trigger-dag/airflow.ts";
import { credentialKey, readCredential } from "../../packages/lambdas/src/trigger-dag/credential.ts";
import { createHandler } from "../../packages/lambdas/src/trigger-dag/handler.ts";
import { memoryS3 } from "../../packages/lambdas/test/memory-s3.ts";
import { createQueue, messages, queueArn } from "../../packages/lambdas/test/queue.ts";
import { type Host, makeHost } from "./host.ts";

const python = process.env.SALES_ETL_AIRFLOW_PYTHON ?? "";
const date = "2017-06-30";
const judgement = "0a1b2c3d4e5f6071";

describe("the host of Airflow", function () {
  this.timeout("240s");
  const hosts: Host[] = [];
  const host = () => {
    const made = makeHost(python);
    hosts.push(made);
    return made;
  };
  const bus = "sales-etl-host";
  let aws: LocalAws | undefined;
  let queue = "";
  /** The one whose Airflow runs. */
  let running: { readonly url: string; readonly host: Host } | undefined;

  before(async function () {
    const local = await startLocalAws();
    if ("missing" in local) return this.skip();
    aws = local;
    queue = await createQueue(local, "host-events");
    const eventBridge = new EventBridgeClient(local.clientConfig);
    await eventBridge.send(new CreateEventBusCommand({ Name: bus }));
    const rule = { EventBusName: bus, Name: "all", EventPattern: JSON.stringify({ source: ["sales-etl"] }) };
    await eventBridge.send(new PutRuleCommand(rule));
    const Targets = [{ Id: "queue", Arn: queueArn("host-events") }];
    await eventBridge.send(new PutTargetsCommand({ EventBusName: bus, Rule: "all", Targets }));
  });

  after(async () => {
    for (const made of hosts) made.stop();
    await aws?.stop();
  });

  it("hands over a key at each boot that trigger-dag can read, and prints none", async () => {
    const { boot, credential, read, output } = host();
    const keys = [];
    for (let night = 0; night < 2; night++) {
      boot();
      const s3 = memoryS3();
      s3.objects.set(`control/${credentialKey}`, credential());
      const found = (await readCredential(s3, "control", new Date())) as Credential;
      expect(found.username).to.equal("trigger-dag");
      const left = (Date.parse(found.validUntil) - Date.now()) / 3_600_000;
      expect(left).to.be.within(17.9, 18.1);
      const passwords = JSON.parse(read("run/passwords.json"));
      expect(passwords["trigger-dag"]).to.equal(found.password).and.to.have.length(40);
      expect(passwords.admin).not.to.equal(found.password);
      for (const secret of Object.values(passwords)) expect(output()).not.to.include(secret);
      keys.push(found.password, read("run/secrets.env").match(/JWT_SECRET=(.*)/)?.[1], read("etc/postgres.env"));
    }
    expect(keys[0]).not.to.equal(keys[3]);
    expect(keys[1]).not.to.equal(keys[4]);
    // The database lives on.
    expect(keys[2]).to.equal(keys[5]);
  });

  it("fetches the job flow, starts the containers, and hands over its key last", () => {
    const { boot, calls, read } = host();
    boot();
    expect(read("run/job_flow.json")).to.equal("{}");
    const short = calls().map((call) => call.split(" ").slice(0, 3).join(" "));
    // The order of a pipe's two sides is nobody's.
    expect(short.filter((call) => !/ecr|login/.test(call) && !call.startsWith("chown"))).to.deep.equal([
      "aws s3 cp",
      "docker pull --quiet",
      "docker run --rm",
      "aws s3 cp",
    ]);
    expect(calls().at(-1)).to.include("s3://control/airflow/credential.json");
  });

  it("takes runs from trigger-dag, each once, and refuses what is wrong", async () => {
    const made = host();
    const { boot, credential, start } = made;
    boot();
    const url = await start({ ...aws?.env, SALES_ETL_EVENT_BUS: bus });
    running = { url, host: made };
    const client = airflow({ url });
    const s3 = memoryS3();
    s3.objects.set(`control/${credentialKey}`, credential());
    const receipts = receiptStore({ client: s3, bucket: "control" });
    const what = { verdict: "accepted" };
    await receipts.write({ businessDate: date, step: `validated-${judgement}`, who: "test", when: "", what });
    const handle = createHandler({
      controlBucket: "control",
      s3,
      airflow: client,
      logOf: () => jsonLog({}, () => {}),
      now: () => new Date(),
      sleep: (milliseconds) => sleep(milliseconds / 5),
    });
    const end = Date.now() + 220_000;
    const ask = () =>
      handle({ businessDate: date }, { awsRequestId: "r", getRemainingTimeInMillis: () => end - Date.now() + 60_000 });

    const runId = `sales_daily__${date}__${judgement}`;
    expect(await ask()).to.deep.equal({ runs: [{ businessDate: date, runId, triggered: true }] });
    // The same again, as Lambda would after an answer that got lost.
    expect(await ask()).to.deep.equal({ runs: [{ businessDate: date, runId, triggered: false }] });

    const key = (await readCredential(s3, "control", new Date())) as Credential;
    expect(await client.login({ ...key, password: "of the boot before" })).to.equal(null);
    const token = (await client.login(key)) as string;
    const run = { dagId: "sales_daily", dagRunId: "sales_daily__x", conf: { business_date: "30.06.2017" }, note: "" };
    const refusal = await client.trigger(token, run).catch((error: unknown) => error);
    expect(refusal).to.have.property("code", "AIRFLOW_REFUSED");
    expect(await client.trigger(token, { ...run, dagId: "no_such_dag", conf: {} })).to.equal("not yet");
    expect(await client.trigger("no-token", { ...run, conf: { business_date: date } })).to.equal("not yet");
  });

  it("asks the gate in the name of who began a run by the form, with what it says", async () => {
    const { url, host } = running as { url: string; host: Host };
    const call = async (method: string, at: string, body?: object, token?: string) => {
      const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const headers = { "content-type": "application/json", ...authorization };
      const answer = await fetch(`${url}${at}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      expect(answer.ok, `${method} ${at} ${answer.status}`).to.equal(true);
      return (answer.status === 204 ? {} : await answer.json()) as { readonly access_token?: string };
    };
    const { admin: password } = JSON.parse(host.read("run/passwords.json"));
    const { access_token: token } = await call("POST", "/auth/token", { username: "admin", password });
    // One run at a time: that of the test before is not to be run here.
    const runs = "/api/v2/dags/sales_daily/dagRuns";
    await call("DELETE", `${runs}/sales_daily__${date}__${judgement}`, undefined, token);
    await call("PATCH", "/api/v2/dags/sales_daily", { is_paused: false }, token);
    // What the form sends: its fields as conf, with what was left empty.
    const asked = async (dag_run_id: string, by: string | null, reason: string | null) => {
      const conf = { business_date: date, by, reason, left_to_spark: null };
      await call("POST", runs, { dag_run_id, conf, logical_date: null, note: null }, token);
      for (const end = Date.now() + 120_000; Date.now() < end; await sleep(500)) {
        for (const event of await messages(aws as LocalAws, queue)) {
          const { wish } = parseTrigger(event, { landingBucket: "landing", timeZone: "UTC" });
          if (wish?.id === dag_run_id) return { ...wish, ...parsePipelineEvent(event) };
        }
      }
      throw new Error(`nobody was asked by ${dag_run_id}`);
    };
    const { detail, ...first } = await asked("manual__1", "Ada Lovelace", "the source delivered again");
    expect(detail).to.include({ businessDate: date });
    expect(first).to.deep.include({
      ...{ id: "manual__1", by: "Ada Lovelace (admin in Airflow)", reason: "the source delivered again" },
      wantsRun: true,
    });
    expect(await asked("manual__2", null, null)).to.deep.include({ by: "admin in Airflow", reason: null });
  });
});
