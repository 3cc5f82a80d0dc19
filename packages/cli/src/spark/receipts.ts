/** The table `receipts` of the last done publish: of each published date its last load. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { readPublishes } from "./publishes.ts";
import { openSparkReader } from "./reader.ts";

export interface Receipt {
  readonly businessDate: BusinessDate;
  readonly runId: string;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  readonly contractVersion: string;
  /** Of the manifest and its files, as the job saw them. */
  readonly fingerprint: string;
  /** By table whose files hold all days the first day of the date's file; null where nobody has noted it. */
  readonly dumpsSince: Readonly<Record<string, string>> | null;
  /** Computed again because of it. */
  readonly periods: readonly number[];
}

interface Rows {
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** By date, in order. */
export async function receiptsOf(reader: Rows): Promise<ReadonlyMap<BusinessDate, Receipt>> {
  // All columns: tables that an older version made lack some.
  const rows = await reader.rows("SELECT * FROM receipts ORDER BY business_date");
  return new Map(
    rows.map((row) => {
      const businessDate = String(row.business_date);
      const periods = String(row.periods_restated ?? "");
      const receipt = {
        ...{ businessDate, runId: String(row.run_id), contractVersion: String(row.contract_version) },
        ...{ rowsAccepted: Number(row.rows_accepted), rowsRejected: Number(row.rows_rejected) },
        fingerprint: String(row.fingerprint),
        dumpsSince: row.dumps_since == null ? null : (JSON.parse(String(row.dumps_since)) as Record<string, string>),
        periods: periods === "" ? [] : periods.split(",").map(Number),
      };
      return [businessDate, receipt];
    }),
  );
}

/** Empty where nothing is published yet. */
export async function readReceipts(dataset: Dataset, warehouse: string): Promise<ReadonlyMap<BusinessDate, Receipt>> {
  if ((await readPublishes(warehouse)).length === 0) return new Map();
  const reader = await openSparkReader(dataset, warehouse);
  try {
    return await receiptsOf(reader);
  } finally {
    reader.close();
  }
}
