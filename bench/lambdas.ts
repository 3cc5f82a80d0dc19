/** How long each bundled Lambda takes until it could be called, against a Node that does nothing: a cold start's own part. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { table } from "../packages/cli/src/people.ts";
import { bundleLambda, lambdaNames } from "../scripts/build-lambdas.ts";

const RUNS = 11;
/** What a cold start may take, in times of `node -e 0`. */
export const MOST_TIMES = 8;

/** Settings that let each of them start. */
const env = {
  ...{ LANDING_BUCKET: "landing", CONTROL_BUCKET: "control", EVENT_BUS_NAME: "bus", TIME_ZONE: "UTC" },
  ...{ LOOK_BACK_DAYS: "14", LARGEST_TABLE_MIB: "2048", VOLUME_FACTOR: "3", PUBLISHED_BY_HOUR: "6" },
  ...{ NIGHTLY_TIME_ZONE: "UTC", AIRFLOW_URL: "http://127.0.0.1:1", INSTANCE_ID: "i-1", ENVIRONMENT: "bench" },
  ...{ GRACE_MINUTES: "10", MAX_HOURS: "6", MAX_CLUSTER_HOURS: "6", NETWORK: "public", AWS_REGION: "us-east-1" },
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function seconds(...args: string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr.toString().slice(-500)}`);
  return (performance.now() - start) / 1000;
}

export interface Start {
  readonly name: string;
  readonly kilobytes: number;
  /** The median of each start against the empty one just before it. */
  readonly times: number;
  readonly seconds: number;
  readonly emptySeconds: number;
}

export async function lambdaStarts(): Promise<Start[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-bench-lambdas-"));
  try {
    const starts: Start[] = [];
    for (const { name, entry } of lambdaNames()) {
      const { file, bytes } = await bundleLambda(name, entry, path.join(folder, name));
      seconds(file);
      const pairs = Array.from({ length: RUNS }, () => [seconds("-e", "0"), seconds(file)] as const);
      starts.push({
        ...{ name, kilobytes: bytes / 1024 },
        times: median(pairs.map(([empty, own]) => own / empty)),
        seconds: median(pairs.map(([, own]) => own)),
        emptySeconds: median(pairs.map(([empty]) => empty)),
      });
    }
    return starts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function lambdaTable(): Promise<string> {
  const lines = (await lambdaStarts()).map(({ name, kilobytes, times, seconds: own, emptySeconds }) => [
    ...[name, kilobytes.toFixed(0), times.toFixed(1), own.toFixed(3), emptySeconds.toFixed(3)],
    times <= MOST_TIMES ? "" : `more than ${MOST_TIMES} times`,
  ]);
  return table(["cold start of", "KB", "times node -e 0", "s", "node -e 0 s", ""], lines);
}

if (import.meta.main) console.log(await lambdaTable());
