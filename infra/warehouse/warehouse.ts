import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { warehousePrefix } from "@sales-etl/etl-core/emr";
import { lakeRelations } from "@sales-etl/etl-core/exporters";
import type { ResourceRef } from "../common/resource-ref.ts";
import { Catalog } from "./catalog.ts";
import { IcebergTable } from "./iceberg-table.ts";
import { RawTables } from "./raw-tables.ts";
import { WorkGroup } from "./work-group.ts";

export interface WarehouseArgs {
  readonly dataset: Dataset;
  /** Of a-z, 0-9 and _. */
  readonly databaseName: string;
  readonly region: string;
  readonly buckets: { readonly [bucket in "landing" | "warehouse" | "quarantine" | "logs"]: ResourceRef };
  readonly scanLimitGiB: number;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** The tables of the contract and of what landed, and where they are queried. */
export class Warehouse extends pulumi.ComponentResource {
  readonly databaseName: pulumi.Output<string>;
  readonly workGroupName: pulumi.Output<string>;
  /** Of the tables of what landed, and of the crawler that finds their dates. */
  readonly rawDatabaseName: pulumi.Output<string>;
  readonly crawlerName: pulumi.Output<string>;

  constructor(name: string, args: WarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:warehouse:Warehouse", name, {}, opts);
    const child = { parent: this };
    const { dataset, region, buckets, scanLimitGiB, kmsKeyArn } = args;

    const location = pulumi.interpolate`s3://${buckets.warehouse.name}/${warehousePrefix}`;
    const catalog = new Catalog(`${name}-catalog`, { databaseName: args.databaseName, locationUri: location }, child);
    const database = catalog.databaseName;
    const queries = new WorkGroup(
      `${name}-queries`,
      { logs: buckets.logs, databaseName: database, scanLimitGiB, kmsKeyArn },
      child,
    );
    const rejected = pulumi.interpolate`s3://${buckets.quarantine.name}/${warehousePrefix}`;
    for (const relation of lakeRelations(dataset)) {
      const where = relation.name === "quarantine" ? rejected : location;
      new IcebergTable(
        `${name}-${relation.name.replaceAll("_", "-")}`,
        { dataset, relation, region, workGroup: queries.workGroupName, database, location: where },
        child,
      );
    }

    const raw = new RawTables(
      `${name}-raw`,
      { dataset, databaseName: `${args.databaseName}_raw`, landing: buckets.landing, kmsKeyArn },
      child,
    );

    this.databaseName = database;
    [this.rawDatabaseName, this.crawlerName] = [raw.databaseName, raw.crawlerName];
    this.workGroupName = queries.workGroupName;
    const { databaseName, workGroupName, rawDatabaseName, crawlerName } = this;
    this.registerOutputs({ databaseName, workGroupName, rawDatabaseName, crawlerName });
  }
}
