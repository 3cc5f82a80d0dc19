import { expect } from "chai";
import { record } from "../testing/record.ts";
import { Network, type NetworkArgs } from "./network.ts";

const args: NetworkArgs = {
  range: "10.20.0.0/16",
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
  logRetentionDays: 14,
};

describe("Network", () => {
  const make = (kind?: "public" | "private") =>
    record(() => {
      const { vpcId, subnetIds } = new Network("net", kind === undefined ? args : { ...args, kind });
      return { vpcId, subnetIds };
    });

  it("is public subnets in two zones, S3 by an endpoint, and flow logs", async () => {
    const { childrenOf, inputsOf } = await make();
    expect(childrenOf("net")).to.deep.equal([
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup net-default",
      "aws:ec2/internetGateway:InternetGateway net-internet",
      "aws:ec2/route:Route net-public-out",
      "aws:ec2/routeTable:RouteTable net-public-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-0-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-1-routes",
      "aws:ec2/subnet:Subnet net-public-0",
      "aws:ec2/subnet:Subnet net-public-1",
      "aws:ec2/vpc:Vpc net-vpc",
      "aws:ec2/vpcEndpoint:VpcEndpoint net-s3",
      "sales-etl:network:FlowLogs net-flow-logs",
    ]);
    expect(inputsOf("net-public-1")).to.deep.equal({
      vpcId: "net-vpc-id",
      cidrBlock: "10.20.64.0/18",
      availabilityZone: "eu-central-1b",
      mapPublicIpOnLaunch: true,
      tags: { Name: "net-public-1", "for-use-with-amazon-emr-managed-policies": "true" },
    });
    expect(inputsOf("net-s3")).to.deep.include({
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.eu-central-1.s3",
      routeTableIds: ["net-public-routes-id"],
    });
  });

  it("lets nobody in: the default group is empty and there is no other", async () => {
    const { inputsOf, resources } = await make();
    expect(inputsOf("net-default")).to.deep.include({ vpcId: "net-vpc-id", ingress: [], egress: [] });
    expect(resources.filter(({ type }) => /securityGroup(IngressRule|Rule|:)/.test(type))).to.deep.equal([]);
  });

  it("as a private one has private subnets behind one NAT gateway, and gives nobody a public address", async () => {
    const { inputsOf, resources, result } = await make("private");
    expect(resources.filter(({ inputs }) => inputs.mapPublicIpOnLaunch === true)).to.deep.equal([]);
    expect(resources.filter(({ type }) => type.includes("NatGateway")).map(({ name }) => name)).to.deep.equal([
      "net-nat",
    ]);
    expect(inputsOf("net-nat").subnetId).to.equal((await made(resources, "net-public-0")).id);
    expect(inputsOf("net-private-out")).to.deep.equal({
      routeTableId: "net-private-routes-id",
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "net-nat-id",
    });
    expect(inputsOf("net-private-0").cidrBlock).to.equal("10.20.128.0/18");
    expect(inputsOf("net-s3").routeTableIds).to.deep.equal(["net-public-routes-id", "net-private-routes-id"]);
    expect(result.subnetIds).to.deep.equal([
      (await made(resources, "net-private-0")).id,
      (await made(resources, "net-private-1")).id,
    ]);
  });

  it("costs nothing by the hour when it is public", async () => {
    const { resources } = await make();
    expect(resources.filter(({ type }) => /NatGateway|:Eip$/.test(type))).to.deep.equal([]);
  });
});

/** The id that the mocks gave, seen from what is associated with it. */
const made = async (resources: readonly { name: string; inputs: { subnetId?: string } }[], name: string) => ({
  id: resources.find((resource) => resource.name === `${name}-routes`)?.inputs.subnetId,
});
