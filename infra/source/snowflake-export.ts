import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import type { Dataset } from "@sales-etl/etl-core/contract";
import {
  PROCEDURE_ARGUMENT,
  relationsOf,
  type SnowflakeObjects,
  snowflakeCsv,
  snowflakeObjects,
} from "@sales-etl/etl-core/exporters";
import { identifier } from "./snowflake-access.ts";

export interface SnowflakeExportArgs {
  readonly dataset: Dataset;
  readonly landingBucketName: pulumi.Input<string>;
  readonly integrationName: pulumi.Input<string>;
  /** Where the tables are, and the export beside them. */
  readonly database: string;
  readonly schema: string;
  /** Of Snowflake: what computes the export. */
  readonly warehouse: string;
  /** Minute, hour, day, month, weekday in the time zone. */
  readonly cron: string;
  /** Of the company: the business date is the day that ended there. */
  readonly timeZone: string;
  readonly provider: snowflake.Provider;
}

/** The nightly export as the contract has it: stage, file format, procedure, and the task that calls it. */
export class SnowflakeExport extends pulumi.ComponentResource {
  readonly procedureName: pulumi.Output<string>;
  readonly taskName: pulumi.Output<string>;

  constructor(name: string, args: SnowflakeExportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:source:SnowflakeExport", name, {}, opts);

    const { dataset, database, schema, warehouse, cron, timeZone, provider } = args;
    const child = { parent: this, provider };
    const objects = snowflakeObjects(dataset, relationsOf(dataset), { warehouse, cron, timeZone });
    const place = { database: identifier(database), schema: identifier(schema) };
    const stage = new snowflake.Stage(
      `${name}-stage`,
      {
        ...place,
        name: identifier(objects.stage.name),
        comment: "The landing of sales-etl",
        url: pulumi.interpolate`s3://${args.landingBucketName}/`,
        storageIntegration: args.integrationName,
      },
      child,
    );
    const format = this.#fileFormat(name, objects, place, child);
    const procedure = this.#procedure(name, objects, place, { ...child, dependsOn: [stage, format] });
    const task = new snowflake.Task(
      `${name}-task`,
      {
        ...place,
        name: identifier(objects.task.name),
        comment: "Exports the day before to the landing of sales-etl",
        warehouse: identifier(objects.task.warehouse),
        schedule: { usingCron: objects.task.cron },
        sqlStatement: objects.task.statement,
        // One that fails is called again: the procedure writes into a folder of its own each time.
        taskAutoRetryAttempts: 2,
        started: true,
      },
      { ...child, dependsOn: procedure },
    );

    this.procedureName = procedure.fullyQualifiedName;
    this.taskName = task.fullyQualifiedName;
    this.registerOutputs({ procedureName: this.procedureName, taskName: this.taskName });
  }

  #fileFormat(name: string, { fileFormat }: SnowflakeObjects, place: Place, opts: pulumi.CustomResourceOptions) {
    const { nullIf, ...csv } = snowflakeCsv;
    return new snowflake.FileFormat(
      `${name}-format`,
      { ...place, name: identifier(fileFormat.name), formatType: "CSV", ...csv, nullIfs: [...nullIf] },
      opts,
    );
  }

  #procedure(name: string, { procedure }: SnowflakeObjects, place: Place, opts: pulumi.CustomResourceOptions) {
    return new snowflake.ProcedureJavascript(
      `${name}-procedure`,
      {
        ...place,
        name: identifier(procedure.name),
        comment: "Exports a business date to the landing; returns the manifest",
        arguments: [{ argName: PROCEDURE_ARGUMENT, argDataType: "VARCHAR" }],
        returnType: "VARIANT",
        executeAs: "OWNER",
        procedureDefinition: procedure.body,
      },
      opts,
    );
  }
}

interface Place {
  readonly database: string;
  readonly schema: string;
}
