import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { SecureBucket } from "./secure-bucket.ts";

const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";

describe("SecureBucket", () => {
  it("is private, versioned, encrypted and reached over TLS only", async () => {
    const { childrenOf, inputsOf, result } = await record(() => {
      const { arn, bucketName } = new SecureBucket("data", { kmsKeyArn });
      return { arn, bucketName };
    });
    expect(childrenOf("data")).to.deep.equal([
      "aws:s3/bucket:Bucket data-bucket",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration data-lifecycle",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls data-ownership",
      "aws:s3/bucketPolicy:BucketPolicy data-policy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock data-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration data-encryption",
      "aws:s3/bucketVersioning:BucketVersioning data-versioning",
    ]);
    const bucket = "data-bucket";
    expect(inputsOf("data-bucket")).to.deep.equal({ forceDestroy: false });
    expect(inputsOf("data-versioning")).to.deep.equal({ bucket, versioningConfiguration: { status: "Enabled" } });
    expect(inputsOf("data-encryption")).to.deep.equal({
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    expect(inputsOf("data-public-access")).to.deep.equal({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputsOf("data-ownership")).to.deep.equal({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    expect(statementsOf(inputsOf("data-policy").policy)).to.deep.equal({
      DenyWithoutTls: {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: ["s3:*"],
        Resource: [arnOf("data-bucket"), `${arnOf("data-bucket")}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    });
    expect(inputsOf("data-lifecycle").rules).to.deep.equal([
      {
        id: "old-versions-and-broken-uploads",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
    expect(result).to.deep.equal({ arn: arnOf("data-bucket"), bucketName: "data-bucket" });
  });

  it("takes retention, EventBridge and, asked for, the loss of its data", async () => {
    const { inputsOf, resources } = await record(
      () =>
        new SecureBucket(
          "data",
          { kmsKeyArn, expireAfterDays: 90, keepOldVersionsDays: 7, notifyEventBridge: true, forceDestroy: true },
          { protect: true },
        ).arn,
    );
    expect(inputsOf("data-lifecycle").rules[0].noncurrentVersionExpiration).to.deep.equal({ noncurrentDays: 7 });
    expect(inputsOf("data-lifecycle").rules[1]).to.deep.equal({
      id: "retention",
      status: "Enabled",
      filter: {},
      expiration: { days: 90 },
    });
    expect(inputsOf("data-notification")).to.deep.equal({ bucket: "data-bucket", eventbridge: true });
    expect(inputsOf("data-bucket")).to.deep.equal({ forceDestroy: true });
    expect(resources.filter(({ protect }) => !protect)).to.deep.equal([]);
  });
});
