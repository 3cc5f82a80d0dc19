/** The Spark job on this machine, as spark-submit would run it: its log line by line, its exit code at the end. */
import { spawn } from "node:child_process";
import { availableParallelism, constants, totalmem } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { programFolder } from "./program.ts";

/** A line of the job's log: `event` and what belongs to it. */
export type LogLine = { readonly event: string } & Readonly<Record<string, unknown>>;

export interface SubmitArgs {
  readonly python: string;
  readonly jars: readonly string[];
  /** @default that of the environment */
  readonly javaHome?: string | null;
  /** The job's options. */
  readonly args: readonly string[];
  /** Another program than the job, and what it reads on stdin. @default main.py of the package */
  readonly program?: string;
  readonly stdin?: Readable;
  /** Further settings of Spark. */
  readonly conf?: Readonly<Record<string, string>>;
  readonly onLine?: (line: LogLine) => void;
  /** Told every other line. */
  readonly onOutput?: (line: string) => void;
}

export interface Submitted {
  /** 0 done, 1 data rejected or check failed, 2 usage or system fault. */
  readonly code: number;
  /** The end of what was written beside the log, for messages. */
  readonly output: string;
}

const GIGABYTE = 2 ** 30;
const KEPT_LINES = 60;

/** Half of what the machine or the container has: the other half is for files, and for others. */
const driverMemory = () => {
  const limit = process.constrainedMemory();
  const memory = limit > 0 && limit < totalmem() ? limit : totalmem();
  return `${Math.max(1, Math.min(16, Math.floor(memory / GIGABYTE / 2)))}g`;
};

/** Nothing listens beyond 127.0.0.1. */
const settings = (): Readonly<Record<string, string>> => ({
  "spark.driver.memory": driverMemory(),
  "spark.ui.enabled": "false",
  "spark.driver.host": "127.0.0.1",
  "spark.driver.bindAddress": "127.0.0.1",
  "spark.log.level": "ERROR",
});

const asLine = (text: string): LogLine | null => {
  if (!text.startsWith('{"event":')) return null;
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
};

/** The user's own Spark and its settings are none of ours. */
function environment(javaHome: string | null | undefined): NodeJS.ProcessEnv {
  const { SPARK_HOME: _, SPARK_CONF_DIR: __, PYTHONPATH: ___, PYTHONHOME: ____, ...env } = process.env;
  return javaHome == null ? env : { ...env, JAVA_HOME: javaHome };
}

export function submit({ python, jars, javaHome, args, conf = {}, onLine, ...other }: SubmitArgs): Promise<Submitted> {
  const all = Object.entries({ ...settings(), ...conf }).flatMap(([key, value]) => ["--conf", `${key}=${value}`]);
  const options = ["--master", `local[${availableParallelism()}]`, "--jars", jars.join(","), ...all, "pyspark-shell"];
  return new Promise((resolve, reject) => {
    const child = spawn(python, [other.program ?? path.join(programFolder, "main.py"), ...args], {
      env: {
        ...environment(javaHome),
        PYSPARK_SUBMIT_ARGS: options.map(quoted).join(" "),
        PYSPARK_PYTHON: python,
        SPARK_LOCAL_IP: "127.0.0.1",
        PYTHONPATH: programFolder,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // The job ends with us: what it has not published, the next run repairs.
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM"] as const;
    for (const signal of signals) process.on(signal, forward);
    const kept: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (text) => {
        const line = asLine(text);
        if (line !== null) {
          onLine?.(line);
          return;
        }
        other.onOutput?.(text);
        if (kept.push(text) > KEPT_LINES) kept.shift();
      });
    }
    child.stdin.on("error", () => {});
    if (other.stdin === undefined) child.stdin.end();
    else other.stdin.pipe(child.stdin);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const one of signals) process.off(one, forward);
      resolve({ code: code ?? 128 + constants.signals[signal ?? "SIGKILL"], output: kept.join("\n") });
    });
  });
}

/** PySpark splits the options as a shell does. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./[\]-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
