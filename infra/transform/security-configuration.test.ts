import { expect } from "chai";
import { record } from "../testing/record.ts";
import { SecurityConfiguration } from "./security-configuration.ts";

describe("SecurityConfiguration", () => {
  it("encrypts disks and S3 with the key, and hides the nodes' role behind tokens", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
    const { childrenOf, inputsOf } = await record(
      () => new SecurityConfiguration("emr", { kmsKeyArn }).configurationName,
    );
    expect(childrenOf("emr")).to.deep.equal(["aws:emr/securityConfiguration:SecurityConfiguration emr-configuration"]);
    expect(JSON.parse(inputsOf("emr-configuration").configuration)).to.deep.equal({
      EncryptionConfiguration: {
        EnableAtRestEncryption: true,
        EnableInTransitEncryption: false,
        AtRestEncryptionConfiguration: {
          S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS", AwsKmsKey: kmsKeyArn },
          LocalDiskEncryptionConfiguration: {
            EncryptionKeyProviderType: "AwsKms",
            EnableEbsEncryption: true,
            AwsKmsKey: kmsKeyArn,
          },
        },
      },
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 1 },
    });
  });
});
