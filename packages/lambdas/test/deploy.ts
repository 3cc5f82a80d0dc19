/** Deploys a bundle of the gate into a local AWS, as the deployment does: buckets, bus, Lambda, the rule that invokes it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { LocalAws } from "@sales-etl/local-aws";
import { createQueue, queueArn } from "./queue.ts";

const execute = promisify(execFile);

async function zipOf(aws: LocalAws, bundle: string): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), "sales-etl-zip-"));
  try {
    const zip = path.join(folder, "function.zip");
    await execute(aws.python, ["-m", "zipfile", "-c", zip, "index.mjs"], { cwd: path.dirname(bundle) });
    return await readFile(zip);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface DeployOptions {
  /** Of the function, in seconds. @default 60 */
  readonly timeout?: number;
  /** Whether a manifest that arrives invokes it. @default true */
  readonly byManifest?: boolean;
  /** Of its environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Deploys `bundle`; every name begins with `name`, so that two gates can stand side by side. */
export async function deploy(aws: LocalAws, name: string, bundle: string, options: DeployOptions = {}) {
  const s3 = new S3Client(aws.clientConfig);
  const lambda = new LambdaClient(aws.clientConfig);
  const eventBridge = new EventBridgeClient(aws.clientConfig);
  const landing = `${name}-landing`;
  const control = `${name}-control`;
  const bus = `${name}-bus`;

  const queueUrl = await createQueue(aws, `${name}-events`);
  for (const Bucket of [landing, control]) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: landing, VersioningConfiguration: { Status: "Enabled" } }));
  await eventBridge.send(new CreateEventBusCommand({ Name: bus }));
  const everything = { EventBusName: bus, Rule: `${name}-observe` };
  await eventBridge.send(
    new PutRuleCommand({
      EventBusName: bus,
      Name: everything.Rule,
      EventPattern: JSON.stringify({ source: ["sales-etl"] }),
    }),
  );
  await eventBridge.send(
    new PutTargetsCommand({ ...everything, Targets: [{ Id: "queue", Arn: queueArn(`${name}-events`) }] }),
  );

  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/validate-landing",
      Timeout: options.timeout ?? 60,
      MemorySize: 512,
      Code: { ZipFile: await zipOf(aws, bundle) },
      Environment: {
        Variables: {
          LANDING_BUCKET: landing,
          CONTROL_BUCKET: control,
          EVENT_BUS_NAME: bus,
          TIME_ZONE: "America/Chicago",
          ...{ LOOK_BACK_DAYS: "7", LARGEST_TABLE_MIB: "1", VOLUME_FACTOR: "3" },
          ...{ PUBLISHED_BY_HOUR: "6", NIGHTLY_TIME_ZONE: "UTC" },
          ...options.variables,
        },
      },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });

  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      StatementId: "rules",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
    }),
  );
  /** The rules of the deployment: what invokes the gate. */
  const wake = async (suffix: string, pattern: object, on: { EventBusName?: string } = {}) => {
    const Rule = `${name}-${suffix}`;
    await eventBridge.send(new PutRuleCommand({ ...on, Name: Rule, EventPattern: JSON.stringify(pattern) }));
    await eventBridge.send(new PutTargetsCommand({ ...on, Rule, Targets: [{ Id: "gate", Arn: FunctionArn }] }));
  };
  await wake("requested", { source: ["sales-etl"], "detail-type": ["GateRequested"] }, { EventBusName: bus });
  if (options.byManifest !== false) {
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: landing,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
    await wake("arrived", {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [landing] }, object: { key: [{ wildcard: "_manifest/*/manifest.json" }] } },
    });
  }
  return { s3, lambda, landing, control, queueUrl };
}
