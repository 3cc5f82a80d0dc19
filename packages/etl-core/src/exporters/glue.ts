/**
 * The raw tables of the landing as Glue's `TableInput`: all columns text, a partition a date. For looking at what came;
 * the checks read the files themselves. Columns go by their position, so a file in another order than the contract's
 * shows its values under other names here.
 */
import type { Dataset, Table } from "../contract/index.ts";
import { rawRelation } from "../sql/index.ts";
import { type Relation, storedTypeName, tablesOf } from "./relation.ts";
import { jsonText } from "./text.ts";

export interface GlueSettings {
  /** The landing, an `s3://` URI. @default an example's */
  readonly landing?: string;
}

interface RawColumn {
  readonly Name: string;
  readonly Type: "string";
  readonly Comment: string;
}

/** The parts of Glue's `TableInput` that a raw table has. */
export interface RawTableInput {
  readonly Name: string;
  readonly Description: string;
  readonly TableType: "EXTERNAL_TABLE";
  readonly Parameters: Record<string, string>;
  readonly PartitionKeys: readonly RawColumn[];
  readonly StorageDescriptor: {
    readonly Columns: readonly RawColumn[];
    readonly Location: string;
    readonly InputFormat: string;
    readonly OutputFormat: string;
    readonly SerdeInfo: { readonly SerializationLibrary: string; readonly Parameters: Record<string, string> };
  };
}

/** @returns the `TableInput` of glue:CreateTable. */
export const rawTableInput = (
  table: Table,
  { landing = "s3://sales-etl-example-landing" }: GlueSettings = {},
): RawTableInput => ({
  Name: rawRelation(table),
  Description: `${table.title} as they landed, all text`,
  TableType: "EXTERNAL_TABLE",
  Parameters: { EXTERNAL: "TRUE", classification: "csv", "skip.header.line.count": "1" },
  PartitionKeys: [{ Name: "dt", Type: "string", Comment: "Business date" }],
  StorageDescriptor: {
    Columns: Object.entries(table.columns).map(([name, { type, description }]) => ({
      Name: name,
      Type: "string",
      Comment: `${description} (${storedTypeName(type)})`,
    })),
    Location: `${landing}/${table.name}/`,
    InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    SerdeInfo: {
      SerializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
      // A backslash is data in these files; the reader wants some escape character, so it gets one that never comes.
      Parameters: { separatorChar: ",", quoteChar: '"', escapeChar: "\u0001" },
    },
  },
});

/** `raw_<table>.json` of each table; the fact does not land. */
export const glueFiles = (
  _: Dataset,
  relations: readonly Relation[],
  settings: GlueSettings = {},
): ReadonlyMap<string, string> =>
  new Map(tablesOf(relations).map((table) => [`${rawRelation(table)}.json`, jsonText(rawTableInput(table, settings))]));
