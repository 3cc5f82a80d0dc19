/** What the Spark job has published into a folder, as a report reads it. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { tableOf } from "@sales-etl/etl-core/contract";
import { datedTables } from "@sales-etl/etl-core/measures";
import { quoted } from "../engine/duckdb.ts";
import { overFiles, view } from "../engine/relations.ts";
import type { Alert, PublishedRun, Rejected, Source } from "../report/source.ts";
import { existingSnapshots, filesByPartition, readIcebergTable } from "./iceberg.ts";
import type { Publish } from "./publishes.ts";
import { openSparkReader, viewOf } from "./reader.ts";
import { type Receipt, receiptsOf } from "./receipts.ts";
import { type Notes, readNotes, statusOfPublishes, warningsOf, whoRan } from "./status.ts";

function publishedRun(one: Publish, notes: Notes): PublishedRun {
  const { run_id: runId, when, kind, business_dates, loads } = one;
  const dates = business_dates.map((businessDate) => ({
    ...{ businessDate, periods: loads?.[businessDate]?.periodsRestated ?? null },
  }));
  const run = { runId, publishedAt: when, by: whoRan(one, notes) };
  return kind === "publish" ? { ...run, kind: "run", dates } : { ...run, kind, dates: [] };
}

/** Under the names that the embedded engine gives them. */
const faultsSql = (quarantine: string) =>
  `SELECT business_date, table_name AS "table", file_name AS file, line_num AS line, column_name AS "column",
     problem_code AS code, field_value AS value FROM (${quarantine})`;

function rejectedOf(receipts: readonly Receipt[], quarantine: string): Rejected {
  const rows = receipts.reduce((sum, { rowsRejected }) => sum + rowsRejected, 0);
  const rowsRead = receipts.reduce((sum, { rowsAccepted }) => sum + rowsAccepted, rows);
  return { rows, rowsRead, faults: rows === 0 ? null : faultsSql(quarantine) };
}

/**
 * Of the last done publish.
 * @throws {SalesEtlError} NOTHING_PUBLISHED, WAREHOUSE_DAMAGED
 */
export async function sparkSource(dataset: Dataset, warehouse: string): Promise<Source> {
  const reader = await openSparkReader(dataset, warehouse);
  const { publishes, tables } = reader;
  const receipts = await receiptsOf(reader).finally(reader.close);
  const notes = await readNotes(warehouse, publishes);
  const last = publishes.at(-1) ?? publishes[0];
  const fact = tables.get(dataset.fact.name);
  const rowsOf = (name: string) => {
    const table = tables.get(name);
    // A table that came into the contract after the publish.
    return table === undefined ? overFiles(warehouse, tableOf(dataset, name), []) : viewOf(table);
  };
  return {
    ...{ runId: last.run_id, publishedAt: last.when, attribution: dataset.attribution },
    dates: new Set(receipts.keys()),
    fact: fact === undefined ? new Map() : filesByPartition(fact),
    runs: publishes.map((one) => publishedRun(one, notes)),
    async factAfter(run) {
      const { name } = dataset.fact;
      const after = publishes[run]?.moves.find(({ table }) => table === name)?.after ?? "";
      const there = await existingSnapshots(warehouse, dataset.name, name);
      return there.has(after) ? filesByPartition(await readIcebergTable(warehouse, dataset.name, name, [after])) : null;
    },
    async viewSnapshots(engine) {
      for (const { name } of dataset.tables.filter(({ load }) => load === "snapshot")) {
        const rows = `(${rowsOf(name)})`;
        await view(engine, name, `SELECT * FROM ${rows} WHERE load_dt = (SELECT MAX(load_dt) FROM ${rows})`);
      }
    },
    async viewDays(engine, { first, last }) {
      const days = `BETWEEN DATE ${quoted(first)} AND DATE ${quoted(last)}`;
      for (const { name } of dataset.tables.filter(({ load }) => load !== "snapshot")) {
        const day = datedTables(dataset.fact).find(({ table }) => table === name)?.date;
        const where = day === undefined ? "" : ` WHERE ${day} ${days}`;
        await view(engine, name, `SELECT * FROM (${rowsOf(name)})${where}`);
      }
    },
    status: () => statusOfPublishes(dataset, warehouse, publishes, receipts, notes),
    rejected: rejectedOf([...receipts.values()], rowsOf("quarantine")),
    refused: async () => (notes.refusals === null ? null : [...notes.refusals.values()]),
    async alerts(dates) {
      const found: Alert[] = [];
      for (const businessDate of dates) {
        const alerts = notes.loads.get(receipts.get(businessDate)?.runId ?? "")?.alerts?.[businessDate];
        if (alerts === undefined) return null;
        found.push(...alerts.map(({ code, message }) => ({ businessDate, code, message })));
      }
      return found;
    },
    warnings: warningsOf(publishes, notes),
  };
}
