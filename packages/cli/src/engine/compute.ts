/** Computes the touched periods of the fact, checks them, and writes one immutable file a period. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { factSql, type QualityCheck, qualityChecks, TOUCHED } from "@sales-etl/etl-core/sql";
import { type Engine, quoted } from "./duckdb.ts";
import { deltaViews } from "./relations.ts";
import { fileIn, type LoadedDate, type QualityWarning } from "./state.ts";

/** A quality check found rows: nothing is published. Exit 1: the data is to blame. */
export class QualityError extends SalesEtlError {}

const CANDIDATE = "fact_candidate";
const SHOWN = 5;

/**
 * Of the rows that the fact is made of before it is computed, of the fact afterwards.
 * @returns the warnings
 */
async function checkQuality(engine: Engine, dataset: Dataset, reads: QualityCheck["reads"]): Promise<QualityWarning[]> {
  const broken: string[] = [];
  const warnings: QualityWarning[] = [];
  for (const check of qualityChecks(dataset, CANDIDATE).filter((one) => one.reads === reads)) {
    const { name, rule, sql, severity } = check;
    const examples = await engine.rows(`SELECT * FROM (${sql}) ORDER BY ALL LIMIT ${SHOWN}`);
    if (examples.length === 0) continue;
    const rows = Number(await engine.value(`SELECT COUNT(*) FROM (${sql})`));
    if (severity === "warning") warnings.push({ check: name, rule, rows, examples });
    else broken.push(`  ${name}: broken rule "${rule}"\n${lines({ rows, examples }).join("\n")}`);
  }
  if (broken.length > 0) {
    throw new QualityError(
      `the checks before publishing failed; the published numbers are unchanged\n${broken.join("\n")}`,
      {
        code: "QUALITY_CHECK_FAILED",
        path: dataset.fact.name,
      },
    );
  }
  return warnings;
}

const lines = ({ rows, examples }: Pick<QualityWarning, "rows" | "examples">): string[] => [
  ...examples.map((row) => `    ${JSON.stringify(row)}`),
  ...(rows > examples.length ? [`    ... ${rows} rows in all`] : []),
];

export interface ComputeArgs {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly warehouse: string;
  readonly runId: string;
  /** All accepted dates, the new ones among them. */
  readonly dates: Readonly<Record<string, LoadedDate>>;
  /** The dates that this run loaded: their rows are checked whether or not they fall in a period. */
  readonly loaded: readonly string[];
  readonly periods: readonly number[];
  /** Days have another period than before, or none: every row's day is looked up again, not only those near by. */
  readonly calendarMoved: boolean;
}

export interface ComputedFact {
  readonly files: Readonly<Record<string, string>>;
  readonly warnings: readonly QualityWarning[];
}

/** @returns the file of each period, and what is unlikely in its rows. The calendar's view must be there. */
export async function computeFact(args: ComputeArgs): Promise<ComputedFact> {
  const { engine, dataset, warehouse, runId, periods } = args;
  const { calendar, keys } = dataset.fact;
  const values = periods.map((period) => `(${period})`).join(", ");
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${TOUCHED} AS SELECT CAST(period AS INT) AS ${calendar.period} FROM (VALUES ${values || "(NULL)"}) t(period) WHERE period IS NOT NULL`,
  );
  const [touched] = await engine.rows(
    `SELECT MIN(c.${calendar.date}) AS first, MAX(c.${calendar.date}) AS last FROM ${calendar.table} c JOIN ${TOUCHED} t ON t.${calendar.period} = c.${calendar.period}`,
  );
  const days = [touched?.first, touched?.last, args.loaded[0], args.loaded.at(-1)]
    .filter((day) => typeof day === "string")
    .sort();
  const [first, last] = [days[0], days.at(-1)];
  const span = args.calendarMoved || first === undefined || last === undefined ? null : { first, last };
  await deltaViews(engine, dataset, warehouse, args.dates, span);
  const warnings = await checkQuality(engine, dataset, "sources");
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${CANDIDATE} AS ${factSql(dataset)}`);
  warnings.push(...(await checkQuality(engine, dataset, "fact")));

  const files: Record<string, string> = {};
  for (const period of periods) {
    const file = `fact/${calendar.period}=${period}/${runId}.parquet`;
    await engine.run(
      `COPY (SELECT * FROM ${CANDIDATE} WHERE ${calendar.period} = ${period} ORDER BY ${keys.join(", ")})
       TO ${quoted(await fileIn(warehouse, file))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    files[period] = file;
  }
  return { files, warnings };
}
