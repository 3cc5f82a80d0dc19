/** Iceberg DDL of the warehouse: the same columns for Athena and for Spark, which write it differently. */
import type { Dataset } from "../contract/index.ts";
import { spark } from "../sql/index.ts";
import { type Field, partitionOf, type Relation, storedFields, storedTypeName } from "./relation.ts";
import { generatedBy } from "./text.ts";

/** Where the tables lie; names of a deployment. */
export interface IcebergSettings {
  /** The Glue database. @default the data set's name */
  readonly database?: string;
  /** The folder of all tables, an `s3://` URI. @default an example's */
  readonly location?: string;
  /** Spark's name of the catalog. @default "glue_catalog" */
  readonly catalog?: string;
}

/** Both read backslashes in a text, as Hive does, and want a name that begins with `_` between backticks. */
const literal = spark.literal;
const quoted = (name: string) => (name.startsWith("_") ? `\`${name}\`` : name);

const columns = (fields: readonly Field[], line: (field: Field) => string) =>
  fields.map((field) => `  ${line(field)}`).join(",\n");

function partitioned(relation: Relation): string {
  const column = partitionOf(relation);
  return column === null ? "" : `PARTITIONED BY (${quoted(column)})\n`;
}

/** For Athena, which knows neither NOT NULL nor a comment of the table, and few properties. */
export function athenaDdl(dataset: Dataset, relation: Relation, settings: IcebergSettings = {}): string {
  const { database = dataset.name, location = "s3://sales-etl-example-warehouse/tables" } = settings;
  return `-- ${generatedBy} For Athena.
CREATE TABLE ${database}.${relation.name} (
${columns(storedFields(relation), ({ name, type, description }) => `${quoted(name)} ${storedTypeName(type)} COMMENT ${literal(description)}`)}
)
${partitioned(relation)}LOCATION '${location}/${relation.name}'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
`;
}

/** For Spark. */
export function sparkDdl(dataset: Dataset, relation: Relation, settings: IcebergSettings = {}): string {
  const { database = dataset.name, catalog = "glue_catalog" } = settings;
  const line = ({ name, type, nullable, description }: Field) =>
    `${quoted(name)} ${storedTypeName(type).toUpperCase()}${nullable ? "" : " NOT NULL"} COMMENT ${literal(description)}`;
  return `-- ${generatedBy} For Spark.
CREATE TABLE ${catalog}.${database}.${relation.name} (
${columns(storedFields(relation), line)}
)
USING iceberg
${partitioned(relation)}COMMENT ${literal(`${relation.title}: ${relation.grain}`)}
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
`;
}

/** `athena/<table>.sql` and `spark/<table>.sql` of each, tables of the lake. */
export const icebergFiles = (
  dataset: Dataset,
  relations: readonly Relation[],
  settings: IcebergSettings = {},
): ReadonlyMap<string, string> =>
  new Map(
    relations.flatMap((relation) => [
      [`athena/${relation.name}.sql`, athenaDdl(dataset, relation, settings)],
      [`spark/${relation.name}.sql`, sparkDdl(dataset, relation, settings)],
    ]),
  );
