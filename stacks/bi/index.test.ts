import { expect } from "chai";
import { idOf } from "../../infra/testing/record.ts";
import { environments, runBi } from "../../infra/testing/stacks.ts";

for (const environment of environments) {
  describe(`the dashboards, ${environment}`, () => {
    const name = `sales-etl-${environment}-superset`;
    const running = runBi(environment);

    it("are an image, and Superset with its hours", async () => {
      const { childrenOf, resources, result } = await running;
      const top = resources.filter(({ parent, type }) => parent === undefined && !type.startsWith("pulumi:"));
      expect(top.map((one) => `${one.type} ${one.name}`)).to.have.members([
        `sales-etl:host:HostImage ${name}`,
        `sales-etl:bi:Superset ${name}`,
      ]);
      expect(childrenOf(name)).to.include(`sales-etl:bi:OpeningHours ${name}-hours`);
      expect(result).to.deep.equal({
        supersetInstanceId: idOf("aws:ec2/instance:", `${name}-host-instance`),
        adminSecretName: `${name}-host-secret`,
        balancerName: undefined,
      });
    });

    it("read the warehouse of their environment", async () => {
      const { inputsOf } = await running;
      const { userData } = inputsOf(`${name}-host-instance`);
      expect(userData).to.include(`/sales_etl_${environment}?work_group=sales-etl-${environment}-queries\n`);
      expect(userData).to.include(`SUPERSET_IMAGE=${name}-image@sha256:0a\n`);
    });

    it("can be destroyed", async () => {
      expect((await running).resources.filter(({ protect }) => protect)).to.deep.equal([]);
    });
  });
}
