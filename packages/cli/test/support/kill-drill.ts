/** Kills runs and rollbacks at random moments: readers see the state before or after, and the next run repairs all. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { retail } from "@sales-etl/etl-core/retail";
import { openReader } from "../../src/engine/reader.ts";
import { rollback } from "../../src/engine/rollback.ts";
import { runDates } from "../../src/engine/run.ts";
import { filesOf, type Published } from "../../src/engine/state.ts";
import { land } from "./landing.ts";

/** Everything that is published, but who published it and when. */
const CONTENT = [
  "SELECT * FROM sales",
  "SELECT * FROM inventory",
  "SELECT * FROM weekly_fact",
  "SELECT * FROM weekly_fact_brief",
  "SELECT * FROM store_dim",
  "SELECT * FROM product_dim",
  "SELECT * FROM calendar_dim",
  "SELECT * EXCLUDE (run_id) FROM quarantine",
];

/** A digest of the published rows, as a reader of this moment sees them. */
export async function digestOf(warehouse: string): Promise<string> {
  const reader = await openReader(retail, warehouse);
  try {
    const hash = createHash("sha256");
    for (const sql of CONTENT) hash.update(JSON.stringify(await reader.rows(`${sql} ORDER BY ALL`)));
    return hash.digest("hex");
  } finally {
    reader.close();
  }
}

/** A sequence of numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Operation {
  readonly name: "run" | "rollback";
  readonly rest: readonly string[];
  readonly again: (warehouse: string) => Promise<unknown>;
  /** What is published afterwards. */
  readonly after: string;
  /** Undisturbed, in milliseconds from `ready`. */
  readonly lasts: number;
}

const DATES = ["2020-01-04", "2020-01-05", "2020-01-06", "2020-01-11"];

/** Rows enough that computing and writing take their time. */
const rowsOf = (date: string, amount: string) =>
  Array.from({ length: 400 }, (_, index) => `${index},${index % 97},1,${date},1,${amount}`).join("\n");

const stockOf = (date: string) => Array.from({ length: 97 }, (_, index) => `${date},1,${index},4,0`).join("\n");

/** Ends once `current.json` is another one, or the writer has ended. */
async function publishedIn(warehouse: string, hasEnded: () => boolean): Promise<void> {
  const read = () => readFileSync(path.join(warehouse, "current.json"), "utf8");
  const before = read();
  while (!hasEnded() && read() === before) await sleep(1);
}

/** Starts the operation, and kills it when `moment` has come; null: lets it end. @returns milliseconds from `ready` to the end */
async function started(
  operation: readonly string[],
  moment: ((hasEnded: () => boolean) => Promise<unknown>) | null,
): Promise<number> {
  const target = path.join(import.meta.dirname, "kill-target.ts");
  const child = spawn(process.execPath, ["--conditions=@sales-etl/source", target, ...operation], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) =>
    child.once("close", () => {
      hasEnded = true;
      resolve();
    }),
  );
  await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
  const ready = performance.now();
  if (moment !== null) {
    await moment(() => hasEnded);
    child.kill("SIGKILL");
  }
  await ended;
  return performance.now() - ready;
}

export interface DrillResult {
  readonly moments: number;
  /** How often the killed operation had published already. */
  readonly published: number;
  /** How often a reader looked while it ran. */
  readonly reads: number;
  readonly faults: readonly string[];
}

/** Files of runs that no version names. */
function orphans(warehouse: string): string[] {
  const states = ["current.json", ...readdirSync(path.join(warehouse, "states")).map((name) => `states/${name}`)];
  const named = new Set(
    states.flatMap((name) => [...filesOf(JSON.parse(readFileSync(path.join(warehouse, name), "utf8")) as Published)]),
  );
  const files = readdirSync(warehouse, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(warehouse, path.join(entry.parentPath, entry.name)));
  return files.filter((name) => ![...named, ...states, "writer.duckdb"].includes(name));
}

/** @param seed the same one gives the same moments, as shares of the time that the operation takes */
export async function killDrill(moments: number, seed: number): Promise<DrillResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-drill-"));
  try {
    return await drillIn(folder, moments, randomFrom(seed));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function drillIn(folder: string, moments: number, random: () => number): Promise<DrillResult> {
  const [landing, prepared] = [path.join(folder, "landing"), path.join(folder, "prepared")];
  const lands = (date: string, amount: string) =>
    land(landing, date, { sales: rowsOf(date, amount), inventory: stockOf(date), store: `1,Store ${amount}` });
  const run = (warehouse: string, dates: readonly string[]) => runDates({ dataset: retail, landing, warehouse, dates });
  for (const date of DATES) await lands(date, "1.00");
  const first = await run(prepared, DATES.slice(0, 2));
  await run(prepared, [DATES[2] ?? ""]);
  const beforeDigest = await digestOf(prepared);
  // A correction in the middle and a new date: old and new weeks, history, and files of three kinds.
  await lands("2020-01-05", "2.00");

  const copy = (name: string) => {
    const warehouse = path.join(folder, name);
    rmSync(warehouse, { recursive: true, force: true });
    cpSync(prepared, warehouse, { recursive: true, preserveTimestamps: true });
    return warehouse;
  };
  const back = first.runId ?? "";
  const plans = [
    { name: "run", rest: DATES, again: (warehouse: string) => run(warehouse, DATES) },
    {
      name: "rollback",
      rest: [back],
      again: (warehouse: string) => rollback({ dataset: retail, warehouse, to: back }),
    },
  ] as const;
  const operations: Operation[] = [];
  for (const plan of plans) {
    const warehouse = copy("undisturbed");
    const lasts = await started([plan.name, landing, warehouse, ...plan.rest], null);
    operations.push({ ...plan, lasts, after: await digestOf(warehouse) });
  }

  const faults: string[] = [];
  let [published, reads] = [0, 0];
  for (let moment = 0; moment < moments; moment += 1) {
    // Four runs to one rollback.
    const operation = operations[moment % 5 === 4 ? 1 : 0] as Operation;
    const share = random() * 1.5;
    // How long it takes depends on what else the machine does: one in ten is killed right behind its publish.
    const behindPublish = moment % 10 === 8;
    const at = behindPublish ? "its publish" : share.toFixed(3);
    const fault = (what: string) => faults.push(`${operation.name} killed at ${at}: ${what}`);
    const warehouse = copy("killed");
    let running = true;
    const killed = started([operation.name, landing, warehouse, ...operation.rest], (hasEnded) =>
      behindPublish ? publishedIn(warehouse, hasEnded) : sleep(share * operation.lasts),
    ).then(() => {
      running = false;
    });
    const known = [beforeDigest, operation.after];
    while (running) {
      const digest = await digestOf(warehouse).catch((error: Error) => error.message);
      reads += 1;
      if (!known.includes(digest)) fault(`a reader saw ${digest}`);
    }
    await killed;
    const left = await digestOf(warehouse).catch((error: Error) => error.message);
    if (!known.includes(left)) fault(`it left ${left}`);
    if (left === operation.after) published += 1;
    const repaired = await operation.again(warehouse).then(
      () => digestOf(warehouse),
      (error: Error) => error.message,
    );
    if (repaired !== operation.after) fault(`the next run did not repair it: ${repaired}`);
    const rest = orphans(warehouse);
    if (rest.length > 0) fault(`left over: ${rest.join(", ")}`);
    if (existsSync(path.join(warehouse, "run.started"))) fault("the next run did not tidy up");
  }
  return { moments, published, reads, faults };
}
