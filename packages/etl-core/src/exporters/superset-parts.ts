/** What all datasets of Superset have. */
import { createHash } from "node:crypto";
import type { Dataset } from "../contract/index.ts";
import { type Field, storedTypeName } from "./relation.ts";
import { generatedBy } from "./text.ts";
import { yamlText } from "./yaml.ts";

/** Of the database in the bundle: superset/bundle/databases/warehouse.yaml. */
export const DATABASE_UUID = "6e5ad163-6d54-5b0c-9a3a-0f2d2b9a7c01";

/** The same for the same name, on every machine: a bundle replaces by it. RFC 9562, version 5. */
export function supersetUuid(name: string): string {
  const bytes = createHash("sha1").update(`sales-etl superset ${name}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A longer one makes a table's column too wide. */
const TITLE_MAX = 32;

/** What people read over a column: its description as far as the first comma; null where that is too long. */
const titleOf = (description: string): string | null => {
  const [title = ""] = description.split(",");
  return title.length > TITLE_MAX ? null : title;
};

/** @param title in place of what the description says; null shows the column's name */
export const datasetColumn = (
  { name, type, description }: Pick<Field, "name" | "type" | "description">,
  { isTime = false, title = titleOf(description) }: { readonly isTime?: boolean; readonly title?: string | null } = {},
) => ({
  column_name: name,
  verbose_name: title,
  is_dttm: isTime,
  is_active: true,
  type: storedTypeName(type).toUpperCase(),
  groupby: true,
  filterable: true,
  expression: null,
  description,
  python_date_format: null,
  extra: null,
});

export interface DatasetParts {
  /** The table's name in Superset. */
  readonly name: string;
  /** The column with a row's day. */
  readonly day: string;
  readonly sql: string;
  readonly description: string;
  readonly columns: readonly object[];
  readonly metrics: readonly object[];
}

/** @returns a dataset's YAML, as a bundle of Superset holds it */
export const datasetText = (
  dataset: Dataset,
  { name, day, sql, description, columns, metrics }: DatasetParts,
): string =>
  `# ${generatedBy}
${yamlText({
  table_name: name,
  main_dttm_col: day,
  schema: null,
  catalog: null,
  sql,
  description,
  cache_timeout: null,
  params: null,
  template_params: null,
  filter_select_enabled: true,
  fetch_values_predicate: null,
  extra: null,
  normalize_columns: false,
  always_filter_main_dttm: false,
  uuid: supersetUuid(`${dataset.name}.${name}`),
  database_uuid: DATABASE_UUID,
  version: "1.0.0",
  columns,
  metrics,
})}`;
