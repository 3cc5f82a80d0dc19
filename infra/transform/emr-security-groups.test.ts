import { expect } from "chai";
import { record } from "../testing/record.ts";
import { EmrSecurityGroups } from "./emr-security-groups.ts";

describe("EmrSecurityGroups", () => {
  const make = (privateSubnets: boolean) =>
    record(() => new EmrSecurityGroups("emr", { vpcId: "vpc-1", privateSubnets }).ids);

  it("is a group of the primary node and one of the others, which let nobody in", async () => {
    const { childrenOf, inputsOf, result } = await make(false);
    expect(childrenOf("emr")).to.deep.equal([
      "aws:ec2/securityGroup:SecurityGroup emr-core-group",
      "aws:ec2/securityGroup:SecurityGroup emr-primary-group",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule emr-core-out",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule emr-primary-out",
    ]);
    expect(inputsOf("emr-primary-group")).to.deep.equal({
      description: "The primary node of EMR clusters",
      vpcId: "vpc-1",
      revokeRulesOnDelete: true,
      tags: { Name: "emr-primary", "for-use-with-amazon-emr-managed-policies": "true" },
    });
    expect(result).to.deep.equal({ primary: "emr-primary-group-id", core: "emr-core-group-id" });
  });

  it("gives EMR a way into private subnets, with no rule of ours", async () => {
    const { childrenOf, result } = await make(true);
    expect(childrenOf("emr").filter((child) => child.includes("service"))).to.deep.equal([
      "aws:ec2/securityGroup:SecurityGroup emr-service-group",
    ]);
    expect(result).to.have.property("serviceAccess", "emr-service-group-id");
  });
});
