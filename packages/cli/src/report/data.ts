/** What the report shows, read from one published state. Numbers stay decimal text until they are drawn. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { openEngine } from "../engine/duckdb.ts";
import { requirePublished } from "../engine/reader.ts";
import { engineOf } from "../spark/publishes.ts";
import { sparkSource } from "../spark/report-source.ts";
import { embeddedSource } from "./embedded.ts";
import { type Plan, planOf } from "./plan.ts";
import { type Heat, readHeats } from "./read/heat.ts";
import { type Operations, readOperations } from "./read/operations.ts";
import { type Periods, readPeriods } from "./read/periods.ts";
import { type Losses, readLosses, readScarce, type Scarce } from "./read/products.ts";
import { type Restatements, readRestatements } from "./read/restatements.ts";
import type { Reading } from "./read/rows.ts";
import { type ByKey, readByKey } from "./read/stores.ts";
import type { Source } from "./source.ts";

/** The numbers of a period; {@link ReportData.numbers} is null where none has rows. */
export interface NumbersData {
  readonly periods: Periods;
  readonly byKey: ByKey;
  readonly heats: readonly Heat[];
  readonly scarce: Scarce | null;
  readonly losses: Losses | null;
}

export interface ReportData {
  readonly dataset: Dataset;
  readonly plan: Plan;
  readonly source: Source;
  readonly numbers: NumbersData | null;
  readonly restatements: Restatements;
  readonly operations: Operations;
}

async function readNumbers(reading: Reading, period: number | null): Promise<NumbersData | null> {
  const periods = await readPeriods(reading, period);
  if (periods === null) return null;
  const column = reading.dataset.fact.calendar.period;
  return {
    periods,
    byKey: await readByKey(reading, periods.before !== null),
    heats: await readHeats(
      reading,
      periods.totals.map((row) => Number(row[column])),
    ),
    scarce: await readScarce(reading),
    losses: await readLosses(reading, periods.shown),
  };
}

async function readSource(dataset: Dataset, source: Source, period: number | null): Promise<ReportData> {
  const engine = await openEngine(":memory:");
  try {
    const plan = planOf(dataset);
    const reading: Reading = { engine, dataset, plan, source };
    await source.viewSnapshots(engine);
    const numbers = await readNumbers(reading, period);
    return {
      ...{ dataset, plan, source, numbers },
      restatements: await readRestatements(reading),
      operations: await readOperations(reading, numbers?.periods.shown ?? null),
    };
  } finally {
    engine.close();
  }
}

const ATTEMPTS = 3;

/**
 * @param period null: the newest that has rows
 * @throws {SalesEtlError} NOTHING_PUBLISHED, WEEK_NOT_PUBLISHED
 */
export async function readReportData(dataset: Dataset, warehouse: string, period: number | null): Promise<ReportData> {
  if (engineOf(warehouse) === "spark") return readSource(dataset, await sparkSource(dataset, warehouse), period);
  for (let attempt = 1; ; attempt += 1) {
    const state = await requirePublished(dataset, warehouse);
    try {
      return await readSource(dataset, embeddedSource(dataset, warehouse, state), period);
    } catch (error) {
      // Files go once nothing names them: a state that was replaced while it was read is read anew.
      const now = await requirePublished(dataset, warehouse);
      if (now.runId === state.runId || attempt === ATTEMPTS) throw error;
    }
  }
}
