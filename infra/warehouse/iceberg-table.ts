import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { athenaDdl, partitionOf, type Relation, storedFields } from "@sales-etl/etl-core/exporters";
import { type IcebergTableInputs, icebergTableProvider } from "./iceberg-table.provider.ts";

export interface IcebergTableArgs {
  readonly dataset: Dataset;
  /** One of the data set's tables, or its fact. */
  readonly relation: Relation;
  readonly region: string;
  /** Of Athena. */
  readonly workGroup: pulumi.Input<string>;
  readonly database: pulumi.Input<string>;
  /** The folder of all tables, an `s3://` URI. */
  readonly location: pulumi.Input<string>;
}

/**
 * A table of the warehouse as the contract has it. New columns are added to it and narrow ones widened; a change that
 * would lose what is stored fails in the preview.
 */
export class IcebergTable extends pulumi.dynamic.Resource {
  constructor(name: string, args: IcebergTableArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = pulumi
      .all([args.workGroup, args.database, args.location])
      .apply(([workGroup, database, location]) => inputsOf(args, { workGroup, database, location }));
    super(icebergTableProvider, name, propertiesOf(inputs), opts, "sales-etl", "IcebergTable");
  }
}

type Names = Pick<IcebergTableInputs, "workGroup" | "database" | "location">;

export function inputsOf(
  { dataset, relation, region }: Pick<IcebergTableArgs, "dataset" | "relation" | "region">,
  { workGroup, database, location }: Names,
): IcebergTableInputs {
  const columns = storedFields(relation).map(({ name, type, description }) => [name, { type, comment: description }]);
  return {
    ...{ region, workGroup, database, table: relation.name, location: `${location}/${relation.name}` },
    columns: Object.fromEntries(columns),
    // Pulumi does not tell null and nothing apart.
    partition: partitionOf(relation) ?? "",
    // Without the comment on top: it is for people who read the generated file.
    ddl: athenaDdl(dataset, relation, { database, location }).replace(/^--.*\n/, ""),
  };
}

/** Each a property of its own, so that a preview shows them one by one. */
const propertiesOf = (inputs: pulumi.Output<IcebergTableInputs>): pulumi.Inputs =>
  Object.fromEntries(
    (["region", "workGroup", "database", "table", "location", "columns", "partition", "ddl"] as const).map((name) => [
      name,
      inputs.apply((all) => all[name]),
    ]),
  );
