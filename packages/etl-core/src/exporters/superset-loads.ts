/** The loads as a dataset of Superset: what each run loaded of each business date, and what it computed again. */
import type { Dataset } from "../contract/index.ts";
import { lakeOperations, operationsRelations } from "./published.ts";
import { BUSINESS_DATE } from "./relation.ts";
import { datasetColumn, datasetText } from "./superset-parts.ts";

const LOADS = "loads";
const RESTATED = "periods_restated_count";

/** Of the receipts those that both warehouses have: the embedded one and the lake. */
const shared = (dataset: Dataset) => {
  const [embedded, lake] = [operationsRelations, lakeOperations].map((relations) =>
    relations.find(({ name }) => name === "receipts"),
  );
  const names = new Set(embedded?.fields.map(({ name }) => name));
  const period = dataset.fact.calendar.word ?? "period";
  return {
    columns: lake?.fields.filter(({ name }) => names.has(name) && name !== "verdict") ?? [],
    restated: {
      name: RESTATED,
      type: "int" as const,
      description: `How many ${period}s of the fact were computed again`,
    },
    period,
  };
};

/** `''` is no period, `201726` is one, `201726,201727` are two. */
const COUNT = `CASE WHEN r.periods_restated = '' THEN 0
    ELSE LENGTH(r.periods_restated) - LENGTH(REPLACE(r.periods_restated, ',', '')) + 1 END`;

const metric = (name: string, title: string, expression: string, d3format: string, description: string) => ({
  metric_name: `m_${name}`,
  verbose_name: title,
  expression,
  d3format,
  metric_type: null,
  description,
  warning_text: null,
  extra: null,
});

/** @returns the dataset's YAML; Athena and DuckDB read its SQL alike */
export function supersetLoads(dataset: Dataset): string {
  const { columns, restated, period } = shared(dataset);
  const sql = `SELECT
  ${columns.map(({ name }) => `r.${name}`).join(",\n  ")},
  ${COUNT} AS ${RESTATED}
FROM receipts r
WHERE r.verdict = 'accepted'
`;
  return datasetText(dataset, {
    name: LOADS,
    day: BUSINESS_DATE,
    sql,
    description: `What was loaded of each business date, and how many ${period}s were computed again because of it`,
    columns: [
      ...columns.map((field) =>
        field.name === "periods_restated"
          ? datasetColumn(field, { title: `Which ${period}s` })
          : datasetColumn(field, { isTime: field.name === BUSINESS_DATE }),
      ),
      datasetColumn(restated, { title: `Restated ${period}s` }),
    ],
    metrics: [
      metric("loads", "Loads", "COUNT(*)", ",.0f", "Loads of business dates"),
      metric("rows_accepted", "Rows accepted", "SUM(rows_accepted)", ",.0f", "Rows accepted"),
      metric("rows_rejected", "Rows rejected", "SUM(rows_rejected)", ",.0f", "Rows rejected"),
      metric(
        "share_rejected",
        "Share rejected",
        "CASE WHEN SUM(rows_accepted + rows_rejected) > 0 THEN CAST(SUM(rows_rejected) AS DOUBLE) / CAST(SUM(rows_accepted + rows_rejected) AS DOUBLE) END",
        ".2%",
        "Rows rejected / rows read",
      ),
      metric(RESTATED, `Restated ${period}s`, `SUM(${RESTATED})`, ",.0f", restated.description),
    ],
  });
}
