import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkKind, NetworkRef } from "../network/network.ts";
import { supersetPort } from "./superset-access.ts";

export interface BalancerArgs {
  readonly instanceId: pulumi.Input<string>;
  readonly network: NetworkRef;
  /** In public subnets it has a public address: who may call it is its security group's to say. */
  readonly networkKind: NetworkKind;
  /** One of the company's; it decides who reaches Superset's sign-in. */
  readonly securityGroupId: string;
  /** Of ACM, for the name that people use. */
  readonly certificateArn: string;
}

/** Names of balancers have at most 32 characters; ours are longer, and AWS makes the rest of these up. */
const namePrefix = "bi-";

/** HTTPS in front of Superset. Who signs in is Superset's to decide, at the identity provider. */
export class Balancer extends pulumi.ComponentResource {
  /** What the name that people use must point to. */
  readonly dnsName: pulumi.Output<string>;

  constructor(name: string, args: BalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:bi:Balancer", name, {}, opts);
    const child = { parent: this };

    const balancer = new aws.lb.LoadBalancer(
      `${name}-lb`,
      {
        namePrefix,
        internal: args.networkKind === "private",
        loadBalancerType: "application",
        securityGroups: [args.securityGroupId],
        subnets: args.network.subnetIds,
        dropInvalidHeaderFields: true,
        // The policy pack asks for a word of whoever pays by the hour.
        tags: { "idle-cost": "accepted" },
      },
      child,
    );
    const targets = new aws.lb.TargetGroup(
      `${name}-targets`,
      {
        namePrefix,
        port: supersetPort,
        protocol: "HTTP",
        targetType: "instance",
        vpcId: args.network.vpcId,
        healthCheck: { path: "/health", matcher: "200", interval: 30 },
        deregistrationDelay: 30,
      },
      child,
    );
    new aws.lb.TargetGroupAttachment(
      `${name}-target`,
      { targetGroupArn: targets.arn, targetId: args.instanceId, port: supersetPort },
      child,
    );
    new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: args.certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
      },
      child,
    );

    this.dnsName = balancer.dnsName;
    this.registerOutputs({ dnsName: this.dnsName });
  }
}
