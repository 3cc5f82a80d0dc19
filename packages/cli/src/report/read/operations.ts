/** How far the data can be trusted: dates, refusals, rejected rows, alerts. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DateReport } from "@sales-etl/etl-core/validate";
import type { Row } from "../../engine/duckdb.ts";
import { overParquet } from "../../engine/relations.ts";
import { type Status, statusOf } from "../../engine/status.ts";
import type { PeriodDays } from "./periods.ts";
import type { Reading } from "./rows.ts";

export interface Alert {
  readonly businessDate: string;
  readonly code: string;
  readonly message: string;
}

export interface Rejects {
  /** The newest first: business_date, table, file, line, column, value, code. */
  readonly faults: readonly Row[];
  /** By date, file and code, the newest first: `faults`, and how many rows have it (`lines`). */
  readonly groups: readonly Row[];
  readonly groupCount: number;
  readonly rows: number;
  readonly rowsRead: number;
}

export interface Operations {
  readonly status: Status;
  /** The dates whose last delivery was not accepted. */
  readonly refused: readonly DateReport[];
  /** Of the shown period's days: what was accepted, and is worth a look. */
  readonly alerts: readonly Alert[];
  readonly rejects: Rejects;
}

const FAULTS = 12;
const GROUPS = 40;

async function reportOf({ warehouse }: Reading, file: string): Promise<DateReport> {
  return JSON.parse(await readFile(path.join(warehouse, ...file.split("/")), "utf8")) as DateReport;
}

const byDate = (a: { businessDate: string }, b: { businessDate: string }) =>
  a.businessDate < b.businessDate ? -1 : a.businessDate > b.businessDate ? 1 : 0;

async function refusedDates(reading: Reading): Promise<DateReport[]> {
  const { dates, reports } = reading.state;
  // The newest report of an accepted date is the one it was accepted with.
  const refused = Object.entries(reports).filter(([date, file]) => dates[date]?.report !== file);
  return (await Promise.all(refused.map(([, file]) => reportOf(reading, file)))).sort(byDate);
}

async function alertsOf(reading: Reading, shown: PeriodDays | null): Promise<Alert[]> {
  const files = (shown?.published ?? []).flatMap((day) => reading.state.dates[day]?.report ?? []);
  const reports = await Promise.all(files.map((file) => reportOf(reading, file)));
  return reports.flatMap(({ businessDate, problems }) =>
    problems.map(({ code, message }) => ({ businessDate, code, message })),
  );
}

async function rejectsOf({ engine, state, warehouse }: Reading): Promise<Rejects> {
  const dates = Object.values(state.dates);
  const files = dates.flatMap(({ quarantine }) => quarantine ?? []);
  const rows = dates.reduce((sum, { rowsRejected }) => sum + rowsRejected, 0);
  const rowsRead = dates.reduce((sum, { rowsAccepted }) => sum + rowsAccepted, rows);
  if (files.length === 0) return { faults: [], groups: [], groupCount: 0, rows, rowsRead };
  const all = `(${overParquet(path.resolve(warehouse), files)})`;
  const grouped = `SELECT business_date, file, code, COUNT(*) AS faults, COUNT(DISTINCT line) AS lines FROM ${all} GROUP BY ALL`;
  return {
    ...{ rows, rowsRead },
    faults: await engine.rows(`SELECT * FROM ${all} ORDER BY business_date DESC, file, line, "column" LIMIT ${FAULTS}`),
    groups: await engine.rows(`${grouped} ORDER BY business_date DESC, file, code LIMIT ${GROUPS}`),
    groupCount: Number(await engine.value(`SELECT COUNT(*) FROM (${grouped})`)),
  };
}

export async function readOperations(reading: Reading, shown: PeriodDays | null): Promise<Operations> {
  return {
    status: await statusOf(reading.warehouse, reading.state),
    refused: await refusedDates(reading),
    alerts: await alertsOf(reading, shown),
    rejects: await rejectsOf(reading),
  };
}
