import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CatalogArgs {
  /** Of a-z, 0-9 and _: Athena and Spark quote everything else differently. */
  readonly databaseName: string;
  /** Where tables without a location of their own lie: an `s3://` URI. */
  readonly locationUri: pulumi.Input<string>;
}

/** The Glue database of the warehouse's Iceberg tables. */
export class Catalog extends pulumi.ComponentResource {
  readonly databaseName: pulumi.Output<string>;

  constructor(name: string, args: CatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:warehouse:Catalog", name, {}, opts);

    const database = new aws.glue.CatalogDatabase(
      `${name}-database`,
      { name: args.databaseName, description: "Sales and inventory by week", locationUri: args.locationUri },
      { parent: this },
    );

    this.databaseName = database.name;
    this.registerOutputs({ databaseName: this.databaseName });
  }
}
