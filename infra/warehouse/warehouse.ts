import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { warehousePrefix } from "@sales-etl/etl-core/emr";
import { relationsOf } from "@sales-etl/etl-core/exporters";
import type { ResourceRef } from "../common/resource-ref.ts";
import { Catalog } from "./catalog.ts";
import { IcebergTable } from "./iceberg-table.ts";
import { WorkGroup } from "./work-group.ts";

export interface WarehouseArgs {
  readonly dataset: Dataset;
  /** Of a-z, 0-9 and _. */
  readonly databaseName: string;
  readonly region: string;
  readonly buckets: { readonly [bucket in "warehouse" | "logs"]: ResourceRef };
  readonly scanLimitGiB: number;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** The tables of the contract, and where they are queried. */
export class Warehouse extends pulumi.ComponentResource {
  readonly databaseName: pulumi.Output<string>;
  readonly workGroupName: pulumi.Output<string>;

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
    for (const relation of relationsOf(dataset)) {
      new IcebergTable(
        `${name}-${relation.name.replaceAll("_", "-")}`,
        { dataset, relation, region, workGroup: queries.workGroupName, database, location },
        child,
      );
    }

    this.databaseName = database;
    this.workGroupName = queries.workGroupName;
    this.registerOutputs({ databaseName: this.databaseName, workGroupName: this.workGroupName });
  }
}
