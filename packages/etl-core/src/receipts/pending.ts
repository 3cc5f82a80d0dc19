/** Which accepted dates still wait for their run to end, seen from the receipts alone. */
import type { RunName } from "../events/run-id.ts";
import { judgementIdOf, newestJudgement, readJudgement } from "./judgement.ts";
import type { ReceiptStore } from "./store.ts";

/** A run that should take place: the newest judgement of a date, if it is "accepted". */
export interface PendingRun extends RunName {
  /** Whether Airflow has been told of it. */
  readonly triggered: boolean;
  /** Tables whose rows the gate has not looked at. */
  readonly leftToSpark: readonly string[];
}

type Part = Pick<RunName, "judgement" | "attempt">;

/** The receipt of whoever told Airflow. */
export const triggeredStep = (run: Part): string => stepOf("triggered", run);

/** The receipt of a run's end, whatever its result. */
export const endedStep = (run: Part): string => stepOf("ended", run);

/** The receipt of what a run cost, once its cluster and the host are off. */
export const closedStep = (run: Part): string => stepOf("closed", run);

const stepOf = (what: string, { judgement, attempt }: Part) =>
  [what, judgement, ...(attempt === 1 ? [] : [attempt])].join("-");

/**
 * Oldest first. A run that failed has ended: only a person asks for another attempt. A date that was judged again
 * counts by its newest judgement.
 */
export async function pendingRuns(receipts: ReceiptStore): Promise<PendingRun[]> {
  const byDate = Map.groupBy(await receipts.list(), ({ businessDate }) => businessDate);
  const pending: PendingRun[] = [];
  for (const [businessDate, listed] of [...byDate].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const newest = newestJudgement(listed);
    if (newest === null) continue;
    const steps = new Set(listed.map(({ step }) => step));
    const judgement = judgementIdOf(newest.step) ?? "";
    const open = attemptsOf(judgement, steps).filter((attempt) => !steps.has(endedStep({ judgement, attempt })));
    // Names tell all about dates that are done: of years of them nothing has to be read.
    if (open.length === 0) continue;
    const { verdict, leftToSpark } = await readJudgement(receipts, newest);
    if (verdict !== "accepted") continue;
    for (const attempt of open) {
      const triggered = steps.has(triggeredStep({ judgement, attempt }));
      pending.push({ businessDate, judgement, attempt, triggered, leftToSpark });
    }
  }
  return pending;
}

/** The first is asked for by the judgement itself, the others by a person. */
function attemptsOf(judgement: string, steps: ReadonlySet<string>): number[] {
  const later = [...steps].flatMap((step) => {
    const [, of, attempt] = /^triggered-([0-9a-f]+)-(\d+)$/.exec(step) ?? [];
    return of === judgement ? [Number(attempt)] : [];
  });
  return [1, ...later.sort((a, b) => a - b)];
}
