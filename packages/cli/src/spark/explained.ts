/** What an explanation needs to know of a warehouse of Spark's: receipts of its dates, and what the gate noted of its runs. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { quoted } from "../engine/duckdb.ts";
import type { ReadOnly } from "../engine/read-only.ts";
import { type ExplainedDate, type ExplainedState, refusalText } from "../explain/state.ts";
import { type Loads, readAllLoads } from "./loads.ts";
import { openSparkReader, type SparkReader } from "./reader.ts";
import { type Receipt, receiptsOf } from "./receipts.ts";
import { readRefusals } from "./refusals.ts";

function explainedDate({ businessDate, dumpsSince }: Receipt, loads: Loads | null): ExplainedDate {
  const dumps = Object.entries(dumpsSince ?? {}).map(
    ([table, first]) => [table, { load: "cumulative", first }] as const,
  );
  return {
    ...(dumps.length === 0 ? {} : { dumps: Object.fromEntries(dumps) }),
    ...{ sources: loads?.dates[businessDate] ?? null, landing: loads?.landing ?? null },
  };
}

async function explainedState(reader: SparkReader, warehouse: string): Promise<ExplainedState> {
  const { publishes } = reader;
  const last = publishes.at(-1) ?? publishes[0];
  const receipts = await receiptsOf(reader);
  const runs = [...receipts.values()].map(({ runId }) => runId);
  const loads = await readAllLoads(warehouse, runs);
  const refusals = await readRefusals(warehouse);
  const dates = Object.fromEntries(
    [...receipts].map(([date, receipt]) => [date, explainedDate(receipt, loads.get(receipt.runId) ?? null)]),
  );
  return {
    ...{ runId: last.run_id, publishedAt: last.when, dates, fileColumn: "source_file" },
    async lacks(date, table) {
      const { sources = null, dumps } = dates[date] ?? {};
      if (sources !== null) return sources[table] === undefined;
      const rows = await reader.rows(`SELECT 1 FROM ${table} WHERE load_dt = DATE ${quoted(date)} LIMIT 1`);
      return rows.length === 0 && dumps?.[table] === undefined;
    },
    whyMissing: async () =>
      refusals === null ? "it was not loaded, or was refused (this warehouse keeps no refusals)" : "it is missing",
    async refusalOf(date) {
      const report = refusals?.get(date);
      return report === undefined ? null : refusalText(report);
    },
  };
}

/** @throws {SalesEtlError} NOTHING_PUBLISHED, WAREHOUSE_DAMAGED */
export async function openSparkExplained(
  dataset: Dataset,
  warehouse: string,
): Promise<{ readonly reader: ReadOnly; readonly state: ExplainedState }> {
  const reader = await openSparkReader(dataset, warehouse);
  try {
    return { reader, state: await explainedState(reader, warehouse) };
  } catch (error) {
    reader.close();
    throw error;
  }
}
