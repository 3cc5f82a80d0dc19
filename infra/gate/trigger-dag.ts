import * as pulumi from "@pulumi/pulumi";
import { type FunctionNetwork, NodeFunction } from "../common/node-function.ts";
import { keepReceipts } from "../common/policy.ts";
import type { ResourceRef } from "../common/resource-ref.ts";

export interface TriggerDagArgs {
  readonly code: pulumi.asset.Archive;
  readonly control: ResourceRef;
  /** `http://10.20.1.7:8080` */
  readonly airflowUrl: pulumi.Input<string>;
  /** From there the host is reached, and of AWS nothing but S3. */
  readonly network: FunctionNetwork;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** The Lambda that begins the DAG's run of an accepted date. */
export class TriggerDag extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;

  constructor(name: string, args: TriggerDagArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:gate:TriggerDag", name, {}, opts);

    const { code, control, airflowUrl, network, kmsKeyArn, alertsTopicArn, logRetentionDays } = args;
    const lambda = new NodeFunction(
      name,
      {
        description: "Begins the runs of accepted dates once Airflow is up",
        code,
        network,
        kmsKeyArn,
        alertsTopicArn,
        logRetentionDays,
        // A host takes minutes to boot, its first boot the longest.
        timeoutSeconds: 900,
        memoryMiB: 256,
        environment: { CONTROL_BUCKET: control.name, AIRFLOW_URL: airflowUrl },
        statements: [
          // Without it S3 answers 403 instead of 404 for what is not there yet.
          { Sid: "ListControl", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [control.arn] },
          {
            Sid: "ReadTonightsCredential",
            Effect: "Allow",
            Action: ["s3:GetObject"],
            Resource: [pulumi.interpolate`${control.arn}/airflow/credential.json`],
          },
          keepReceipts(control),
        ],
      },
      { parent: this },
    );

    this.arn = lambda.arn;
    this.functionName = lambda.functionName;
    this.deadLetterQueueArn = lambda.deadLetterQueueArn;
    this.registerOutputs({
      arn: this.arn,
      functionName: this.functionName,
      deadLetterQueueArn: this.deadLetterQueueArn,
    });
  }
}
