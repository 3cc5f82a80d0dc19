import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { managedPolicyTag, type SecurityGroups } from "@sales-etl/etl-core/emr";

export interface EmrSecurityGroupsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** In private subnets EMR reaches its nodes through a group of its own. */
  readonly privateSubnets: boolean;
}

/**
 * The groups of the night's nodes. EMR adds the rules that it needs among them and from its own service; none of ours
 * lets anybody in. The tag lets EMR's role do that.
 *
 * https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
 */
export class EmrSecurityGroups extends pulumi.ComponentResource {
  readonly ids: pulumi.Output<SecurityGroups>;

  constructor(name: string, args: EmrSecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:EmrSecurityGroups", name, {}, opts);

    const primary = this.#group(`${name}-primary`, "The primary node of EMR clusters", args);
    const core = this.#group(`${name}-core`, "The core and task nodes of EMR clusters", args);
    for (const [suffix, group] of Object.entries({ primary, core })) {
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-${suffix}-out`,
        { securityGroupId: group.id, description: "AWS and packages", ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
        { parent: this },
      );
    }
    const serviceAccess = args.privateSubnets
      ? this.#group(`${name}-service`, "EMR's way to the nodes of its clusters", args)
      : undefined;

    this.ids = pulumi.all([primary.id, core.id, serviceAccess?.id]).apply(([primaryId, coreId, serviceId]) => ({
      primary: primaryId,
      core: coreId,
      ...(serviceId === undefined ? {} : { serviceAccess: serviceId }),
    }));
    this.registerOutputs({ ids: this.ids });
  }

  #group(name: string, description: string, { vpcId }: EmrSecurityGroupsArgs) {
    return new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        description,
        vpcId,
        // EMR lets the groups name each other; neither could be deleted before the other.
        revokeRulesOnDelete: true,
        tags: { Name: name, [managedPolicyTag.key]: managedPolicyTag.value },
      },
      { parent: this },
    );
  }
}
