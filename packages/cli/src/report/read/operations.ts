/** How far the data can be trusted: dates, refusals, rejected rows, alerts. */
import type { DateReport } from "@sales-etl/etl-core/validate";
import type { Row } from "../../engine/duckdb.ts";
import type { QualityWarning } from "../../engine/state.ts";
import type { Status } from "../../engine/status.ts";
import type { Alert } from "../source.ts";
import type { PeriodDays } from "./periods.ts";
import type { Reading } from "./rows.ts";

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
  /** The dates whose last delivery was not accepted. These three are null where nobody keeps them. */
  readonly refused: readonly DateReport[] | null;
  /** Of the shown period's days: what was accepted, and is worth a look. */
  readonly alerts: readonly Alert[] | null;
  readonly warnings: readonly QualityWarning[] | null;
  readonly rejects: Rejects;
}

const FAULTS = 12;
const GROUPS = 40;

async function rejectsOf({ engine, source }: Reading): Promise<Rejects> {
  const { rows, rowsRead, faults } = source.rejected;
  if (faults === null) return { faults: [], groups: [], groupCount: 0, rows, rowsRead };
  const all = `(${faults})`;
  const grouped = `SELECT business_date, file, code, COUNT(*) AS faults, COUNT(DISTINCT line) AS lines FROM ${all} GROUP BY ALL`;
  return {
    ...{ rows, rowsRead },
    faults: await engine.rows(`SELECT * FROM ${all} ORDER BY business_date DESC, file, line, "column" LIMIT ${FAULTS}`),
    groups: await engine.rows(`${grouped} ORDER BY business_date DESC, file, code LIMIT ${GROUPS}`),
    groupCount: Number(await engine.value(`SELECT COUNT(*) FROM (${grouped})`)),
  };
}

export async function readOperations(reading: Reading, shown: PeriodDays | null): Promise<Operations> {
  const { source } = reading;
  return {
    status: await source.status(),
    refused: await source.refused(),
    alerts: await source.alerts(shown?.published ?? []),
    warnings: source.warnings,
    rejects: await rejectsOf(reading),
  };
}
