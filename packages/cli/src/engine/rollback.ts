/** Publishes an earlier state again. It is a publish of its own, so that one can go forward again, too. */
import { access } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { publishNext } from "./publish.ts";
import { keptRuns } from "./retention.ts";
import { filesOf, readKept } from "./state.ts";
import { whoRuns } from "./who.ts";
import { type WriterArgs, withWriter } from "./writer.ts";

export interface RollbackArgs extends WriterArgs {
  readonly to: string;
}

export interface RollbackResult {
  /** Of the rollback itself; of the published run where nothing changed. */
  readonly runId: string;
  readonly rolledBackTo: string;
  readonly changed: boolean;
}

/** @throws {SalesEtlError} NOTHING_PUBLISHED, RUN_NOT_KEPT with the runs that are, WAREHOUSE_DAMAGED */
export async function rollback(args: RollbackArgs): Promise<RollbackResult> {
  const { dataset, warehouse, to } = args;
  // Looked for before the writer makes a folder.
  const nothing = () =>
    new SalesEtlError(`nothing is published in ${warehouse} yet`, { code: "NOTHING_PUBLISHED", path: warehouse });
  await access(path.join(warehouse, "current.json")).catch(() => {
    throw nothing();
  });
  return withWriter<RollbackResult>(args, async ({ engine, runId, before }) => {
    if (before === null) throw nothing();
    if (to === before.runId) return { result: { runId: to, rolledBackTo: to, changed: false }, state: before };
    const kept = await keptRuns(warehouse, before);
    const target = kept.includes(to) ? await readKept(warehouse, dataset.name, to) : null;
    if (target === null) {
      throw new SalesEtlError(`the run ${to} is not kept; kept are ${kept.join(", ")}`, {
        code: "RUN_NOT_KEPT",
        path: "--to",
      });
    }
    for (const file of filesOf(target)) {
      // Its database is made anew from the others where it is gone.
      if (file === target.database.file) continue;
      await access(path.join(warehouse, ...file.split("/"))).catch((cause: unknown) => {
        throw new SalesEtlError(`${file} of the run ${to} is gone: bring it back, or choose another run`, {
          code: "WAREHOUSE_DAMAGED",
          path: file,
          cause,
        });
      });
    }
    const record = { kind: "rollback", rolledBackTo: to, dates: [], warnings: [], by: whoRuns(args.by) } as const;
    const state = await publishNext({ engine, dataset, warehouse, runId }, before, target, record);
    return { result: { runId, rolledBackTo: to, changed: true }, state };
  });
}
