/** One Spark for all tests that compare the engines: its start and its first queries cost more than most of them. */
import path from "node:path";
import { PassThrough } from "node:stream";
import { ensureJars, jarsFolder } from "../../packages/cli/src/spark/jars.ts";
import { type LogLine, type Submitted, submit } from "../../packages/cli/src/spark/submit.ts";
import { fewRows } from "./few-rows.ts";

export interface JobRun {
  readonly arguments: readonly string[];
  /** What it must end with. */
  readonly code: number;
  readonly catalog: string;
  readonly database: string;
  /** Written as Parquet when it has ended, each into its folder. */
  readonly tables: Readonly<Record<string, string>>;
}

interface Session {
  readonly input: PassThrough;
  readonly ended: Promise<Submitted>;
  onLine: (line: LogLine) => void;
}

let session: Session | null = null;
/** Ends with the runs that were asked for last. */
let busy: Promise<unknown> = Promise.resolve();
let catalogs = 0;

/** A session knows a catalog by its name for good: each warehouse has its own. */
export function newCatalog(): string {
  catalogs += 1;
  return `parity${catalogs}`;
}

async function start(python: string): Promise<Session> {
  const input = new PassThrough();
  const jars = await ensureJars(jarsFolder());
  const started: Session = {
    input,
    onLine: () => {},
    ended: submit({
      ...{ python, jars, conf: fewRows, args: [], stdin: input },
      program: path.join(import.meta.dirname, "parity_runs.py"),
      onLine: (line) => started.onLine(line),
    }),
  };
  return started;
}

async function ask(python: string, runs: readonly JobRun[]): Promise<readonly LogLine[]> {
  session ??= await start(python);
  const asked = session;
  const lines: LogLine[] = [];
  const answered = new Promise<string>((resolve) => {
    asked.onLine = (line) => {
      if (line.event === "answered") resolve(String(line.fault));
      else lines.push(line);
    };
  });
  asked.input.write(`${JSON.stringify(runs)}\n`);
  const died = asked.ended.then(({ code, output }) => `Spark ended with exit code ${code}:\n${output}`);
  const fault = await Promise.race([answered, died]);
  if (fault !== "") throw new Error(`${fault}\n${lines.map((line) => JSON.stringify(line)).join("\n")}`);
  return lines;
}

/**
 * One list after the other: a test that has timed out does not wait for its answer, and the next must not take it for its own.
 *
 * @returns what the job said, line by line
 * @throws Error with the job's own words where a run does not end as it must
 */
export function runJobs(python: string, runs: readonly JobRun[]): Promise<readonly LogLine[]> {
  const answer = busy.then(() => ask(python, runs));
  busy = answer.catch(() => {});
  return answer;
}

// Of all files of tests, when the last one has ended.
after(async () => {
  session?.input.end();
  await session?.ended;
  session = null;
});
