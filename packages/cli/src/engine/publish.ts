/** Completes a state (its database, its entry in the list of runs) and publishes it. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { writeDatabase } from "./database.ts";
import type { Engine } from "./duckdb.ts";
import { type Published, publish, type RunRecord, VERSION } from "./state.ts";

/** What a run decides; the rest follows. */
export type Content = Pick<Published, "contractVersion" | "dates" | "fact" | "dimensions" | "reports">;

export interface PublishArgs {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly warehouse: string;
  readonly runId: string;
}

/** @returns the state as it is published */
export async function publishNext(
  { engine, dataset, warehouse, runId }: PublishArgs,
  before: Published | null,
  { contractVersion, dates, fact, dimensions, reports }: Content,
  record: Omit<RunRecord, "runId" | "publishedAt" | "contractVersion">,
): Promise<Published> {
  const publishedAt = new Date().toISOString();
  const content = {
    version: VERSION,
    dataset: dataset.name,
    attribution: dataset.attribution ?? before?.attribution ?? null,
    ...{ contractVersion, runId, publishedAt, dates, fact, dimensions, reports },
    runs: [...(before?.runs ?? []), { ...record, runId, publishedAt, contractVersion }],
  } as const;
  const database = await writeDatabase({ engine, dataset, warehouse, before, state: content });
  const state: Published = { ...content, database };
  await publish(warehouse, before, state);
  return state;
}
