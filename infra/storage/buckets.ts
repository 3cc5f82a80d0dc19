import * as pulumi from "@pulumi/pulumi";
import type { ResourceRef } from "../common/resource-ref.ts";
import { SecureBucket, type SecureBucketArgs } from "../common/secure-bucket.ts";

export interface BucketsArgs {
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Days that exported files are kept. */
  readonly landingRetentionDays: number;
  /** Days for which nobody, not even an administrator, can delete an exported file. @default none */
  readonly landingLockDays?: number | undefined;
  readonly logRetentionDays: number;
}

/** What each bucket is for. */
export const bucketNames = [
  /** What the source exports. */
  "landing",
  /** The tables' files. */
  "warehouse",
  /** Rows that were rejected: an Iceberg table, so that no file of it may end by its age. */
  "quarantine",
  /** Receipts, the writer's lease, tonight's credential of Airflow. */
  "control",
  /** Programs and job flows. */
  "artifacts",
  /** Logs of clusters and tasks, answers of Athena. */
  "logs",
] as const;

export type BucketName = (typeof bucketNames)[number];

/** The buckets of an environment, named `<name>-<bucket>`. */
export class Buckets extends pulumi.ComponentResource {
  readonly refs: Readonly<Record<BucketName, ResourceRef>>;

  constructor(name: string, args: BucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:storage:Buckets", name, {}, opts);

    const { kmsKeyArn, landingRetentionDays, landingLockDays, logRetentionDays } = args;
    const special: { readonly [bucket in BucketName]?: Omit<SecureBucketArgs, "kmsKeyArn"> } = {
      landing: { expireAfterDays: landingRetentionDays, lockDays: landingLockDays, notifyEventBridge: true },
      logs: { expireAfterDays: logRetentionDays },
    };
    const entries = bucketNames.map((bucket) => {
      const made = new SecureBucket(`${name}-${bucket}`, { kmsKeyArn, ...special[bucket] }, { parent: this });
      const ref: ResourceRef = { arn: made.arn, name: made.bucketName };
      return [bucket, ref] as const;
    });

    this.refs = Object.fromEntries(entries) as Record<BucketName, ResourceRef>;
    this.registerOutputs({ refs: this.refs });
  }
}
