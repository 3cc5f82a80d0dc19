/** The last receipt of a run: what it published, when its cluster and the host ended, and what it cost. */

import type { EmrPrices } from "@sales-etl/etl-core/emr";
import { type RunName, runId } from "@sales-etl/etl-core/events";
import {
  closedStep,
  type ListedReceipt,
  type PublishedLoad,
  publishedLoad,
  type ReceiptStore,
} from "@sales-etl/etl-core/receipts";
import type { Log } from "../log.ts";
import type { Clusters, EndedCluster } from "./clusters.ts";
import { costOf, dollarsText, hoursText, type Used } from "./cost.ts";
import type { Host, HostView } from "./host.ts";

/** `what` of the receipt `closed-<judgement>`; dollars are exact decimals, null where a type has no price. */
export interface Closing {
  readonly runId: string;
  readonly result: string;
  /** null: it has published nothing. */
  readonly load: PublishedLoad | null;
  /** null: there was none. */
  readonly cluster: {
    readonly id: string;
    readonly state: string;
    readonly created: string;
    readonly ended: string;
    /** By type and market. */
    readonly instances: readonly { type: string; market: string; count: number; hours: string }[];
    readonly dollars: string | null;
  } | null;
  /** null: it was on again before this could be written. */
  readonly host: {
    readonly type: string;
    readonly started: string;
    readonly stopped: string;
    readonly hours: string;
    /** How many runs it was on for; each bears the same part. */
    readonly runs: number;
    /** Of this run. */
    readonly dollars: string | null;
  } | null;
  readonly dollars: string | null;
  /** Where the prices come from: not in them are volumes, S3, logs and the Lambdas. */
  readonly prices: Pick<EmrPrices, "date" | "region" | "currency">;
}

export interface CloseRunsArgs {
  readonly host: Host;
  readonly clusters: Clusters;
  readonly receipts: ReceiptStore;
  /** Of the Spark job. */
  readonly published: Pick<ReceiptStore, "list" | "read">;
  readonly prices: EmrPrices;
  /** Whether the host has a public address while it is on. */
  readonly hasPublicAddress: boolean;
  readonly who: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** EMR tells of an ended cluster for two months; what was not told within a week never will be. */
const FORGOTTEN_AFTER_MS = 7 * 86_400_000;

interface EndedRun {
  readonly run: RunName;
  readonly ended: ListedReceipt;
  readonly result: string;
  readonly load: PublishedLoad | null;
  readonly clusterId: string | null;
}

/**
 * Writes it for every run that has ended and has none, once the host is off; a run whose cluster is still ending waits for
 * the next time. May be called again at any time, also by the dead-man.
 *
 * @returns the names of the runs
 */
export async function closeRuns(args: CloseRunsArgs): Promise<string[]> {
  const { receipts, published, clusters, host, who, now, log } = args;
  const view = await host.look();
  if (view.state !== "stopped") return [];
  const open = await openRuns(receipts, published, new Date(now().getTime() - FORGOTTEN_AFTER_MS));
  const together = open.filter(({ ended }) => ended.written >= view.started).length;
  const closed: string[] = [];
  for (const one of open) {
    const cluster = one.clusterId === null ? null : await clusters.ended(one.clusterId);
    if (one.clusterId !== null && cluster === null) {
      log.info("cluster not ended", { runId: runId(one.run), cluster: one.clusterId });
      continue;
    }
    const what = closing(args, one, cluster, one.ended.written >= view.started ? { view, together } : null);
    const { businessDate } = one.run;
    await receipts.write({ businessDate, step: closedStep(one.run), who, when: now().toISOString(), what });
    const { result, dollars, load } = what;
    const loaded = {
      rowsAccepted: load?.rowsAccepted ?? 0,
      rowsRejected: load?.rowsRejected ?? 0,
      weeksRestated: load?.periodsRestated.length ?? 0,
    };
    log.info("closed", { runId: what.runId, result, dollars, ...loaded });
    closed.push(what.runId);
  }
  return closed;
}

/** Names tell what is closed: of years of runs nothing has to be read. */
async function openRuns(
  receipts: ReceiptStore,
  published: CloseRunsArgs["published"],
  since: Date,
): Promise<EndedRun[]> {
  const listed = await receipts.list();
  const names = new Set(listed.map(({ businessDate, step }) => `${businessDate} ${step}`));
  const open: EndedRun[] = [];
  for (const ended of listed) {
    const [, judgement, attempt = "1"] = /^ended-([0-9a-f]{16})(?:-(\d+))?$/.exec(ended.step) ?? [];
    if (judgement === undefined || ended.written < since) continue;
    const run = { businessDate: ended.businessDate, judgement, attempt: Number(attempt) };
    if (names.has(`${run.businessDate} ${closedStep(run)}`)) continue;
    const what = ((await receipts.read(ended))?.what ?? {}) as { result?: unknown; clusterId?: unknown };
    const clusterId = typeof what.clusterId === "string" ? what.clusterId : null;
    const load = await publishedLoad(published, run.businessDate, runId(run));
    open.push({ run, ended, result: String(what.result), load, clusterId });
  }
  return open;
}

function closing(
  { prices, hasPublicAddress, now }: CloseRunsArgs,
  { run, result, load }: EndedRun,
  cluster: EndedCluster | null,
  session: { readonly view: HostView; readonly together: number } | null,
): Closing {
  const ofCluster = cluster === null ? 0n : costOf(cluster.instances, prices);
  let ofHost: bigint | null = 0n;
  let host: Closing["host"] = null;
  if (session !== null) {
    const { type, started, stopped } = session.view;
    const end = stopped ?? now();
    const ms = Math.max(end.getTime() - started.getTime(), 60_000);
    const used: Used = { type, market: "on demand", ms: ms / session.together, isOfEmr: false, hasPublicAddress };
    ofHost = costOf([used], prices);
    host = {
      ...{ type, started: started.toISOString(), stopped: end.toISOString(), hours: hoursText(ms) },
      ...{ runs: session.together, dollars: ofHost === null ? null : dollarsText(ofHost) },
    };
  }
  return {
    ...{ runId: runId(run), result, load },
    cluster:
      cluster === null
        ? null
        : {
            ...{ id: cluster.id, state: cluster.state },
            ...{ created: cluster.created.toISOString(), ended: cluster.ended.toISOString() },
            instances: grouped(cluster.instances),
            dollars: ofCluster === null ? null : dollarsText(ofCluster),
          },
    host,
    dollars: ofCluster === null || ofHost === null ? null : dollarsText(ofCluster + ofHost),
    prices: { date: prices.date, region: prices.region, currency: prices.currency },
  };
}

const grouped = (instances: readonly Used[]) =>
  [...Map.groupBy(instances, ({ type, market }) => `${type} ${market}`).values()].map((same) => ({
    ...{ type: same[0]?.type ?? "", market: same[0]?.market ?? "", count: same.length },
    hours: hoursText(same.reduce((sum, { ms }) => sum + ms, 0)),
  }));
