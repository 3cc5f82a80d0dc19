/** Reports of the checks, for people. */
import type { DateReport } from "@sales-etl/etl-core/validate";
import type { QualityWarning } from "./engine/state.ts";
import { coloured, plural, say } from "./people.ts";

const SHOWN = 5;

export const verdictColour = { accepted: "green", rejected: "red", incomplete: "yellow" } as const;

/** The verdict in one line, then what is wrong: where, which value, what to do. */
export function sayReport(report: DateReport): void {
  const rows = report.files.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  const rejected = report.files.reduce((sum, { rowsRejected }) => sum + rowsRejected, 0);
  const counts = `${plural(rows, "row")}${rejected === 0 ? "" : `, ${rejected.toLocaleString("en")} rejected`}`;
  say(`${report.businessDate}  ${coloured(verdictColour[report.verdict], report.verdict)}  ${counts}`);
  sayProblems(report);
}

/** Only what is wrong; nothing for a clean date. */
export function sayProblems(report: DateReport): void {
  for (const { code, severity, message } of report.problems) {
    say(`    ${coloured(severity === "error" ? "red" : "yellow", code)}  ${message}`);
  }
  for (const { file, problems, problemsOmitted } of report.files) {
    for (const { code, line, column, value, message } of problems.slice(0, SHOWN)) {
      const where = [file, line].filter((part) => part !== null).join(":");
      const what = [column, value === null ? null : JSON.stringify(value)].filter((part) => part !== null).join(" = ");
      say(`    ${coloured("yellow", code)}  ${where}${what === "" ? "" : `  ${what}`}\n        ${message}`);
    }
    const more = Math.max(0, problems.length - SHOWN) + problemsOmitted;
    if (more > 0) say(`    ... and ${plural(more, "more problem")} in ${file}; the report of the date lists them`);
  }
}

/** What the checks before the publish found unlikely. */
export function sayWarnings(warnings: readonly QualityWarning[]): void {
  for (const { check, rule, rows, examples } of warnings) {
    say(`${coloured("yellow", check)}  ${plural(rows, "row")} against the rule "${rule}"`);
    for (const example of examples) say(`    ${JSON.stringify(example)}`);
  }
}
