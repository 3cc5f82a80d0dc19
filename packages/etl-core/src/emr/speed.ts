/** How long a run takes, from measurements: `npm run bench:spark` makes them again. */
export interface EmrSpeed {
  /** When it was measured, `YYYY-MM-DD`. */
  readonly date: string;
  /** What was measured on what. */
  readonly source: string;
  /** From the call until the first step runs. */
  readonly startSeconds: number;
  /** Of a run, however few the rows: Spark's start, the plans, a commit for each table. */
  readonly fixedSeconds: number;
  /** Rows, over all files, that one core checks, loads and counts in a minute. */
  readonly rowsPerCoreMinute: number;
  /** From the end of the step until nothing is paid for any more. */
  readonly endSeconds: number;
}

/**
 * Core seconds of the daily job on a machine of the x86 kind; a Graviton core was not measured. Start and end are what EMR
 * usually takes; they were not measured either.
 */
export const emrSpeed = {
  date: "2026-11-27",
  source: "91 core seconds for 2000000 rows, 380 core seconds for 20000000 rows",
  startSeconds: 420,
  fixedSeconds: 59,
  rowsPerCoreMinute: 3_734_447,
  endSeconds: 60,
} as const satisfies EmrSpeed;

/** Of one run: its rows over all files, and what it took of all cores together. */
export interface MeasuredRun {
  readonly rows: number;
  readonly coreSeconds: number;
}

/** What costs the same whatever the rows, and what each row costs: a line through the smallest and the largest run. */
export function costOfRows(runs: readonly MeasuredRun[]): { readonly fixedSeconds: number; readonly perRow: number } {
  const sorted = runs.toSorted((a, b) => a.rows - b.rows);
  const [small, large] = [sorted[0], sorted.at(-1)];
  if (small === undefined || large === undefined || !(small.rows < large.rows)) {
    throw new RangeError("runs of two sizes are needed to tell what a row costs");
  }
  const perRow = (large.coreSeconds - small.coreSeconds) / (large.rows - small.rows);
  if (!(perRow > 0)) throw new RangeError(`${large.rows} rows took no longer than ${small.rows}: measure larger runs`);
  return { fixedSeconds: Math.max(0, small.coreSeconds - perRow * small.rows), perRow };
}

/**
 * The speed for `estimateRun` from runs of one's own, on one core; the start and the end of a cluster as in {@link emrSpeed}.
 *
 * @throws RangeError where the runs are of one size, or more rows took no longer
 */
export function measuredSpeed(runs: readonly MeasuredRun[], date: string): EmrSpeed {
  const { fixedSeconds, perRow } = costOfRows(runs);
  const told = runs.map(({ rows, coreSeconds }) => `${coreSeconds.toFixed(0)} core seconds for ${rows} rows`);
  return {
    ...emrSpeed,
    date,
    source: told.join(", "),
    fixedSeconds: Math.ceil(fixedSeconds),
    rowsPerCoreMinute: Math.floor(60 / perRow),
  };
}
