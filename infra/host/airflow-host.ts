import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ResourceRef } from "../common/resource-ref.ts";
import type { NetworkKind, NetworkRef } from "../network/network.ts";
import { airflowPort, HostAccess } from "./host-access.ts";
import { HostAlarms } from "./host-alarms.ts";
import { type HostSettings, hostInstance } from "./host-instance.ts";
import { HostRole, type HostRoleArgs } from "./host-role.ts";
import { userData as userDataOf } from "./user-data.ts";

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
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** The instance that runs Airflow for about an hour a night. Its history of runs is on its volume; nothing else is. */
export class AirflowHost extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** Under which it tells how it is. */
  readonly hostName: string;
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
    const { settings, network, networkKind, kmsKeyArn } = args;
    const who = { securityGroupId: access.hostGroupId, instanceProfileName: role.instanceProfileName };
    const userData = this.#userData(name, args, logGroup);
    const instance = hostInstance(name, { settings, network, networkKind, ...who, userData, kmsKeyArn }, this);

    const { alertsTopicArn } = args;
    new HostAlarms(`${name}-alarms`, { instanceId: instance.id, hostName: name, alertsTopicArn }, child);

    this.hostName = name;
    this.instanceId = instance.id;
    this.url = pulumi.interpolate`http://${instance.privateIp}:${airflowPort}`;
    this.callerGroupId = access.callerGroupId;
    this.registerOutputs({ instanceId: this.instanceId, url: this.url, callerGroupId: this.callerGroupId });
  }

  #userData(
    hostName: string,
    { image, jobFlowUri, buckets, eventBus, crawlerName }: AirflowHostArgs,
    logGroup: aws.cloudwatch.LogGroup,
  ) {
    const { region } = aws.getRegionOutput({}, { parent: this });
    return pulumi
      .all([
        region,
        image,
        jobFlowUri,
        buckets.control.name,
        buckets.logs.name,
        logGroup.name,
        eventBus.name,
        crawlerName,
      ])
      .apply(([regionName, airflowImage, uri, controlBucket, logsBucket, logGroupName, bus, crawler]) =>
        userDataOf({
          region: regionName,
          airflowImage,
          jobFlowUri: uri,
          controlBucket,
          logsBucket,
          logGroup: logGroupName,
          eventBus: bus,
          crawler,
          hostName,
        }),
      );
  }
}
