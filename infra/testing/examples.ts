/** Arguments that many components' tests share. */
import * as pulumi from "@pulumi/pulumi";
import type { BucketName } from "../storage/buckets.ts";

export const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
export const alertsTopicArn = "arn:aws:sns:eu-central-1:123456789012:alerts";
export const common = { kmsKeyArn, alertsTopicArn, logRetentionDays: 14 };

export const code = new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset("export {}") });

export const bucketRef = (name: BucketName) => ({ name, arn: `arn:aws:s3:::${name}` });

export const eventBus = { name: "bus", arn: "arn:aws:events:eu-central-1:123456789012:event-bus/bus" };

export const network = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], s3PrefixListId: "pl-1" };
