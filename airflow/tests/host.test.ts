/** The boot script, and the Lambda trigger-dag against the real Airflow that it configures. */
import { setTimeout as sleep } from "node:timers/promises";
import { receiptStore } from "@sales-etl/etl-core/receipts";
import { expect } from "chai";
import { jsonLog } from "../../packages/lambdas/src/log.ts";
import { airflow, type Credential } from "../../packages/lambdas/src/trigger-dag/airflow.ts";
import { credentialKey, readCredential } from "../../packages/lambdas/src/trigger-dag/credential.ts";
import { createHandler } from "../../packages/lambdas/src/trigger-dag/handler.ts";
import { memoryS3 } from "../../packages/lambdas/test/memory-s3.ts";
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
  after(() => {
    for (const made of hosts) made.stop();
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
    const { boot, credential, start } = host();
    boot();
    const client = airflow({ url: await start() });
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
});
