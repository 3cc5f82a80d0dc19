/** Makes the resources of a program in a local AWS, as far as a night needs them; the others are only recorded. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateCrawlerCommand, CreateDatabaseCommand, GlueClient } from "@aws-sdk/client-glue";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type * as pulumi from "@pulumi/pulumi";
import { uploadArtifacts } from "@sales-etl/etl-core/artifacts";
import type { LocalAws } from "@sales-etl/local-aws";
import type { RecordOptions } from "../../infra/testing/record.ts";
import { createQueue, queueArn } from "../../packages/lambdas/test/queue.ts";
import { createTopic } from "./topic.ts";

const execute = promisify(execFile);

export interface CreatorOptions {
  /** Variables of functions that cannot be as deployed: where Airflow is, how long the grace is. */
  readonly variables: Readonly<Record<string, string>>;
}

type Create = NonNullable<RecordOptions["create"]>;
// biome-ignore lint/suspicious/noExplicitAny: inputs of any type
type Maker = (name: string, inputs: any) => Promise<{ readonly id: string; readonly state: object }>;

export function creator(aws: LocalAws, { variables }: CreatorOptions): Create {
  const [s3, glue] = [new S3Client(aws.clientConfig), new GlueClient(aws.clientConfig)];
  const [lambda, ec2] = [new LambdaClient(aws.clientConfig), new EC2Client(aws.clientConfig)];
  const eventBridge = new EventBridgeClient(aws.clientConfig);
  const onBus = ({ eventBusName }: { eventBusName?: string }) => (eventBusName ? { EventBusName: eventBusName } : {});

  const makers: Readonly<Record<string, Maker>> = {
    "aws:s3/bucket:Bucket": async (name) => {
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      return { id: name, state: { bucket: name, arn: `arn:aws:s3:::${name}` } };
    },
    "aws:s3/bucketVersioning:BucketVersioning": async (_, { bucket, versioningConfiguration: { status } }) => {
      const VersioningConfiguration = { Status: status };
      await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
      return { id: bucket, state: {} };
    },
    "aws:s3/bucketNotification:BucketNotification": async (_, { bucket, eventbridge }) => {
      const NotificationConfiguration = eventbridge ? { EventBridgeConfiguration: {} } : {};
      await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
      return { id: bucket, state: {} };
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": async (_, { bucket, key, content, source, contentType }) => {
      const Body = content ?? (await bytesOf(aws, source));
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: contentType }));
      return { id: key, state: {} };
    },
    "pulumi-nodejs:dynamic/sales-etl:ArtifactSet": async (_, inputs) => {
      const version = await uploadArtifacts({ client: s3, ...inputs });
      return { id: `s3://${inputs.bucket}/${inputs.prefix}`, state: { version } };
    },
    "aws:cloudwatch/eventBus:EventBus": async (_, { name }) => {
      const { EventBusArn } = await eventBridge.send(new CreateEventBusCommand({ Name: name }));
      return { id: name, state: { arn: EventBusArn } };
    },
    // It is made by who writes to it; a rule's target must have an ARN of its service.
    "aws:cloudwatch/logGroup:LogGroup": async (resource, { name = resource }) => {
      const arn = `arn:aws:logs:${aws.clientConfig.region}:000000000000:log-group:${name}`;
      return { id: name, state: { name, arn } };
    },
    "aws:cloudwatch/eventRule:EventRule": async (resource, inputs) => {
      // As Pulumi does: components of one stack may name their rules alike.
      const name = `${resource}-${randomUUID().slice(0, 7)}`;
      const rule = { ...onBus(inputs), Name: name, EventPattern: inputs.eventPattern };
      const { RuleArn } = await eventBridge.send(new PutRuleCommand(rule));
      return { id: name, state: { name, arn: RuleArn } };
    },
    "aws:cloudwatch/eventTarget:EventTarget": async (name, inputs) => {
      const { inputPaths, inputTemplate } = inputs.inputTransformer ?? {};
      const transformed =
        inputTemplate === undefined
          ? {}
          : { InputTransformer: { InputPathsMap: inputPaths, InputTemplate: inputTemplate } };
      const Targets = [{ Id: name, Arn: inputs.arn, ...transformed }];
      await eventBridge.send(new PutTargetsCommand({ ...onBus(inputs), Rule: inputs.rule, Targets }));
      return { id: name, state: {} };
    },
    "aws:sns/topic:Topic": async (name) => {
      const arn = await createTopic(aws, name);
      return { id: arn, state: { arn } };
    },
    "aws:sqs/queue:Queue": async (name) => {
      const url = await createQueue(aws, name);
      return { id: url, state: { url, arn: queueArn(name) } };
    },
    "aws:glue/catalogDatabase:CatalogDatabase": async (_, { name }) => {
      await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
      return { id: name, state: {} };
    },
    "aws:glue/crawler:Crawler": async (resource, { name = resource, databaseName }) => {
      const Targets = { CatalogTargets: [{ DatabaseName: databaseName, Tables: ["sales"] }] };
      await glue.send(new CreateCrawlerCommand({ Name: name, Role: "crawler", DatabaseName: databaseName, Targets }));
      return { id: name, state: { name } };
    },
    "aws:lambda/function:Function": async (name, { handler, runtime, timeout, memorySize, code, environment }) => {
      const deployed = environment.variables as Record<string, string>;
      const own = Object.entries(variables).filter(([variable]) => variable in deployed);
      const made = await lambda.send(
        new CreateFunctionCommand({
          ...{ FunctionName: name, Handler: handler, Runtime: runtime, Timeout: timeout, MemorySize: memorySize },
          Role: "arn:aws:iam::000000000000:role/own",
          Code: { ZipFile: await bytesOf(aws, code) },
          Environment: { Variables: { ...deployed, ...Object.fromEntries(own) } },
        }),
      );
      return { id: name, state: { name, arn: made.FunctionArn } };
    },
    "aws:lambda/permission:Permission": async (name, { action, function: FunctionName, principal, sourceArn }) => {
      const permission = { Action: action, FunctionName, Principal: principal, SourceArn: sourceArn };
      await lambda.send(new AddPermissionCommand({ StatementId: randomUUID(), ...permission }));
      return { id: name, state: {} };
    },
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": async (name, inputs) => {
      const OnFailure = { Destination: inputs.destinationConfig.onFailure.destination };
      await lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          ...{ FunctionName: inputs.functionName, MaximumRetryAttempts: inputs.maximumRetryAttempts },
          DestinationConfig: { OnFailure },
        }),
      );
      return { id: name, state: {} };
    },
    "aws:ec2/instance:Instance": async (_, { ami, instanceType }) => {
      const wanted = { ImageId: ami, MinCount: 1, MaxCount: 1, InstanceType: instanceType };
      const { Instances } = await ec2.send(new RunInstancesCommand(wanted));
      const { InstanceId = "", PrivateIpAddress } = Instances?.[0] ?? {};
      return { id: InstanceId, state: { privateIp: PrivateIpAddress } };
    },
  };
  return async ({ type, name, inputs }) => (await makers[type]?.(name, inputs)) ?? null;
}

/** An asset's file, or an archive as a zip. */
async function bytesOf(aws: LocalAws, asset: pulumi.asset.Asset | pulumi.asset.Archive): Promise<Uint8Array> {
  if ("text" in asset) return Buffer.from((await asset.text) as string);
  if ("path" in asset) return readFile((await asset.path) as string);
  const folder = await mkdtemp(path.join(tmpdir(), "sales-etl-zip-"));
  try {
    const assets = (await (asset as pulumi.asset.AssetArchive).assets) as Record<string, pulumi.asset.FileAsset>;
    for (const [name, file] of Object.entries(assets)) {
      await mkdir(path.dirname(path.join(folder, "in", name)), { recursive: true });
      if ("text" in file) await writeFile(path.join(folder, "in", name), (await file.text) as string);
      else await cp(await file.path, path.join(folder, "in", name));
    }
    const [top] = [[...new Set(Object.keys(assets).map((name) => name.split("/")[0] ?? ""))]];
    await execute(aws.python, ["-m", "zipfile", "-c", path.join(folder, "zip"), ...top], {
      cwd: path.join(folder, "in"),
    });
    return await readFile(path.join(folder, "zip"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
