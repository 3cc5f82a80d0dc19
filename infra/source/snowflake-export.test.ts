import { relationsOf, snowflakeSql } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { record } from "../testing/record.ts";
import { SnowflakeExport } from "./snowflake-export.ts";
import { snowflakeProvider } from "./snowflake-provider.ts";

describe("SnowflakeExport", () => {
  const account = { organization: "ACME", account: "RETAIL", user: "DEPLOY", role: "SALES_ETL", warehouse: "small" };
  const make = () =>
    record(() => {
      const { procedureName } = new SnowflakeExport("own", {
        dataset: retail,
        landingBucketName: "the-landing",
        integrationName: "OWN_SNOWFLAKE",
        ...{ database: "retail", schema: "PUBLIC", warehouse: "small" },
        ...{ cron: "15 1 * * *", timeZone: "Europe/Berlin" },
        provider: snowflakeProvider("snow", account),
      });
      return procedureName;
    });

  it("is a stage, a format, a procedure and a task in one schema", async () => {
    const { childrenOf, inputsOf, resources } = await make();
    expect(childrenOf("own")).to.deep.equal([
      "snowflake:index/fileFormat:FileFormat own-format",
      "snowflake:index/procedureJavascript:ProcedureJavascript own-procedure",
      "snowflake:index/stage:Stage own-stage",
      "snowflake:index/task:Task own-task",
    ]);
    for (const name of ["format", "procedure", "stage", "task"]) {
      expect(inputsOf(`own-${name}`)).to.include({ database: "RETAIL", schema: "PUBLIC" });
    }
    expect(resources.filter(({ provider }) => provider.includes("snow"))).to.have.length(4);
  });

  it("writes as the contract's SQL does", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("own-stage")).to.include({
      name: "RETAIL_LANDING",
      url: "s3://the-landing/",
      storageIntegration: "OWN_SNOWFLAKE",
    });
    expect(inputsOf("own-format")).to.deep.include({
      name: "RETAIL_CSV",
      formatType: "CSV",
      compression: "GZIP",
      fieldOptionallyEnclosedBy: '"',
      escape: "NONE",
      escapeUnenclosedField: "NONE",
      nullIfs: [""],
      dateFormat: "YYYY-MM-DD",
    });
    const { procedureDefinition, ...procedure } = inputsOf("own-procedure");
    expect(procedure).to.deep.include({
      name: "RETAIL_EXPORT",
      arguments: [{ argName: "BUSINESS_DATE", argDataType: "VARCHAR" }],
      returnType: "VARIANT",
      executeAs: "OWNER",
    });
    expect(snowflakeSql(retail, relationsOf(retail))).to.include(`$$${procedureDefinition}$$`);
  });

  it("names only what it makes: the procedure's stage and format, the task's procedure", async () => {
    const { inputsOf } = await make();
    const { procedureDefinition } = inputsOf("own-procedure");
    // Without quotes, so in capitals.
    expect(procedureDefinition).to.include("COPY INTO '@retail_landing/").and.to.include("FORMAT_NAME = 'retail_csv'");
    expect(inputsOf("own-task")).to.deep.include({
      name: "RETAIL_EXPORT_NIGHTLY",
      warehouse: "SMALL",
      schedule: { usingCron: "15 1 * * * Europe/Berlin" },
      sqlStatement:
        "CALL retail_export(TO_VARCHAR(DATEADD('day', -1, CONVERT_TIMEZONE('Europe/Berlin', CURRENT_TIMESTAMP())), 'YYYY-MM-DD'))",
      started: true,
    });
  });
});
