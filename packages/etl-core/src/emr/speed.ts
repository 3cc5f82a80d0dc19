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
  date: "2026-11-26",
  source: "one day of 500,000 sales and as many inventory rows: 126 core seconds, of which about 60 whatever the rows",
  startSeconds: 420,
  fixedSeconds: 60,
  rowsPerCoreMinute: 900_000,
  endSeconds: 60,
} as const satisfies EmrSpeed;
