/** Back to what an earlier run published, by the job itself: all tables together, as a publish of its own. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { RollbackResult } from "../engine/rollback.ts";
import { newRunId } from "../engine/state.ts";
import { whoRuns } from "../engine/who.ts";
import { type JobArgs, startJob } from "./job.ts";
import { writeLoads } from "./loads.ts";
import { requirePublishes } from "./publishes.ts";
import { goesBackTo, samePublish } from "./status.ts";

const SHOWN = 10;

export interface SparkRollbackArgs extends JobArgs {
  readonly to: string;
  /** @default as {@link whoRuns} says */
  readonly by?: string;
}

/** @throws {SalesEtlError} NOTHING_PUBLISHED, RUN_NOT_KEPT, SNAPSHOT_EXPIRED, LEASE_HELD, SPARK_FAILED */
export async function rollbackOnSpark({ to, by, ...args }: SparkRollbackArgs): Promise<RollbackResult> {
  const { warehouse, say = () => {} } = args;
  const publishes = await requirePublishes(warehouse);
  const target = goesBackTo(publishes, to);
  if (target === null) {
    const runs = publishes.filter(({ kind }) => kind === "publish").map(({ run_id }) => run_id);
    throw new SalesEtlError(
      `no run ${to} has published anything; the last that did: ${runs.slice(-SHOWN).join(", ")}`,
      {
        code: "RUN_NOT_KEPT",
        path: "--to",
      },
    );
  }
  const now = publishes.at(-1) ?? publishes[0];
  if (samePublish(now, target)) return { runId: now.run_id, rolledBackTo: to, changed: false };
  const runId = newRunId();
  await writeLoads(warehouse, runId, { by: whoRuns(by), dates: {} });
  let failed: { readonly code: string; readonly message: string } | null = null;
  say(`Spark starts to go back to run ${to} ...`);
  const { code, output } = await startJob(
    args,
    (line) => {
      if (line.event === "run_failed") failed = { code: String(line.code), message: String(line.message) };
    },
    ["--step", "rollback", "--to", to, "--run-id", runId],
  );
  const told = failed as { readonly code: string; readonly message: string } | null;
  if (told !== null || code !== 0) {
    const { code: name, message } = told ?? {
      code: "SPARK_FAILED",
      message: `Spark ended with exit code ${code}:\n${output}`,
    };
    throw new SalesEtlError(message.replace(new RegExp(`^${name}: `), ""), { code: name, path: warehouse });
  }
  return { runId, rolledBackTo: to, changed: true };
}
