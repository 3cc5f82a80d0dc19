/** Begins the DAG's run of every accepted date, in order, once Airflow is up. */
import { createHash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { DAG_ID, runId } from "@sales-etl/etl-core/events";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import {
  endedStep,
  judgementIdOf,
  newestJudgement,
  type PendingRun,
  pendingRuns,
  type ReceiptStore,
  readJudgement,
  receiptStore,
  triggeredStep,
} from "@sales-etl/etl-core/receipts";
import { type Invocation, logFailure } from "../invocation.ts";
import type { Log } from "../log.ts";
import type { Airflow } from "./airflow.ts";
import { readCredential } from "./credential.ts";
import { parseRequest, type Request } from "./request.ts";

export interface HandlerArgs {
  readonly controlBucket: string;
  readonly s3: Pick<S3Client, "send">;
  readonly airflow: Airflow;
  readonly logOf: (invocation: string) => Log;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

export interface TriggeredRun {
  readonly businessDate: BusinessDate;
  readonly runId: string;
  /** False when Airflow had it already. */
  readonly triggered: boolean;
}

export interface TriggerDagResult {
  /** Oldest first; the date that was asked for and those that waited before it. */
  readonly runs: readonly TriggeredRun[];
}

export type TriggerDag = (event: unknown, invocation: Invocation) => Promise<TriggerDagResult>;

const LOOK_AGAIN_MS = 5_000;
/** What a last round of requests may take. */
const RESERVE_MS = 60_000;

export function createHandler(args: HandlerArgs): TriggerDag {
  return (event, invocation) => {
    const log = args.logOf(invocation.awsRequestId);
    return logFailure(log, () => triggerDag(args, event, invocation, log));
  };
}

async function triggerDag(
  args: HandlerArgs,
  event: unknown,
  { awsRequestId, getRemainingTimeInMillis }: Invocation,
  log: Log,
): Promise<TriggerDagResult> {
  const request = parseRequest(event);
  const receipts = receiptStore({ client: args.s3, bucket: args.controlBucket });
  const who = `trigger-dag ${awsRequestId}`;
  const wanted = await wantedRuns(args, receipts, request, who);
  if (wanted.length === 0) return { runs: [] };

  const remainingMs = () => getRemainingTimeInMillis() - RESERVE_MS;
  const until = <T>(what: string, attempt: () => Promise<T | null>) => retry({ ...args, remainingMs, what }, attempt);
  const login = () => until("healthy and open to this night's credential", () => logIn(args));
  let token = await login();
  const runs: TriggeredRun[] = [];
  for (const run of wanted) {
    const id = runId(run);
    const answer = await until(`ready to take ${id}`, async () => {
      const asked = { dagId: DAG_ID, dagRunId: id, conf: confOf(run), note: "LandingAccepted" };
      const found = await args.airflow.trigger(token, asked).catch(unlessRefused("not yet" as const));
      if (found !== "not yet") return found;
      // It may have been started anew since: then the token is worth nothing.
      token = await login();
      return null;
    });
    log.info("run", { businessDate: run.businessDate, runId: id, answer });
    await receipts.write({
      businessDate: run.businessDate,
      step: triggeredStep(run),
      who,
      when: args.now().toISOString(),
      what: { runId: id },
    });
    runs.push({ businessDate: run.businessDate, runId: id, triggered: answer === "triggered" });
  }
  return { runs };
}

/** The parameters of the DAG. */
const confOf = ({ businessDate, leftToSpark }: Pick<PendingRun, "businessDate" | "leftToSpark">) => ({
  business_date: businessDate,
  ...(leftToSpark.length === 0 ? {} : { left_to_spark: leftToSpark.join(",") }),
});

/** The pending dates up to the one that was asked for: later ones bring their own events. */
async function wantedRuns(args: HandlerArgs, receipts: ReceiptStore, request: Request, who: string) {
  const { businessDate, again } = request;
  const pending = (await pendingRuns(receipts)).filter((run) => run.businessDate <= businessDate);
  const isUnderWay = pending.some((run) => run.businessDate === businessDate);
  const attempt =
    again === null
      ? request.attempt
      : isUnderWay
        ? 1
        : await attemptOf(args, receipts, { businessDate, requestId: again, who });
  if (attempt === 1 || pending.some((run) => run.businessDate === businessDate && run.attempt === attempt)) {
    return pending;
  }
  const { judgement, leftToSpark } = await endedJudgement(receipts, businessDate);
  return [
    ...pending.filter((run) => run.businessDate < businessDate),
    { businessDate, judgement, attempt, leftToSpark },
  ];
}

/** The number of a person's attempt: the next one when the wish is new, and the same again when it is not. */
async function attemptOf(
  { now }: HandlerArgs,
  receipts: ReceiptStore,
  {
    businessDate,
    requestId,
    who,
  }: { readonly businessDate: BusinessDate; readonly requestId: string; readonly who: string },
): Promise<number> {
  const { judgement, attempts } = await endedJudgement(receipts, businessDate);
  const id = createHash("sha256")
    .update(JSON.stringify([judgement, requestId]))
    .digest("hex")
    .slice(0, 16);
  const what = { requestId, judgement, attempt: attempts + 1 };
  const wish = await receipts.write({
    ...{ businessDate, step: `requested-${id}`, who, when: now().toISOString(), what },
  });
  return wish.written ? what.attempt : (wish.existing.what as typeof what).attempt;
}

/** The newest judgement of the date whose first run has ended, and how many of its runs have. */
async function endedJudgement(receipts: ReceiptStore, businessDate: BusinessDate) {
  const listed = (await receipts.list(businessDate)).filter((receipt) => receipt.businessDate === businessDate);
  const newest = newestJudgement(listed);
  const judgement = judgementIdOf(newest?.step ?? "") ?? "";
  const first = endedStep({ judgement, attempt: 1 });
  const steps = listed.map(({ step }) => step).filter((step) => step === first || step.startsWith(`${first}-`));
  if (newest === null || !steps.includes(first)) {
    throw new SalesEtlError(`${businessDate} has no run that has ended: there is nothing to try again`, {
      code: "RUN_NOT_ENDED",
      path: businessDate,
    });
  }
  const attempts = Math.max(...steps.map((step) => Number(step.slice(first.length + 1) || 1)));
  return { judgement, attempts, leftToSpark: (await readJudgement(receipts, newest)).leftToSpark };
}

async function logIn({ airflow, s3, controlBucket, now }: HandlerArgs): Promise<string | null> {
  if (!(await airflow.isHealthy())) return null;
  const credential = await readCredential(s3, controlBucket, now());
  return credential === null ? null : airflow.login(credential).catch(unlessRefused(null));
}

/** A host that stops or starts: no connection, or none that answers in time. */
const unlessRefused =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof SalesEtlError) throw error;
    return instead;
  };

interface RetryArgs extends Pick<HandlerArgs, "sleep"> {
  readonly remainingMs: () => number;
  readonly what: string;
}

/** @throws {SalesEtlError} AIRFLOW_NOT_READY when the time is over: Lambda tries it again */
async function retry<T>({ sleep, remainingMs, what }: RetryArgs, attempt: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await attempt();
    if (found !== null) return found;
    if (remainingMs() < LOOK_AGAIN_MS) {
      throw new SalesEtlError(`Airflow was not ${what} in time`, { code: "AIRFLOW_NOT_READY" });
    }
    await sleep(LOOK_AGAIN_MS);
  }
}
