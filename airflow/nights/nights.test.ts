/**
 * Nights from end to end: the stacks as they are deployed, in a local AWS; the Lambdas' bundles; the host with a real Airflow,
 * on and off as EC2 says; the real Spark job as the cluster's step. What the fact must be was worked by hand, see
 * spark/tests/fixtures/tiny/README.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeInstancesCommand, EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { EMRClient, ListClustersCommand, ListStepsCommand } from "@aws-sdk/client-emr";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { GetTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type PipelineEvent, parsePipelineEvent } from "@sales-etl/etl-core/events";
import { addDays } from "@sales-etl/etl-core/landing";
import { type ReceiptStore, receiptStore } from "@sales-etl/etl-core/receipts";
import { type LocalAws, startLocalAws } from "@sales-etl/local-aws";
import { assert } from "chai";
import { submit } from "../../packages/cli/src/spark/submit.ts";
import type { Closing } from "../../packages/lambdas/src/host-power/closing.ts";
import { createQueue, messages, queueArn } from "../../packages/lambdas/test/queue.ts";
import { freePort } from "../../packages/local-aws/src/emulator.ts";
import { pythonEnvironment } from "../../scripts/python/environment.ts";
import { type Deployment, deploy } from "./deployment.ts";
import { type Delivery, deliveries, weekOf } from "./landing.ts";
import { type Machine, plugIn } from "./machine.ts";
import { sparkHere } from "./spark-here.ts";
import { subscribeQueue } from "./topic.ts";

const GRACE_SECONDS = 6;
const MINUTES = 60_000;

describe("nights on AWS, as far as a machine can be one", function () {
  this.timeout(15 * MINUTES);
  const usual = { ...process.env };
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-nights-"));
  const { friday, saturday } = deliveries(new Date());
  let aws: LocalAws | undefined;
  let machine: Machine | undefined;
  let deployment: Deployment;
  let receipts: ReceiptStore;
  let s3: S3Client;
  const queues = { events: "", alerts: "" };

  const land = async (Bucket: string, { files, manifest }: Delivery) => {
    for (const [Key, Body] of files) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    await s3.send(new PutObjectCommand({ Bucket, Key: manifest.key, Body: manifest.text }));
  };

  before(async function () {
    const stepRunner = [process.execPath, "--conditions=@sales-etl/source", path.join(import.meta.dirname, "step.ts")];
    const python = await pythonEnvironment("airflow", "airflow/requirements-test.txt");
    if (typeof python !== "string") return this.skip();
    const started = await startLocalAws({ stepRunner: (endpoint) => [...stepRunner, folder, endpoint] });
    if ("missing" in started) return this.skip();
    aws = started;
    // For the Spark session of this process: its client of Glue looks for credentials there.
    Object.assign(process.env, aws.env);
    s3 = new S3Client(aws.clientConfig);
    const port = await freePort();
    deployment = await deploy({
      aws,
      variables: { AIRFLOW_URL: `http://127.0.0.1:${port}`, GRACE_MINUTES: String(GRACE_SECONDS / 60) },
      land: (bucket) => land(bucket, friday),
    });
    await listen(aws);
    receipts = receiptStore({ client: s3, bucket: deployment.buckets.control });
    const { instanceId, userData } = deployment;
    await new EC2Client(aws.clientConfig).send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    machine = await plugIn({ aws, python, port, folder, instanceId, userData });
    await until("the host is off", async () => (await machine?.state()) === "stopped");
  });

  after(async () => {
    await machine?.stop();
    await aws?.stop();
    process.env = usual;
    if (process.env.KEEP_NIGHTS !== undefined) console.log(folder);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  let afterFriday: string;
  let fridaysView: string;
  /** Said on the night before, once: Friday was there, and Saturday not yet. */
  const waitedFor = ["LandingIncomplete"];

  it("a night that goes well: from the clock to a published fact, and all off again", async () => {
    await deployment.strike("nightly");
    const closing = await closed(friday, "");
    assert.equal(closing.result, "succeeded");
    // What the job has counted; a late row is of the week before.
    const weeks = [weekOf(addDays(friday.businessDate, -7)), weekOf(friday.businessDate)].map(Number);
    assert.deepInclude(closing.load ?? {}, { rowsRejected: 0, periodsRestated: weeks });
    assert.deepEqual(await told(friday), ["LandingAccepted", "RunEnded succeeded"]);
    assert.deepEqual(await alerts(), []);
    await nothingRuns(["TERMINATED"]);
    await endedInOrder(friday, closing);
    assert.equal(machine?.boots(), 1);
    afterFriday = await factSnapshot();
    fridaysView = await viewText();
    assert.include(fridaysView, ` FOR VERSION AS OF ${afterFriday}\n`);
  });

  it("a night whose step dies half-way through publishing: all off, a person told, readers see the last good fact", async () => {
    writeFileSync(path.join(folder, "KILL_AT"), "published:sales");
    // It lands while the host is off: its manifest wakes everything.
    await land(deployment.buckets.landing, saturday);
    const closing = await closed(saturday, "");
    assert.deepInclude(closing, { result: "failed", load: null });
    assert.deepEqual(await told(saturday), [...waitedFor, "LandingAccepted", "RunEnded failed"]);
    const [alert = "", ...others] = await alerts();
    assert.isEmpty(others);
    assert.match(alert, new RegExp(`The run sales_daily__${saturday.businessDate}__[0-9a-f]{16} of .* has failed`));
    await nothingRuns(["TERMINATED", "TERMINATED"]);
    await endedInOrder(saturday, closing);
    assert.equal(machine?.boots(), 2);
    assert.equal(await factSnapshot(), afterFriday);
    // Sales are already those of Saturday; who joins tables through the view reads them all as of Friday.
    assert.equal(await viewText(), fridaysView);
  });

  it("the next night: nothing is begun by itself, and the clock's host is off again", async () => {
    await deployment.strike("nightly");
    await until("the host is on", async () => machine?.boots() === 3);
    await sleep(GRACE_SECONDS * 1000);
    await until("the host is off", async () => {
      await deployment.strike("dead-man");
      await sleep(1000);
      return (await machine?.state()) === "stopped";
    });
    await nothingRuns(["TERMINATED", "TERMINATED"]);
    assert.deepEqual(await told(saturday), [...waitedFor, "LandingAccepted", "RunEnded failed"]);
  });

  it("a person begins it again, as docs/operate.md says: what was half published is finished, and all is off", async () => {
    const { hostPower, triggerDag } = deployment.functionNames;
    await deployment.invoke(hostPower, { action: "ensure-running" });
    await deployment.invoke(triggerDag, { businessDate: saturday.businessDate, attempt: 2 });
    const closing = await closed(saturday, "-2");
    assert.equal(closing.result, "succeeded");
    await nothingRuns(["TERMINATED", "TERMINATED", "TERMINATED"]);
    assert.lengthOf(await alerts(), 1);
    const repaired = await factSnapshot();
    assert.include(await viewText(), ` FOR VERSION AS OF ${repaired}\n`);
    // Friday's cluster had one step, Saturday's first one ended with it.
    const [ofFriday, ofSaturday, ...others] = await steps();
    assert.deepEqual([ofFriday?.length, ofSaturday?.length], [1, 1]);
    assert.deepEqual(others, [[`weekly fact ${saturday.businessDate}: COMPLETED`, "maintain the tables: COMPLETED"]]);
    const [before, after] = await facts([afterFriday, repaired]);
    const [last, week] = [weekOf(addDays(friday.businessDate, -7)), weekOf(friday.businessDate)];
    assert.deepEqual(before, [
      `${last},1,10,2.00,7.00,3.5000,`,
      `${week},1,10,3.00,10.00,3.3333,5.00`,
      `${week},1,20,0.00,0.00,,12.50`,
      `${week},2,10,2.00,8.00,4.0000,7.00`,
      `${week},2,20,10.00,20.00,2.0000,4.00`,
    ]);
    assert.deepEqual(after, [
      `${last},1,10,2.00,7.00,3.5000,`,
      `${week},1,10,3.00,10.00,3.3333,0.00`,
      `${week},1,20,0.00,0.00,,12.50`,
      `${week},1,30,0.30,1.00,3.3333,`,
      `${week},2,10,-1.00,-4.00,,10.00`,
      `${week},2,20,8.00,-0.01,-0.0013,4.00`,
      `${week},2,30,100.00,10.00,0.1000,900.00`,
    ]);
  });

  async function listen(local: LocalAws) {
    const eventBridge = new EventBridgeClient(local.clientConfig);
    queues.events = await createQueue(local, "night-events");
    queues.alerts = await createQueue(local, "night-alerts");
    const rule = { EventBusName: deployment.bus, EventPattern: JSON.stringify({ source: ["sales-etl"] }) };
    await eventBridge.send(new PutRuleCommand({ ...rule, Name: "night-events" }));
    const Targets = [{ Id: "queue", Arn: queueArn("night-events") }];
    await eventBridge.send(new PutTargetsCommand({ EventBusName: deployment.bus, Rule: "night-events", Targets }));
    await subscribeQueue(local, deployment.alertsTopicArn, queueArn("night-alerts"));
  }

  /** Of a date, in order. */
  async function told({ businessDate }: Delivery): Promise<string[]> {
    const events = (await messages(aws as LocalAws, queues.events)).map(parsePipelineEvent);
    return events.flatMap(({ detailType, detail }: PipelineEvent) => {
      if (!("businessDate" in detail) || detail.businessDate !== businessDate) return [];
      return "result" in detail ? [`${detailType} ${detail.result}`] : [detailType];
    });
  }

  /** What a person was sent. */
  async function alerts(): Promise<string[]> {
    const sent = (await messages(aws as LocalAws, queues.alerts)) as { Message: string }[];
    return sent.map(({ Message }) => Message);
  }

  /** The last receipt of a run; written once cluster and host are off. */
  async function closed({ businessDate }: Delivery, attempt: string): Promise<Closing> {
    let found: Closing | undefined;
    await until(`the run of ${businessDate} is closed`, async () => {
      const listed = await receipts.list(businessDate);
      const receipt = listed.find(
        (one) => one.businessDate === businessDate && new RegExp(`^closed-[0-9a-f]{16}${attempt}$`).test(one.step),
      );
      if (receipt === undefined) return false;
      found = (await receipts.read(receipt))?.what as Closing;
      return true;
    });
    return found as Closing;
  }

  /** Of what costs by the hour: the one instance, and all clusters that there ever were. */
  async function nothingRuns(clusters: string[]) {
    const { clientConfig } = aws as LocalAws;
    const { Reservations = [] } = await new EC2Client(clientConfig).send(new DescribeInstancesCommand({}));
    const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
    assert.deepEqual(states, ["stopped"]);
    const { Clusters = [] } = await new EMRClient(clientConfig).send(new ListClustersCommand({}));
    assert.deepEqual(
      Clusters.map(({ Status }) => String(Status?.State)),
      clusters,
    );
  }

  /** Of each cluster, in the order in which they came. */
  async function steps(): Promise<string[][]> {
    const emr = new EMRClient((aws as LocalAws).clientConfig);
    const { Clusters = [] } = await emr.send(new ListClustersCommand({}));
    const created = (one: (typeof Clusters)[number]) => one.Status?.Timeline?.CreationDateTime?.getTime() ?? 0;
    const inOrder = Clusters.toSorted((a, b) => created(a) - created(b));
    return Promise.all(
      inOrder.map(async ({ Id }) => {
        const { Steps = [] } = await emr.send(new ListStepsCommand({ ClusterId: Id }));
        return Steps.map(({ Name, Status }) => `${Name}: ${Status?.State}`)
          .sort()
          .reverse();
      }),
    );
  }

  /** First the cluster, then the word that the run is over, then after the grace the host. */
  async function endedInOrder({ businessDate }: Delivery, { cluster, host, dollars }: Closing) {
    const ended = (await receipts.list(businessDate)).find(
      (one) => one.businessDate === businessDate && one.step.startsWith("ended-"),
    );
    const moments = [cluster?.ended, ended?.written.toISOString(), host?.stopped].map((moment) =>
      Date.parse(moment ?? ""),
    );
    const [clusterEnded = Number.NaN, said = Number.NaN, hostStopped = Number.NaN] = moments;
    // Receipts' moments are in whole seconds.
    assert.isAtMost(clusterEnded - 1000, said);
    assert.isAtLeast(hostStopped - said, GRACE_SECONDS * 1000 - 1000);
    assert.match(dollars ?? "", /^0[.]\d{4}$/);
  }

  const textOf = async (uri: string) => {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? "";
  };

  /** Of the fact, what its readers see: too long a number for JSON.parse. */
  async function factSnapshot(): Promise<string> {
    const glue = new GlueClient((aws as LocalAws).clientConfig);
    const asked = new GetTableCommand({ DatabaseName: deployment.databaseName, Name: "weekly_fact" });
    const { Table } = await glue.send(asked);
    const text = await textOf(Table?.Parameters?.metadata_location ?? "");
    const [, snapshot] = /"main"\s*:\s*{\s*"snapshot-id"\s*:\s*(\d+)/.exec(text) ?? [];
    assert.isDefined(snapshot, text);
    return snapshot as string;
  }

  /** The SQL of the view that joins the fact with its dimensions. */
  async function viewText(): Promise<string> {
    const glue = new GlueClient((aws as LocalAws).clientConfig);
    const asked = new GetTableCommand({ DatabaseName: deployment.databaseName, Name: "weekly_fact_with_dimensions" });
    const { Table } = await glue.send(asked);
    const [, packed = ""] = /^\/\* Presto View: (\S+) \*\/$/.exec(Table?.ViewOriginalText ?? "") ?? [];
    return JSON.parse(Buffer.from(packed, "base64").toString()).originalSql;
  }

  /** The fact's rows in these snapshots, read by a Spark session of its own. */
  async function facts(snapshots: readonly string[]): Promise<string[][]> {
    const { jobFlow } = JSON.parse(await textOf(deployment.jobFlowUri));
    const rows: string[][] = [];
    const { code, output } = await submit({
      ...(await sparkHere(jobFlow.Configurations, (aws as LocalAws).endpoint)),
      program: path.join(import.meta.dirname, "fact.py"),
      args: [`glue_catalog.${deployment.databaseName}.weekly_fact`, ...snapshots],
      onLine: (line) => rows.push(line.rows as string[]),
    });
    assert.equal(code, 0, output);
    return rows;
  }

  async function until(what: string, condition: () => Promise<boolean>) {
    const end = performance.now() + 12 * MINUTES;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
      await sleep(500);
    }
  }
});
