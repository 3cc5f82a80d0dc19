/** The stacks foundation and pipeline, really made in a local AWS: what is tested is what is deployed. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { LocalAws } from "@sales-etl/local-aws";
import type { Recorded } from "../../infra/testing/record.ts";
import { runFoundation, runPipeline } from "../../infra/testing/stacks.ts";
import { type CreatorOptions, creator } from "./create.ts";

export interface Deployment {
  readonly instanceId: string;
  /** What the host does at its first boot. */
  readonly userData: string;
  readonly buckets: Readonly<Record<"landing" | "control" | "warehouse", string>>;
  readonly databaseName: string;
  /** `s3://...` of the file that clusters are made from. */
  readonly jobFlowUri: string;
  readonly bus: string;
  readonly alertsTopicArn: string;
  readonly functionNames: Readonly<Record<"hostPower" | "triggerDag" | "validateLanding", string>>;
  /** A schedule of the pipeline strikes: its function is called with its input. */
  strike(schedule: "nightly" | "dead-man"): Promise<void>;
  /** As a person does with `aws lambda invoke`; throws what the function threw. */
  invoke(functionName: string, input: object): Promise<unknown>;
}

export interface DeployArgs extends CreatorOptions {
  readonly aws: LocalAws;
  /** After the foundation, before the pipeline: what landed by then. */
  readonly land: (landingBucket: string) => Promise<void>;
}

export async function deploy({ aws, land, ...options }: DeployArgs): Promise<Deployment> {
  const create = creator(aws, options);
  const { region } = aws.clientConfig;
  // Saturday's is the last of the nights.
  const maintenance = JSON.stringify({ weekday: "SAT" });
  const config = { "sales-etl:region": region, "sales-etl:maintenance": maintenance };
  const more = { create, config, place: { account: "000000000000", region } };
  const foundation = await runFoundation("dev", "as it is", more);
  const { buckets, bus, databaseName, alertsTopicArn } = foundation.result;
  await land(buckets.landing.name);
  const { result, resources } = await runPipeline("dev", "as it is", { ...more, foundation: foundation.result });
  const lambda = new LambdaClient(aws.clientConfig);
  const call = async (FunctionName: string, input: object, InvocationType: "Event" | "RequestResponse") => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName, InvocationType, Payload: JSON.stringify(input) }),
    );
    const answer = Payload?.transformToString() ?? "";
    if (FunctionError !== undefined) throw new Error(answer);
    return answer === "" ? null : JSON.parse(answer);
  };
  return {
    ...{ instanceId: result.airflowInstanceId, functionNames: result.functionNames, databaseName, alertsTopicArn },
    bus: bus.name,
    buckets: { landing: buckets.landing.name, control: buckets.control.name, warehouse: buckets.warehouse.name },
    jobFlowUri: result.jobFlowUri,
    userData: only(resources, "aws:ec2/instance:Instance").inputs.userData,
    async strike(schedule) {
      const found = resources.filter(({ name }) => name === `sales-etl-dev-${schedule}-schedule`);
      const { target } = only(found, "aws:scheduler/schedule:Schedule").inputs;
      const input = target.input.replace("<aws.scheduler.scheduled-time>", new Date().toISOString());
      await call(target.arn.split(":").at(-1), JSON.parse(input), "Event");
    },
    invoke: (functionName, input) => call(functionName, input, "RequestResponse"),
  };
}

function only(resources: readonly Recorded[], type: string): Recorded {
  const [found, ...others] = resources.filter((one) => one.type === type);
  if (found === undefined || others.length > 0) throw new Error(`not one resource is of the type ${type}`);
  return found;
}
