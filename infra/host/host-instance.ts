import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkKind, NetworkRef } from "../network/network.ts";

export interface HostSettings {
  /** Graviton, of at least 4 GiB. */
  readonly instanceType: string;
  readonly volumeGiB: number;
}

export interface HostInstanceArgs {
  readonly settings: HostSettings;
  readonly network: NetworkRef;
  /** In public subnets a host has a public address while it runs, which nobody may call. */
  readonly networkKind: NetworkKind;
  readonly securityGroupId: pulumi.Input<string>;
  readonly instanceProfileName: pulumi.Input<string>;
  readonly userData: pulumi.Input<string>;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/**
 * An instance that runs containers: Amazon Linux on Graviton, metadata for requests with a token only, its volume encrypted.
 * `<name>-instance`, a child of `parent`.
 */
export const hostInstance = (name: string, args: HostInstanceArgs, parent: pulumi.Resource): aws.ec2.Instance =>
  new aws.ec2.Instance(
    `${name}-instance`,
    {
      ami: aws.ssm.getParameterOutput(
        { name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" },
        { parent },
      ).value,
      instanceType: args.settings.instanceType,
      subnetId: pulumi.output(args.network.subnetIds).apply(([first]) => first as string),
      associatePublicIpAddress: args.networkKind === "public",
      vpcSecurityGroupIds: [args.securityGroupId],
      iamInstanceProfile: args.instanceProfileName,
      metadataOptions: { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 },
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: args.settings.volumeGiB,
        encrypted: true,
        kmsKeyId: args.kmsKeyArn,
        deleteOnTermination: true,
      },
      // Bursts are bought by the hour otherwise.
      creditSpecification: { cpuCredits: "standard" },
      instanceInitiatedShutdownBehavior: "stop",
      userData: args.userData,
      userDataReplaceOnChange: true,
      tags: { Name: name },
      volumeTags: { Name: name },
    },
    // A newer image of Amazon Linux alone is no reason to lose what the volume holds: docs/operate.md says how to take it.
    { parent, ignoreChanges: ["ami"] },
  );
