/** All exporters by the name of their format. */
import type { Dataset } from "../contract/index.ts";
import { SalesEtlError } from "../errors.ts";
import { duckdbFiles } from "./duckdb.ts";
import { glueFiles } from "./glue.ts";
import { icebergFiles } from "./iceberg.ts";
import { jsonSchemaFiles } from "./json-schema.ts";
import { markdownFiles } from "./markdown.ts";
import { odcsFiles } from "./odcs.ts";
import { allRelations, isInLake, lakeRelations } from "./published.ts";
import { type Relation, relationOf, storedTypeName } from "./relation.ts";
import { type SnowflakeSettings, snowflakeFiles } from "./snowflake.ts";
import { sparkFiles } from "./spark.ts";
import { supersetFiles } from "./superset.ts";
import { viewsOf } from "./views.ts";

/** What a deployment says, where a format has a place for it. */
export type ExportPlace = Pick<SnowflakeSettings, "timeZone">;

export interface Exporter {
  /** What comes out, in a few words. */
  readonly title: string;
  /** What it can write of a single table or fact. */
  readonly single: "any" | "lake" | "tables" | "none";
  /** Pure: text by file name. */
  readonly files: (dataset: Dataset, relations: readonly Relation[], place: ExportPlace) => ReadonlyMap<string, string>;
}

export const exporters = {
  odcs: { title: "Open Data Contract Standard 3.1, YAML", single: "any", files: odcsFiles },
  "json-schema": { title: "JSON Schema of a row", single: "any", files: jsonSchemaFiles },
  spark: { title: "Spark StructType as JSON", single: "lake", files: sparkFiles },
  iceberg: {
    title: "Iceberg DDL for Athena and for Spark",
    single: "lake",
    files: (dataset, relations) => icebergFiles(dataset, relations),
  },
  duckdb: { title: "readers of landed files for DuckDB, all text and checked", single: "tables", files: duckdbFiles },
  // Its manifest must name every table: a part of it would be an export that never counts as complete.
  snowflake: { title: "Snowflake's export: stage, procedure, task", single: "none", files: snowflakeFiles },
  glue: {
    title: "raw tables of the landing for Glue",
    single: "tables",
    files: (dataset, relations) => glueFiles(dataset, relations),
  },
  // It joins the fact and its dimensions: there is no part of it.
  superset: { title: "dataset of Superset: columns and metrics", single: "none", files: supersetFiles },
  markdown: { title: "data dictionary", single: "any", files: markdownFiles },
} as const satisfies Readonly<Record<string, Exporter>>;

export type ExportFormat = keyof typeof exporters;

export const exportFormats = Object.keys(exporters) as readonly ExportFormat[];

/**
 * @param table only this relation: a table, the fact, a dimension, one of the operations; in the dictionary a view, too
 * @param place of the deployment: the business date ends in its time zone
 * @returns text by file name
 * @throws {SalesEtlError} CONTRACT_NO_TABLE; EXPORT_NOT_POSSIBLE where the format does not go with that table
 *
 * @example
 * exportContract(retail, "json-schema", "sales").get("sales.schema.json");
 */
export function exportContract(
  dataset: Dataset,
  format: ExportFormat,
  table?: string,
  place: ExportPlace = {},
): ReadonlyMap<string, string> {
  const { files, single }: Exporter = exporters[format];
  // Also for formats that write no types.
  const views = format === "markdown" ? viewsOf(dataset).map(({ relation }) => relation) : [];
  const all = [...allRelations(dataset), ...views];
  for (const { fields } of all) for (const { type } of fields) storedTypeName(type);
  const written = single === "lake" ? lakeRelations(dataset) : all;
  if (table === undefined) return files(dataset, written, place);
  const relation = relationOf(dataset, table, all);
  const refuse = (message: string) => new SalesEtlError(message, { code: "EXPORT_NOT_POSSIBLE", path: table });
  if (single === "none") throw refuse(`${format} exports all tables together: leave the table out`);
  if (single === "tables" && relation.table === null) {
    const names = dataset.tables.map(({ name }) => name).join(", ");
    throw refuse(`${format} is for tables that land, ${table} is computed: ${names}`);
  }
  if (single === "lake" && !isInLake(relation)) {
    throw refuse(`${format} is for the tables of the lake; ${table} is of the embedded warehouse alone`);
  }
  return files(dataset, [relationOf(dataset, table, written)], place);
}
