import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { managedPolicyTag } from "@sales-etl/etl-core/emr";
import { FlowLogs } from "./flow-logs.ts";
import { subnetRanges } from "./subnet-ranges.ts";

/**
 * `public`: hosts get a public address while they run, and nobody may call them; idle, it costs nothing.
 * `private`: hosts have private addresses only and go out through a NAT gateway, which costs by the hour.
 */
export type NetworkKind = "public" | "private";

export interface NetworkArgs {
  /** @default "public" */
  readonly kind?: NetworkKind;
  /** Of the whole network: a /16 to /22, e.g. `10.20.0.0/16`. */
  readonly range: string;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** A network that another stack made. */
export interface NetworkRef {
  readonly vpcId: pulumi.Input<string>;
  /** Where hosts, clusters and functions belong: one a zone. */
  readonly subnetIds: pulumi.Input<string[]>;
  /** For rules of security groups: all that is S3's. */
  readonly s3PrefixListId: pulumi.Input<string>;
}

interface Routed {
  readonly subnets: readonly aws.ec2.Subnet[];
  readonly table: aws.ec2.RouteTable;
}

/** A network in two zones; without a rule of a security group nothing in it can be called, not even from inside. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Where hosts, clusters and functions belong: one a zone. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** For rules of security groups: all that is S3's. */
  readonly s3PrefixListId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:network:Network", name, {}, opts);

    const ranges = subnetRanges(args.range);
    const vpc = this.#vpc(name, args.range);
    const open = this.#public(name, vpc, ranges.public, args.kind ?? "public");
    const inside = args.kind === "private" ? this.#private(name, vpc, ranges.private, open) : undefined;
    const s3 = this.#s3(name, vpc, [open, ...(inside === undefined ? [] : [inside])]);
    const { kmsKeyArn, logRetentionDays } = args;
    new FlowLogs(`${name}-flow-logs`, { vpcId: vpc.id, kmsKeyArn, logRetentionDays }, { parent: this });

    this.vpcId = vpc.id;
    this.subnetIds = pulumi.all((inside ?? open).subnets.map(({ id }) => id));
    this.s3PrefixListId = s3.prefixListId;
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds, s3PrefixListId: this.s3PrefixListId });
  }

  #vpc(name: string, cidrBlock: string) {
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: name, ...forEmr } },
      { parent: this },
    );
    // Taken over to be emptied: what names no group of its own gets this one.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${name}-unused` } },
      { parent: this },
    );
    return vpc;
  }

  #public(name: string, vpc: aws.ec2.Vpc, ranges: readonly string[], kind: NetworkKind): Routed {
    const gateway = new aws.ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: { Name: name } },
      { parent: this },
    );
    const table = this.#routeTable(`${name}-public`, vpc);
    new aws.ec2.Route(
      `${name}-public-out`,
      { routeTableId: table.id, destinationCidrBlock: everywhere, gatewayId: gateway.id },
      { parent: this },
    );
    // EMR gives its nodes an address only where the subnet does.
    const subnets = this.#subnets(`${name}-public`, vpc, table, ranges, kind === "public");
    return { subnets, table };
  }

  #private(name: string, vpc: aws.ec2.Vpc, ranges: readonly string[], { subnets: [first] }: Routed): Routed {
    const address = new aws.ec2.Eip(`${name}-nat-address`, { domain: "vpc", tags: { Name: name } }, { parent: this });
    // One for both zones: a night that a zone's failure spoils is run again, a second gateway costs every hour.
    const nat = new aws.ec2.NatGateway(
      `${name}-nat`,
      {
        allocationId: address.id,
        subnetId: (first as aws.ec2.Subnet).id,
        // By the setting: priced in infra/cost.
        tags: { Name: name, "idle-cost": "accepted" },
      },
      { parent: this },
    );
    const table = this.#routeTable(`${name}-private`, vpc);
    new aws.ec2.Route(
      `${name}-private-out`,
      { routeTableId: table.id, destinationCidrBlock: everywhere, natGatewayId: nat.id },
      { parent: this },
    );
    return { subnets: this.#subnets(`${name}-private`, vpc, table, ranges, false), table };
  }

  #routeTable(name: string, vpc: aws.ec2.Vpc) {
    return new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, tags: { Name: name } }, { parent: this });
  }

  #subnets(
    name: string,
    vpc: aws.ec2.Vpc,
    table: aws.ec2.RouteTable,
    ranges: readonly string[],
    mapPublicIpOnLaunch: boolean,
  ) {
    const zones = aws.getAvailabilityZonesOutput(
      // Without local zones, which lack most services.
      { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
      { parent: this },
    );
    return ranges.map((cidrBlock, index) => {
      const subnet = new aws.ec2.Subnet(
        `${name}-${index}`,
        {
          vpcId: vpc.id,
          cidrBlock,
          availabilityZone: zones.names.apply((names) => names[index] ?? ""),
          mapPublicIpOnLaunch,
          tags: { Name: `${name}-${index}`, ...forEmr },
        },
        { parent: this },
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-${index}-routes`,
        { subnetId: subnet.id, routeTableId: table.id },
        { parent: this },
      );
      return subnet;
    });
  }

  /** S3 without the internet and without a price. */
  #s3(name: string, vpc: aws.ec2.Vpc, routed: readonly Routed[]) {
    const { region } = aws.getRegionOutput({}, { parent: this });
    return new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: pulumi.interpolate`com.amazonaws.${region}.s3`,
        routeTableIds: routed.map(({ table }) => table.id),
        tags: { Name: `${name}-s3` },
      },
      { parent: this },
    );
  }
}

const everywhere = "0.0.0.0/0";

/** EMR's role may use only what carries it. */
const forEmr = { [managedPolicyTag.key]: managedPolicyTag.value };
