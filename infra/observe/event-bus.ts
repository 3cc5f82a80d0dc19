import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface PipelineBusArgs {
  /** The bus' own name. */
  readonly busName: string;
  /** Days for which events can be looked at and sent again. */
  readonly archiveDays: number;
}

/** Where the parts of the pipeline tell each other, and what they told. */
export class PipelineBus extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly busName: pulumi.Output<string>;
  readonly ref: { readonly arn: pulumi.Output<string>; readonly name: pulumi.Output<string> };

  constructor(name: string, args: PipelineBusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:observe:PipelineBus", name, {}, opts);

    const bus = new aws.cloudwatch.EventBus(`${name}-bus`, { name: args.busName }, { parent: this });
    new aws.cloudwatch.EventArchive(
      `${name}-archive`,
      {
        name: args.busName,
        description: "All that the pipeline told",
        eventSourceArn: bus.arn,
        retentionDays: args.archiveDays,
      },
      { parent: this },
    );

    this.arn = bus.arn;
    this.busName = bus.name;
    this.ref = { arn: this.arn, name: this.busName };
    this.registerOutputs({ arn: this.arn, busName: this.busName });
  }
}
