import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface HostAccessArgs {
  readonly vpcId: pulumi.Input<string>;
  /** All that is S3's. */
  readonly s3PrefixListId: pulumi.Input<string>;
}

/** Airflow's API. */
export const airflowPort = 8080;

/** Who reaches the host of Airflow: `trigger-dag` its API, nobody else anything. People use Session Manager. */
export class HostAccess extends pulumi.ComponentResource {
  readonly hostGroupId: pulumi.Output<string>;
  readonly callerGroupId: pulumi.Output<string>;

  constructor(name: string, args: HostAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:host:HostAccess", name, {}, opts);
    const child = { parent: this };
    const group = (suffix: string, description: string) =>
      new aws.ec2.SecurityGroup(
        `${name}-${suffix}`,
        { description, vpcId: args.vpcId, tags: { Name: `${name}-${suffix}` } },
        child,
      );

    const host = group("host", "The host of Airflow");
    const caller = group("caller", "Who begins runs in Airflow");
    const api = { description: "Airflow's API", ipProtocol: "tcp", fromPort: airflowPort, toPort: airflowPort };
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-api-in`,
      { securityGroupId: host.id, referencedSecurityGroupId: caller.id, ...api },
      child,
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-api-out`,
      { securityGroupId: caller.id, referencedSecurityGroupId: host.id, ...api },
      child,
    );
    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-s3-out`,
      { securityGroupId: caller.id, prefixListId: args.s3PrefixListId, description: "S3", ...https },
      child,
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-https-out`,
      { securityGroupId: host.id, cidrIpv4: "0.0.0.0/0", description: "AWS, packages and images", ...https },
      child,
    );

    this.hostGroupId = host.id;
    this.callerGroupId = caller.id;
    this.registerOutputs({ hostGroupId: this.hostGroupId, callerGroupId: this.callerGroupId });
  }
}
