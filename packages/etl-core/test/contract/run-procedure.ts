/** Runs the body of the generated procedure as Snowflake would, over statements that answer what a test says. */

export interface UnloadedFile {
  readonly name: string;
  readonly bytes: number;
  readonly rows: number;
}

export interface ProcedureRun {
  /** Every COPY. */
  readonly statements: readonly string[];
  /** Every SELECT that counts. */
  readonly counts: readonly string[];
  readonly manifest: unknown;
}

/** Rows, then a sum for each column asked for. */
export const threeRows = (statement: string): readonly string[] => [
  "3",
  ...[...statement.matchAll(/SUM\(/g)].map((_, index) => `${index}.50`),
];

/**
 * @param answer the files that COPY (DETAILED_OUTPUT) names; the path of the statement is its first argument
 * @param count what a SELECT that counts answers
 */
export function runProcedure(
  sql: string,
  businessDate: string,
  answer: (to: string, statement: string) => readonly UnloadedFile[],
  count: (statement: string) => readonly string[] = threeRows,
): ProcedureRun {
  const [, body, more] = sql.split("$$");
  if (body === undefined || more === undefined) throw new Error("no procedure between $$ and $$");
  const statements: string[] = [];
  const counts: string[] = [];
  const execute = ({ sqlText }: { sqlText: string }) => {
    if (sqlText.startsWith("SELECT ")) {
      counts.push(sqlText);
      const values = count(sqlText);
      return { next: () => true, getColumnValue: (column: number) => values[column - 1] };
    }
    statements.push(sqlText);
    const to = /^COPY INTO '@[^/]+\/([^']+)'/.exec(sqlText)?.[1] ?? "";
    const rows = answer(to, sqlText);
    let at = -1;
    return {
      next: () => {
        at += 1;
        return at < rows.length;
      },
      getColumnValue: (column: number) => [rows[at]?.name, rows[at]?.bytes, rows[at]?.rows][column - 1],
    };
  };
  const run = new Function("snowflake", "BUSINESS_DATE", body) as (snowflake: object, date: string) => unknown;
  const manifest = run({ execute }, businessDate);
  return { statements, counts, manifest };
}

/** Snowflake's answer for a table with rows: it adds a number to the prefix, and names the file without the stage. */
export const oneFile = (to: string, statement: string): readonly UnloadedFile[] =>
  to === "" || to.startsWith("_manifest")
    ? []
    : [{ name: statement.includes("SINGLE = TRUE") ? to : `${to}_0_0_0.csv.gz`, bytes: 120, rows: 3 }];
