import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ImageRepositoryArgs {
  readonly kmsKeyArn: pulumi.Input<string>;
  /** How many images are kept: the newest, to go back to. @default 5 */
  readonly keep?: number;
}

/** Where an image of ours is pushed: encrypted, scanned, and a tag never means another image later. */
export class ImageRepository extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** `123456789012.dkr.ecr.eu-central-1.amazonaws.com/name` */
  readonly url: pulumi.Output<string>;
  readonly ref: { readonly arn: pulumi.Output<string>; readonly url: pulumi.Output<string> };

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:host:ImageRepository", name, {}, opts);

    const repository = new aws.ecr.Repository(
      `${name}-repository`,
      {
        name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.kmsKeyArn }],
      },
      { parent: this },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: "The newest images",
              selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: args.keep ?? 5 },
              action: { type: "expire" },
            },
          ],
        }),
      },
      { parent: this },
    );

    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
    this.ref = { arn: this.arn, url: this.url };
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}
