import { expect } from "chai";
import { arnOf } from "../../infra/testing/record.ts";
import { environments, runSource } from "../../infra/testing/stacks.ts";

for (const environment of environments) {
  describe(`the source, ${environment}`, () => {
    it("makes nothing where somebody of the account writes the files", async () => {
      const { resources, result } = await runSource(environment);
      expect(resources.filter(({ type }) => !/^(pulumi|sales-etl):/.test(type))).to.deep.equal([]);
      expect(result).to.deep.equal({ writerRoleArn: undefined, exportTask: undefined });
    });
  });
}

describe("the source, with Snowflake", () => {
  const prefix = "sales-etl-prod";
  const running = runSource("prod", "everything");

  it("is access and export", async () => {
    const { childrenOf, result } = await running;
    expect(childrenOf(prefix)).to.deep.equal([
      "pulumi:providers:snowflake sales-etl-prod-snowflake",
      "sales-etl:source:SnowflakeAccess sales-etl-prod-snowflake",
      "sales-etl:source:SnowflakeExport sales-etl-prod-export",
    ]);
    expect(result).to.deep.equal({
      writerRoleArn: arnOf(`${prefix}-snowflake-export-role`),
      exportTask: `"RETAIL"."PUBLIC"."${prefix}-export-task"`,
    });
  });

  it("writes to the landing of its environment", async () => {
    const { inputsOf } = await running;
    expect(inputsOf(`${prefix}-export-stage`).url).to.equal(`s3://${prefix}-landing-bucket/`);
    expect(inputsOf(`${prefix}-snowflake-integration`).storageAllowedLocations).to.deep.equal([
      `s3://${prefix}-landing-bucket/`,
    ]);
  });
});
