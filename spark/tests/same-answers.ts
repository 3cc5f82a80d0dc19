/** What people ask of both engines' warehouses, and what must be answered alike. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { openReader } from "../../packages/cli/src/engine/reader.ts";
import type { Cell } from "../../packages/cli/src/explain/cell.ts";
import { type Explanation, explainCell } from "../../packages/cli/src/explain/explain.ts";
import { explainedState } from "../../packages/cli/src/explain/state.ts";
import { type ReportData, readReportData } from "../../packages/cli/src/report/data.ts";
import { openSparkExplained } from "../../packages/cli/src/spark/explained.ts";
import { openSparkReader } from "../../packages/cli/src/spark/reader.ts";

export interface BothWarehouses {
  readonly embedded: string;
  readonly spark: string;
}

/** Each relation whole, under the embedded engine's columns. */
export async function sameRelations(warehouses: BothWarehouses): Promise<void> {
  const [own, other] = [await openReader(retail, warehouses.embedded), await openSparkReader(retail, warehouses.spark)];
  try {
    for (const name of [
      ...["weekly_fact", "weekly_fact_brief", "weekly_fact_with_dimensions"],
      ...["store_dim", "product_dim", "calendar_dim", "sales", "inventory"],
    ]) {
      const { columns } = await own.select(`SELECT * FROM ${name} LIMIT 0`);
      const sql = `SELECT ${columns.join(", ")} FROM ${name} ORDER BY ALL`;
      const rows = await own.rows(sql);
      expect(rows, name).not.to.have.length(0);
      expect(await other.rows(sql), name).to.deep.equal(rows);
    }
  } finally {
    own.close();
    other.close();
  }
}

/** Rows without a key have no order. */
const sorted = <Value>(values: readonly Value[]): readonly Value[] =>
  values.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

const comparable = ({ runId: _, publishedAt: __, rows, ...explanation }: Explanation) => ({
  ...explanation,
  rows: sorted(rows),
});

/**
 * Every cell of the fact is taken apart alike: numbers, rows, files and lines.
 * @returns what was said of each cell
 */
export async function sameExplanations(
  dataset: Dataset,
  warehouses: BothWarehouses,
): Promise<ReadonlyMap<string, Explanation>> {
  const embedded = await openReader(dataset, warehouses.embedded);
  const spark = await openSparkExplained(dataset, warehouses.spark);
  try {
    const { name, calendar, keys } = dataset.fact;
    const grain = [calendar.period, ...keys].map((column) => `CAST(${column} AS VARCHAR) AS ${column}`);
    const explanations = new Map<string, Explanation>();
    for (const cell of (await embedded.rows(
      `SELECT ${grain.join(", ")} FROM ${name} ORDER BY ALL`,
    )) as unknown as Cell[]) {
      const state = explainedState(embedded.state, warehouses.embedded);
      const own = { dataset, cell, reader: embedded, state, warehouse: warehouses.embedded };
      const expected = await explainCell(own);
      const found = await explainCell({ ...own, ...spark, warehouse: warehouses.spark });
      const named = Object.values(cell).join(" ");
      expect(comparable(found), named).to.deep.equal(comparable(expected));
      explanations.set(named, found);
    }
    return explanations;
  } finally {
    embedded.close();
    spark.reader.close();
  }
}

/**
 * What a report says of both warehouses, but for when, and by which run.
 * @param refusals whether both know the same dates that were refused: after a rollback the embedded engine has forgotten them
 */
export async function sameReports(
  dataset: Dataset,
  warehouses: BothWarehouses,
  period: number,
  refusals: boolean,
): Promise<ReportData> {
  const comparable = ({ numbers, restatements, operations }: ReportData) => ({
    numbers,
    restatements: {
      ...restatements,
      rows: restatements.rows.map(({ runId: _, publishedAt: __, ...one }) => one),
    },
    rejects: {
      ...operations.rejects,
      faults: operations.rejects.faults.map(({ run_id: _, message: __, ...fault }) => fault),
    },
    alerts: operations.alerts,
    // Which of the rows are shown as examples is left to the engines.
    warnings: operations.warnings?.map(({ rule, rows }) => [rule, rows]),
    refused: refusals ? operations.refused : null,
    counts: refusals ? operations.status.counts : null,
    dates: operations.status.dates
      .filter(({ state }) => refusals || state === "accepted")
      .map(({ published: _, restated, ...one }) => ({ ...one, restated: restated.length })),
  });
  const embedded = await readReportData(dataset, warehouses.embedded, period);
  const spark = await readReportData(dataset, warehouses.spark, period);
  expect(comparable(spark)).to.deep.equal(comparable(embedded));
  return spark;
}
