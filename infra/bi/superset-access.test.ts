import { expect } from "chai";
import { network } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { SupersetAccess } from "./superset-access.ts";

describe("SupersetAccess", () => {
  const make = (balancerGroupId?: string) =>
    record(() => new SupersetAccess("own", { vpcId: network.vpcId, balancerGroupId }).hostGroupId);

  it("lets nobody in, and the host out by HTTPS", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("own")).to.deep.equal([
      "aws:ec2/securityGroup:SecurityGroup own-host",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule own-https-out",
    ]);
    expect(inputsOf("own-host")).not.to.have.any.keys("ingress", "egress");
    expect(inputsOf("own-https-out")).to.include({ securityGroupId: "own-host-id", fromPort: 443, toPort: 443 });
    expect(result).to.equal("own-host-id");
  });

  it("lets the balancer to the web server alone", async () => {
    const { resources, inputsOf } = await make("sg-1");
    expect(resources.filter(({ type }) => type.includes("IngressRule"))).to.have.length(1);
    const port = { ipProtocol: "tcp", fromPort: 8088, toPort: 8088, description: "Superset" };
    const [host, balancer] = ["own-host-id", "sg-1"];
    expect(inputsOf("own-web-in")).to.deep.equal({
      securityGroupId: host,
      referencedSecurityGroupId: balancer,
      ...port,
    });
    expect(inputsOf("own-web-out")).to.deep.equal({
      securityGroupId: balancer,
      referencedSecurityGroupId: host,
      ...port,
    });
  });
});
