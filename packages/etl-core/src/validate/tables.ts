/** What can be said of a table only when all of its files of a date were read. */
import type { Table } from "../contract/index.ts";
import type { Manifest } from "../landing/index.ts";
import type { CheckedFile } from "./file.ts";
import type { DateProblem } from "./report.ts";
import { decimalText, scaledInteger, totalColumns } from "./totals.ts";

/** @param files the table's own, checked */
export function tableProblems(table: Table, files: readonly CheckedFile[], manifest: Manifest): DateProblem[] {
  const say = (code: DateProblem["code"], severity: DateProblem["severity"], message: string): DateProblem => ({
    ...{ code, severity, table: table.name, file: null, message },
  });
  // Of a part the sums say nothing, and why it is a part is said already.
  if (files.length === 0 || files.some(({ readToEnd }) => !readToEnd)) return [];
  const problems = totalsDiffer(table, files, manifest).map((message) => say("TOTALS_DIFFER", "error", message));
  const rows = files.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  if (rows === 0 && table.load !== "snapshot" && files.every(({ verdict }) => verdict === "accepted")) {
    problems.push(say("DAY_WITHOUT_ROWS", "warning", `the day has no row of ${table.name}, and the manifest says so`));
  }
  return problems;
}

function totalsDiffer(table: Table, files: readonly CheckedFile[], manifest: Manifest): string[] {
  const expected = manifest.totals?.[table.name] ?? {};
  const scales = totalColumns(table);
  return Object.entries(expected).flatMap(([column, text]) => {
    const scale = scales.get(column);
    if (scale === undefined)
      return [`the manifest has a total of ${column}, which is no decimal column of ${table.name}`];
    const wanted = scaledInteger(text, scale);
    let sum = 0n;
    for (const { totals } of files) {
      const one = totals[column];
      // A value that is no number is a fault of its own.
      if (one === null || one === undefined) return [];
      sum += scaledInteger(one, scale) ?? 0n;
    }
    if (wanted === sum) return [];
    return [`${column} adds up to ${decimalText(sum, scale)}, the manifest says ${text}`];
  });
}

/** The control totals of a table over all of its files; null where a value is no number. */
export function totalsOver(table: Table, files: readonly CheckedFile[]): Record<string, string> {
  const known = [...totalColumns(table)].flatMap(([column, scale]) => {
    const sums = files.map(({ totals }) => totals[column] ?? null);
    if (sums.includes(null)) return [];
    const sum = sums.reduce((total, text) => total + (scaledInteger(text ?? "0", scale) ?? 0n), 0n);
    return [[column, decimalText(sum, scale)] as const];
  });
  return Object.fromEntries(known);
}
