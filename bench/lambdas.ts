/** How long each bundled Lambda takes until it could be called, against a Node that does nothing: a cold start's own part. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleLambda, lambdaNames, largestKb } from "../scripts/build-lambdas.ts";
import { median } from "./measure.ts";
import type { Section } from "./write.ts";

const RUNS = 11;
/** What a cold start may take, in times of `node -e 0`. */
const MOST_TIMES = 8;

/** Loaded before either program: says at its end what processor time it has taken, its start included. */
const meter = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => { const { user, system } = process.cpuUsage(); writeSync(1, String(user + system)); });',
)}`;

/** Settings that let each of them start. */
const env = {
  ...{ LANDING_BUCKET: "landing", CONTROL_BUCKET: "control", EVENT_BUS_NAME: "bus", TIME_ZONE: "UTC" },
  ...{ LOOK_BACK_DAYS: "14", LARGEST_TABLE_MIB: "2048", VOLUME_FACTOR: "3", PUBLISHED_BY_HOUR: "6" },
  ...{ NIGHTLY_TIME_ZONE: "UTC", AIRFLOW_URL: "http://127.0.0.1:1", INSTANCE_ID: "i-1", ENVIRONMENT: "bench" },
  ...{ GRACE_MINUTES: "10", MAX_HOURS: "6", MAX_CLUSTER_HOURS: "6", NETWORK: "public", AWS_REGION: "us-east-1" },
};

interface Start {
  readonly seconds: number;
  /** Of all cores: of a machine that does other things as well it says more. */
  readonly cpuSeconds: number;
}

function start(...args: string[]): Start {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", meter, ...args], { env });
  const seconds = (performance.now() - begun) / 1000;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr.toString().slice(-500)}`);
  return { seconds, cpuSeconds: Number(/\d+$/.exec(stdout.toString())?.[0]) / 1e6 };
}

/** @returns one line a Lambda: its size, and the medians of its starts against the empty one just before each */
export async function lambdas(): Promise<Section> {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-bench-lambdas-"));
  try {
    const rows: string[][] = [];
    for (const { name, entry } of lambdaNames()) {
      const { file, bytes } = await bundleLambda(name, entry, path.join(folder, name));
      start(file);
      const pairs = Array.from({ length: RUNS }, () => [start("-e", "0"), start(file)] as const);
      const times = (of: (one: Start) => number) => median(pairs.map(([empty, own]) => of(own) / of(empty)));
      const [wall, cpu] = [times((one) => one.seconds), times((one) => one.cpuSeconds)];
      const own = median(pairs.map(([, one]) => one.cpuSeconds));
      const empty = median(pairs.map(([one]) => one.cpuSeconds));
      rows.push([
        ...[name, (bytes / 1024).toFixed(0), String(largestKb(name)), wall.toFixed(1)],
        ...[`${cpu.toFixed(1)}${cpu <= MOST_TIMES ? "" : " (too many)"}`, own.toFixed(3), empty.toFixed(3)],
      ]);
    }
    const header = ["cold start of", "KB", "KB at most", "times `node -e 0`", "times its CPU", "CPU s", "its CPU s"];
    return {
      header,
      rows,
      note: `The medians of ${RUNS} starts, each after an empty one; at most ${MOST_TIMES} times that.`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
