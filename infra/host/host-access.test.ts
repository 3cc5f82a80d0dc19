import { expect } from "chai";
import { network } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { HostAccess } from "./host-access.ts";

describe("HostAccess", () => {
  const make = () => record(() => new HostAccess("own", network).hostGroupId);

  it("lets nobody but the caller's group to Airflow's API, and nobody to anything else", async () => {
    const { resources, inputsOf } = await make();
    const ways = resources.filter(({ type }) => type.includes("IngressRule"));
    expect(ways.map(({ name }) => name)).to.deep.equal(["own-api-in"]);
    expect(inputsOf("own-api-in")).to.deep.equal({
      securityGroupId: "own-host-id",
      referencedSecurityGroupId: "own-caller-id",
      description: "Airflow's API",
      ipProtocol: "tcp",
      fromPort: 8080,
      toPort: 8080,
    });
    for (const { inputs } of resources.filter(({ type }) => type.includes("SecurityGroup "))) {
      expect(inputs).not.to.have.any.keys("ingress", "egress");
    }
  });

  it("lets the caller out to the host and S3 only, the host by HTTPS", async () => {
    const { resources, inputsOf } = await make();
    const out = resources.filter(({ type }) => type.includes("EgressRule")).map(({ name }) => name);
    expect(out).to.have.members(["own-api-out", "own-s3-out", "own-https-out"]);
    expect(inputsOf("own-s3-out")).to.deep.include({ securityGroupId: "own-caller-id", prefixListId: "pl-1" });
    expect(inputsOf("own-https-out")).to.deep.include({ securityGroupId: "own-host-id", fromPort: 443, toPort: 443 });
  });
});
