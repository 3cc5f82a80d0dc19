import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface SecurityConfigurationArgs {
  readonly kmsKeyArn: pulumi.Input<string>;
}

/**
 * How EMR's nodes keep what they write: disks and S3 with our key, and metadata only for who asks with a token. Nothing
 * is encrypted between the nodes: they are alone in their security groups, and certificates would have to be renewed.
 */
export class SecurityConfiguration extends pulumi.ComponentResource {
  readonly configurationName: pulumi.Output<string>;

  constructor(name: string, args: SecurityConfigurationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:SecurityConfiguration", name, {}, opts);

    const key = { AwsKmsKey: args.kmsKeyArn };
    const configuration = new aws.emr.SecurityConfiguration(
      `${name}-configuration`,
      {
        configuration: pulumi.jsonStringify({
          EncryptionConfiguration: {
            EnableAtRestEncryption: true,
            EnableInTransitEncryption: false,
            AtRestEncryptionConfiguration: {
              S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS", ...key },
              LocalDiskEncryptionConfiguration: {
                EncryptionKeyProviderType: "AwsKms",
                EnableEbsEncryption: true,
                ...key,
              },
            },
          },
          InstanceMetadataServiceConfiguration: {
            MinimumInstanceMetadataServiceVersion: 2,
            HttpPutResponseHopLimit: 1,
          },
        }),
      },
      { parent: this },
    );

    this.configurationName = configuration.name;
    this.registerOutputs({ configurationName: this.configurationName });
  }
}
