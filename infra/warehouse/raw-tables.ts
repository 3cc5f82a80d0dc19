import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type RawTableInput, rawTableInput } from "@sales-etl/etl-core/exporters";
import type { ResourceRef } from "../common/resource-ref.ts";
import { RawCrawler } from "./raw-crawler.ts";

export interface RawTablesArgs {
  readonly dataset: Dataset;
  /** Of a-z, 0-9 and _. */
  readonly databaseName: string;
  readonly landing: ResourceRef;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** What landed, as tables whose columns are all text, and a crawler that finds their dates: for looking at what came. */
export class RawTables extends pulumi.ComponentResource {
  readonly databaseName: pulumi.Output<string>;
  /** Nothing starts it by the clock: the DAG does, after a load. */
  readonly crawlerName: pulumi.Output<string>;

  constructor(name: string, args: RawTablesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:warehouse:RawTables", name, {}, opts);
    const child = { parent: this };
    const { dataset, landing, kmsKeyArn } = args;

    const database = new aws.glue.CatalogDatabase(
      `${name}-database`,
      { name: args.databaseName, description: "What landed, as it came: all columns are text" },
      child,
    );
    const inputs = dataset.tables.map((table) => rawTableInput(table, { landing: "s3://" }));
    const tables = inputs.map(
      (input) =>
        new aws.glue.CatalogTable(
          `${name}-${input.Name.replaceAll("_", "-")}`,
          tableArgs(input, database.name, landing),
          // The crawler adds partitions, which lie beside the table, and parameters with what it counted.
          { ...child, ignoreChanges: ["parameters"] },
        ),
    );
    const crawler = new RawCrawler(
      `${name}-crawler`,
      { databaseName: database.name, tableNames: tables.map((table) => table.name), landing, kmsKeyArn },
      child,
    );

    this.databaseName = database.name;
    this.crawlerName = crawler.crawlerName;
    this.registerOutputs({ databaseName: this.databaseName, crawlerName: this.crawlerName });
  }
}

function tableArgs(
  { Name, Description, TableType, Parameters, PartitionKeys, StorageDescriptor }: RawTableInput,
  databaseName: pulumi.Input<string>,
  landing: ResourceRef,
): aws.glue.CatalogTableArgs {
  const columns = (all: RawTableInput["PartitionKeys"]) =>
    all.map((column) => ({ name: column.Name, type: column.Type, comment: column.Comment }));
  const { Columns, Location, InputFormat, OutputFormat, SerdeInfo } = StorageDescriptor;
  return {
    databaseName,
    name: Name,
    description: Description,
    tableType: TableType,
    parameters: Parameters,
    partitionKeys: columns(PartitionKeys),
    storageDescriptor: {
      columns: columns(Columns),
      location: pulumi.interpolate`s3://${landing.name}/${Location.replace("s3:///", "")}`,
      inputFormat: InputFormat,
      outputFormat: OutputFormat,
      serDeInfo: { serializationLibrary: SerdeInfo.SerializationLibrary, parameters: SerdeInfo.Parameters },
    },
  };
}
