import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ResourceRef } from "../common/resource-ref.ts";
import type { NetworkKind, NetworkRef } from "../network/network.ts";
import { airflowPort, HostAccess } from "./host-access.ts";
import { HostRole, type HostRoleArgs } from "./host-role.ts";
import { userData } from "./user-data.ts";

export interface HostSettings {
  /** Graviton, of at least 4 GiB. */
  readonly instanceType: string;
  readonly volumeGiB: number;
}

export interface AirflowHostArgs extends Omit<HostRoleArgs, "logGroupArn"> {
  readonly settings: HostSettings;
  /** Airflow's image by digest. */
  readonly image: pulumi.Input<string>;
  readonly jobFlowUri: pulumi.Input<string>;
  readonly eventBus: ResourceRef;
  readonly network: NetworkRef;
  /** In public subnets the host has a public address while it runs, which nobody may call. */
  readonly networkKind: NetworkKind;
  readonly logRetentionDays: number;
}

/** The instance that runs Airflow for about an hour a night. Its history of runs is on its volume; nothing else is. */
export class AirflowHost extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** Of Airflow's API, inside the network: `http://10.20.1.7:8080`. The address stays while the host is off. */
  readonly url: pulumi.Output<string>;
  /** The security group from which the API may be called. */
  readonly callerGroupId: pulumi.Output<string>;

  constructor(name: string, args: AirflowHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:host:AirflowHost", name, {}, opts);
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/sales-etl/${name}`, kmsKeyId: args.kmsKeyArn, retentionInDays: args.logRetentionDays },
      child,
    );
    const role = new HostRole(`${name}-host`, { ...args, logGroupArn: logGroup.arn }, child);
    const { vpcId, s3PrefixListId } = args.network;
    const access = new HostAccess(`${name}-access`, { vpcId, s3PrefixListId }, child);
    const instance = this.#instance(name, args, role, access, logGroup);

    this.instanceId = instance.id;
    this.url = pulumi.interpolate`http://${instance.privateIp}:${airflowPort}`;
    this.callerGroupId = access.callerGroupId;
    this.registerOutputs({ instanceId: this.instanceId, url: this.url, callerGroupId: this.callerGroupId });
  }

  #instance(
    name: string,
    args: AirflowHostArgs,
    role: HostRole,
    access: HostAccess,
    logGroup: aws.cloudwatch.LogGroup,
  ) {
    const { settings, network, kmsKeyArn } = args;
    return new aws.ec2.Instance(
      `${name}-instance`,
      {
        ami: aws.ssm.getParameterOutput(
          { name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" },
          { parent: this },
        ).value,
        instanceType: settings.instanceType,
        subnetId: pulumi.output(network.subnetIds).apply(([first]) => first as string),
        associatePublicIpAddress: args.networkKind === "public",
        vpcSecurityGroupIds: [access.hostGroupId],
        iamInstanceProfile: role.instanceProfileName,
        metadataOptions: { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: settings.volumeGiB,
          encrypted: true,
          kmsKeyId: kmsKeyArn,
          deleteOnTermination: true,
        },
        // Bursts are bought by the hour otherwise.
        creditSpecification: { cpuCredits: "standard" },
        instanceInitiatedShutdownBehavior: "stop",
        userData: this.#userData(args, logGroup),
        userDataReplaceOnChange: true,
        tags: { Name: name },
        volumeTags: { Name: name },
      },
      // A newer image of Amazon Linux alone is no reason to lose the history: docs/operate.md says how to take it.
      { parent: this, ignoreChanges: ["ami"] },
    );
  }

  #userData({ image, jobFlowUri, buckets, eventBus }: AirflowHostArgs, logGroup: aws.cloudwatch.LogGroup) {
    const { region } = aws.getRegionOutput({}, { parent: this });
    return pulumi
      .all([region, image, jobFlowUri, buckets.control.name, buckets.logs.name, logGroup.name, eventBus.name])
      .apply(([regionName, airflowImage, uri, controlBucket, logsBucket, logGroupName, bus]) =>
        userData({
          region: regionName,
          airflowImage,
          jobFlowUri: uri,
          controlBucket,
          logsBucket,
          logGroup: logGroupName,
          eventBus: bus,
        }),
      );
  }
}
