import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { identifier, SnowflakeAccess } from "./snowflake-access.ts";
import { snowflakeProvider } from "./snowflake-provider.ts";

describe("SnowflakeAccess", () => {
  const account = {
    organization: "ACME",
    account: "RETAIL",
    user: "DEPLOY",
    role: "SALES_ETL",
    warehouse: "SALES_ETL",
  };
  const make = () =>
    record(() => {
      const provider = snowflakeProvider("snow", account);
      const { integrationName, roleArn } = new SnowflakeAccess("own-snowflake", {
        landing: bucketRef("landing"),
        kmsKeyArn,
        provider,
      });
      return { integrationName, roleArn };
    });

  it("is an integration and a role", async () => {
    const { childrenOf, result } = await make();
    expect(childrenOf("own-snowflake")).to.deep.equal([
      "sales-etl:source:ExportRole own-snowflake-export",
      "snowflake:index/storageIntegration:StorageIntegration own-snowflake-integration",
    ]);
    expect(result).to.deep.equal({ integrationName: "OWN_SNOWFLAKE", roleArn: arnOf("own-snowflake-export-role") });
  });

  it("tells Snowflake of the role before it is there, by the name that it will have", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("own-snowflake-integration")).to.deep.include({
      storageAwsRoleArn: "arn:aws:iam::123456789012:role/own-snowflake-role",
      storageAllowedLocations: ["s3://landing/"],
      storageProvider: "S3",
      enabled: true,
    });
    expect(inputsOf("own-snowflake-export-role").name).to.equal("own-snowflake-role");
  });

  it("trusts whom the integration says it is", async () => {
    const { inputsOf } = await make();
    const { TakeOnThisRole } = statementsOf(inputsOf("own-snowflake-export-role").assumeRolePolicy);
    expect(TakeOnThisRole).to.deep.include({
      Principal: { AWS: "arn:aws:iam::987654321098:user/snowflake" },
      Condition: { StringEquals: { "sts:ExternalId": "ACME_SFCRole=1_abc=" } },
    });
  });

  it("may what COPY INTO does, in the folders of dates, and remove no version", async () => {
    const { inputsOf } = await make();
    const statements = statementsOf(inputsOf("own-snowflake-export-policy").policy);
    expect(statements.ReplaceItsFiles).to.deep.include({
      Action: ["s3:DeleteObject", "s3:GetObject"],
      Resource: ["arn:aws:s3:::landing/*/dt=*"],
    });
    expect(Object.values(statements).flatMap(({ Action }) => Action)).not.to.include("s3:DeleteObjectVersion");
  });

  it("asks for what its provider calls a preview, and holds no key", async () => {
    const { inputsOf } = await make();
    const { privateKey, password, token, ...provider } = inputsOf("snow");
    expect([privateKey, password, token]).to.deep.equal([undefined, undefined, undefined]);
    expect(provider).to.include({ organizationName: "ACME", accountName: "RETAIL", authenticator: "SNOWFLAKE_JWT" });
    expect(JSON.parse(provider.previewFeaturesEnabled)).to.include("snowflake_storage_integration_resource");
  });

  it("writes names as SQL without quotes reads them", () => {
    expect(identifier("sales-etl-dev-snowflake")).to.equal("SALES_ETL_DEV_SNOWFLAKE");
  });
});
