import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { denyWithoutTls, policyDocument } from "./policy.ts";

export interface SecureBucketArgs {
  /** The key that objects are encrypted with. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Days after which an object ends. @default never */
  readonly expireAfterDays?: number;
  /** Days that a replaced or deleted version can still be brought back. @default 30 */
  readonly keepOldVersionsDays?: number;
  /** Days for which nobody can delete an object or shorten this time. Only for a new bucket. @default none */
  readonly lockDays?: number | undefined;
  /** Whether S3 tells EventBridge about every new object. @default false */
  readonly notifyEventBridge?: boolean;
  /** Lets `pulumi destroy` delete the bucket together with what is in it. @default false */
  readonly forceDestroy?: boolean;
}

/** A versioned bucket that is private, encrypted and reached over TLS only. */
export class SecureBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** The bucket's name. Known once it is versioned: an object written earlier could not be brought back. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: SecureBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:SecureBucket", name, {}, opts);
    const child = { parent: this };

    const lock = args.lockDays === undefined ? {} : { objectLockEnabled: true };
    const bucket = new aws.s3.Bucket(`${name}-bucket`, { forceDestroy: args.forceDestroy ?? false, ...lock }, child);
    const versioning = this.#keepVersions(name, bucket);
    this.#encrypt(name, bucket, args.kmsKeyArn);
    this.#keepPrivate(name, bucket);
    this.#expire(name, bucket, versioning, args);
    if (args.notifyEventBridge ?? false) {
      new aws.s3.BucketNotification(`${name}-notification`, { bucket: bucket.bucket, eventbridge: true }, child);
    }

    if (args.lockDays !== undefined) {
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { bucket: bucket.bucket, rule: { defaultRetention: { mode: "COMPLIANCE", days: args.lockDays } } },
        { parent: this, dependsOn: versioning },
      );
    }

    this.arn = bucket.arn;
    this.bucketName = versioning.bucket;
    this.registerOutputs({ arn: this.arn, bucketName: this.bucketName });
  }

  #keepVersions(name: string, { bucket }: aws.s3.Bucket) {
    return new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
  }

  #encrypt(name: string, { bucket }: aws.s3.Bucket, kmsMasterKeyId: pulumi.Input<string>) {
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        // The bucket key saves nearly all calls of KMS, which cost more than the storage of many small files.
        rules: [
          { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId }, bucketKeyEnabled: true },
        ],
      },
      { parent: this },
    );
  }

  #keepPrivate(name: string, { bucket, arn }: aws.s3.Bucket) {
    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      { parent: this },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket, policy: policyDocument(denyWithoutTls("s3:*", [arn, pulumi.interpolate`${arn}/*`])) },
      // S3 refuses two changes of a bucket's policy settings at once.
      { parent: this, dependsOn: block },
    );
  }

  #expire(name: string, { bucket }: aws.s3.Bucket, versioning: aws.s3.BucketVersioning, args: SecureBucketArgs) {
    const rules: aws.types.input.s3.BucketLifecycleConfigurationRule[] = [
      {
        id: "old-versions-and-broken-uploads",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: args.keepOldVersionsDays ?? 30 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ];
    if (args.expireAfterDays !== undefined) {
      rules.push({ id: "retention", status: "Enabled", filter: {}, expiration: { days: args.expireAfterDays } });
    }
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket, rules },
      { parent: this, dependsOn: versioning },
    );
  }
}
