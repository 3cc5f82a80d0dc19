/** What an engine does with a data set, as one short text to compare. */
import { createHash } from "node:crypto";
import type { Dataset } from "../contract/index.ts";
import { checkSql, duckdb, factSql } from "../sql/index.ts";

/** Changes whenever anything changes that an engine does: shown in receipts, compared by the Spark job. */
export function contractVersion(dataset: Dataset): string {
  const meaning = {
    tables: dataset.tables,
    fact: dataset.fact,
    sql: [...dataset.tables.map((table) => checkSql(table, duckdb)), factSql(dataset)],
  };
  return createHash("sha256").update(JSON.stringify(meaning)).digest("hex").slice(0, 12);
}
