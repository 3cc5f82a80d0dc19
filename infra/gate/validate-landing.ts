import * as pulumi from "@pulumi/pulumi";
import { pickSourceSettings, type SourceSettings } from "@sales-etl/etl-core/contract";
import { NodeFunction } from "../common/node-function.ts";
import { keepReceipts, tellOthers } from "../common/policy.ts";
import type { ResourceRef } from "../common/resource-ref.ts";

export interface ValidateLandingArgs {
  readonly code: pulumi.asset.Archive;
  readonly landing: ResourceRef;
  readonly control: ResourceRef;
  readonly eventBus: ResourceRef;
  /** Beside what is here: how the source delivers tables where that is not as the contract says. */
  readonly checks: SourceSettings & {
    /** IANA zone in which a business date ends. */
    readonly timeZone: string;
    /** How many days back dates are looked for that nothing was said of yet. */
    readonly lookBackDays: number;
    /** A table with more on a date is left to the Spark step. */
    readonly largestTableMiB: number;
    /** An alert when a table has more than so many times the usual rows, or less than one part in so many. */
    readonly volumeFactor: number;
    /** By when the last day must be published: hour of the day in `nightlyTimeZone`. Until then what is missing is waited for. */
    readonly publishedByHour: number;
    readonly nightlyTimeZone: string;
  };
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** The Lambda that checks what has landed, and says whether the night's work may begin. */
export class ValidateLanding extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;

  constructor(name: string, args: ValidateLandingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:gate:ValidateLanding", name, {}, opts);

    const { code, kmsKeyArn, alertsTopicArn, logRetentionDays } = args;
    const lambda = new NodeFunction(
      name,
      {
        description: "Checks presence and integrity of what has landed",
        code,
        kmsKeyArn,
        alertsTopicArn,
        logRetentionDays,
        // It streams every file of a night: one whole CPU, and all the time that Lambda gives.
        timeoutSeconds: 900,
        memoryMiB: 1769,
        environment: {
          LANDING_BUCKET: args.landing.name,
          CONTROL_BUCKET: args.control.name,
          EVENT_BUS_NAME: args.eventBus.name,
          TIME_ZONE: args.checks.timeZone,
          SOURCE_SETTINGS: JSON.stringify(pickSourceSettings(args.checks)),
          LOOK_BACK_DAYS: String(args.checks.lookBackDays),
          LARGEST_TABLE_MIB: String(args.checks.largestTableMiB),
          VOLUME_FACTOR: String(args.checks.volumeFactor),
          PUBLISHED_BY_HOUR: String(args.checks.publishedByHour),
          NIGHTLY_TIME_ZONE: args.checks.nightlyTimeZone,
        },
        statements: statements(args),
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

const statements = ({ landing, control, eventBus }: ValidateLandingArgs) => [
  {
    Sid: "ListBuckets",
    Effect: "Allow" as const,
    Action: ["s3:ListBucket"],
    // The control bucket, too: without it S3 answers 403 instead of 404 for a receipt that is not there yet.
    Resource: [landing.arn, control.arn],
  },
  {
    Sid: "ReadLanding",
    Effect: "Allow" as const,
    Action: ["s3:GetObject"],
    Resource: [pulumi.interpolate`${landing.arn}/*`],
  },
  {
    Sid: "WriteReports",
    Effect: "Allow" as const,
    Action: ["s3:PutObject"],
    Resource: [pulumi.interpolate`${landing.arn}/_manifest/dt=*/report.json`],
  },
  keepReceipts(control),
  tellOthers(eventBus),
];
