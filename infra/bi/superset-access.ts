import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface SupersetAccessArgs {
  readonly vpcId: pulumi.Input<string>;
  /** The balancer's security group, which may call Superset. @default nobody may */
  readonly balancerGroupId?: pulumi.Input<string> | undefined;
}

/** Superset's web server. */
export const supersetPort = 8088;

/** Who reaches the host of Superset: its balancer, where there is one. Otherwise people use Session Manager. */
export class SupersetAccess extends pulumi.ComponentResource {
  readonly hostGroupId: pulumi.Output<string>;

  constructor(name: string, args: SupersetAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:bi:SupersetAccess", name, {}, opts);
    const child = { parent: this };

    const host = new aws.ec2.SecurityGroup(
      `${name}-host`,
      { description: "The host of Superset", vpcId: args.vpcId, tags: { Name: `${name}-host` } },
      child,
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-https-out`,
      {
        securityGroupId: host.id,
        cidrIpv4: "0.0.0.0/0",
        description: "AWS, packages, images and the identity provider",
        ...{ ipProtocol: "tcp", fromPort: 443, toPort: 443 },
      },
      child,
    );
    if (args.balancerGroupId !== undefined) {
      const web = { ipProtocol: "tcp", fromPort: supersetPort, toPort: supersetPort, description: "Superset" };
      const balancer = args.balancerGroupId;
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-web-in`,
        { securityGroupId: host.id, referencedSecurityGroupId: balancer, ...web },
        child,
      );
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-web-out`,
        { securityGroupId: balancer, referencedSecurityGroupId: host.id, ...web },
        child,
      );
    }

    this.hostGroupId = host.id;
    this.registerOutputs({ hostGroupId: this.hostGroupId });
  }
}
