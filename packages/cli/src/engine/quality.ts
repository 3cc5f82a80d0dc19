/** Runs the checks before a publish, a part of the rows at a time, several parts at once, and puts together what they found. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { type QualityCheck, qualityChecks } from "@sales-etl/etl-core/sql";
import type { Engine } from "./duckdb.ts";
import type { QualityWarning } from "./state.ts";

/** A quality check found rows: nothing is published. Exit 1: the data is to blame. */
export class QualityError extends SalesEtlError {}

const SHOWN = 5;

export interface Quality {
  /** Runs the checks that `wanted` says over the rows that now stand under the names of the tables on this connection. */
  look(lane: Engine, wanted: (check: QualityCheck) => boolean): Promise<void>;
  /** Whether a check has found what stops the publish. */
  isBroken(): boolean;
  /**
   * @returns the warnings, in the order of the checks
   * @throws {QualityError} where a check has found what stops the publish
   */
  end(): Promise<readonly QualityWarning[]>;
}

/** All connections see what is here, which is not so of temporary tables. */
const EXAMPLES = "broken_rules";

/**
 * @param engine of which the connections that look are
 * @param candidate the relation with the fact's new rows
 */
export async function quality(engine: Engine, dataset: Dataset, candidate: string): Promise<Quality> {
  await engine.run(`ATTACH IF NOT EXISTS ':memory:' AS ${EXAMPLES}`);
  const all = qualityChecks(dataset, candidate);
  const checks = (["sources", "fact"] as const).flatMap((reads) => all.filter((check) => check.reads === reads));
  /** Rows found so far, by check; their examples lie in a table of the engine. */
  const found = new Map<string, number>();
  const examples = ({ name }: QualityCheck) => `${EXAMPLES}.${name}`;
  /** One after the other: the first that finds something makes the table. */
  let kept: Promise<void> = Promise.resolve();

  async function keep(lane: Engine, check: QualityCheck, from: string, rows: number): Promise<void> {
    const first = `SELECT * FROM ${from} ORDER BY ALL LIMIT ${SHOWN}`;
    const before = found.get(check.name);
    await lane.run(
      before === undefined
        ? `CREATE OR REPLACE TABLE ${examples(check)} AS ${first}`
        : `INSERT INTO ${examples(check)} ${first}`,
    );
    found.set(check.name, (before ?? 0) + rows);
  }

  /** The rows that break a rule may be many: they are counted, and a few are kept. */
  async function run(lane: Engine, check: QualityCheck): Promise<void> {
    const { over, sql } = check;
    if (over === null) await lane.run(`CREATE OR REPLACE TEMP TABLE broken AS ${sql}`);
    // What is selected from a relation that is there is quickly selected again.
    const from = over === null ? "broken" : `(${over.select})`;
    const rows = Number(await lane.value(`SELECT COUNT(*) FROM ${from}`));
    if (rows === 0) return;
    const mine = kept.then(() => keep(lane, check, from, rows));
    kept = mine.catch(() => {});
    await mine;
  }

  return {
    async look(lane, wanted) {
      const ready = new Set<string>();
      for (const check of checks.filter(wanted)) {
        const { over } = check;
        if (over !== null && !ready.has(over.name)) {
          await lane.run(`CREATE OR REPLACE TEMP TABLE ${over.name} AS ${over.sql}`);
          ready.add(over.name);
        }
        await run(lane, check);
      }
      for (const name of ready) await lane.run(`DROP TABLE ${name}`);
    },
    isBroken: () => checks.some(({ name, severity }) => severity === "error" && found.has(name)),
    async end() {
      const broken: string[] = [];
      const warnings: QualityWarning[] = [];
      for (const check of checks) {
        const { name, rule, severity } = check;
        const rows = found.get(name);
        if (rows === undefined) continue;
        const shown = await engine.rows(`SELECT * FROM ${examples(check)} ORDER BY ALL LIMIT ${SHOWN}`);
        if (severity === "warning") warnings.push({ check: name, rule, rows, examples: shown });
        else broken.push(`  ${name}: broken rule "${rule}"\n${lines({ rows, examples: shown }).join("\n")}`);
      }
      if (broken.length === 0) return warnings;
      throw new QualityError(
        `the checks before publishing failed; the published numbers are unchanged\n${broken.join("\n")}`,
        {
          code: "QUALITY_CHECK_FAILED",
          path: dataset.fact.name,
        },
      );
    },
  };
}

const lines = ({ rows, examples }: Pick<QualityWarning, "rows" | "examples">): string[] => [
  ...examples.map((row) => `    ${JSON.stringify(row)}`),
  ...(rows > examples.length ? [`    ... ${rows} rows in all`] : []),
];
