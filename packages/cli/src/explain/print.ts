/** An explanation for people. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { tableOf } from "@sales-etl/etl-core/contract";
import { dailyColumnsOf, datedTables } from "@sales-etl/etl-core/measures";
import { coloured, table } from "../people.ts";
import type { ExplainedMeasure, Explanation } from "./explain.ts";
import type { RejectedRow } from "./lines.ts";
import type { SourceRow } from "./rows.ts";

const weekday = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" });
const dayText = (day: string) => `${weekday.format(new Date(`${day}T00:00:00Z`))} ${day}`;

const text = (value: unknown) => (value === null || value === undefined ? "–" : String(value));

function dayTable(dataset: Dataset, { days, measures }: Explanation): string {
  const names = new Set(measures.map(({ name }) => name));
  const wanted = new Set(
    dataset.fact.measures.filter(({ name }) => names.has(name)).flatMap((one) => dailyColumnsOf(dataset.fact, one)),
  );
  const shown = Object.keys(days[0] ?? {}).filter((column) => wanted.has(column) && column !== "tracked");
  return table(
    ["day", ...shown],
    days.map((day) => [dayText(String(day.day)), ...shown.map((column) => text(day[column]))]),
  );
}

function measureText(measure: ExplainedMeasure): string {
  const { name, title, value, unit, formula, days, calculation } = measure;
  const shown = value === null ? "unknown" : /^[0-9]{4}-/.test(value) ? value : `${value} ${unit}`;
  return [`${name}  ${title}: ${shown}`, `  ${formula}`, ...dayLines(days), `  ${calculation}`].join("\n");
}

/** A day whose text is only its number stands in the sum already; days that say the same stand together. */
function dayLines(days: ExplainedMeasure["days"]): string[] {
  const groups: { readonly text: string; readonly days: string[] }[] = [];
  for (const { day, text: said } of days) {
    if (!/[0-9].*[^0-9.-]/.test(said)) continue;
    const last = groups.at(-1);
    if (last?.text === said) last.days.push(day);
    else groups.push({ text: said, days: [day] });
  }
  return groups.map(({ text: said, days: own }) => {
    const [first = "", until = first] = [own[0], own.at(-1)];
    return `    ${dayText(first)}${own.length === 1 ? "" : ` to ${dayText(until)}`}  ${said}`;
  });
}

const where = ({ file, line }: { file: string | null; line: number | null }) =>
  file === null ? "–" : line === null ? `${file}, line not known` : `${file}:${line}`;

/** Of each table the columns that the fact reads, and the one that names the row where there is one. */
function rowTable(dataset: Dataset, name: string, rows: readonly SourceRow[], dayColumn: string): string {
  const { columnNames } = tableOf(dataset, name);
  const shown = columnNames.filter(
    (column) =>
      column !== dayColumn && !dataset.fact.keys.includes(column) && rows.some(({ values }) => values[column] !== null),
  );
  return table(
    [dayColumn, ...shown, "file and line"],
    rows.map((row) => [row.day, ...shown.map((column) => text(row.values[column])), where(row)]),
  );
}

const rejectedText = ({ code, column, value, message, certain, ...at }: RejectedRow) => {
  const what = [column, value === null ? null : JSON.stringify(value)].filter((part) => part !== null).join(" = ");
  const maybe = certain ? "" : " (its key cannot be read: it may be of this cell)";
  return `  ${coloured("yellow", code, process.stdout)}  ${where(at)}  ${what}${maybe}\n      ${message}`;
};

export function explanationText(dataset: Dataset, explanation: Explanation): string {
  const { cell, labels, period, measures, rows, rejected, files, notes, runId, publishedAt } = explanation;
  const names = Object.entries(cell).map(
    ([column, value]) => `${column} ${value}${labels[column] === undefined ? "" : ` (${labels[column]})`}`,
  );
  const parts = [
    `${names.join(", ")}\n${period.first} to ${period.last}; published by run ${runId}, ${publishedAt.slice(0, 19).replace("T", " ")} UTC`,
    `Day by day\n${dayTable(dataset, explanation)}`,
    `The numbers\n${measures.map(measureText).join("\n")}`,
  ];
  for (const { table: name, date } of datedTables(dataset.fact)) {
    const own = rows.filter((row) => row.table === name);
    parts.push(
      own.length === 0
        ? `Rows of ${name}: none`
        : `Rows of ${name}, as accepted\n${rowTable(dataset, name, own, date)}`,
    );
  }
  if (rejected.length > 0) parts.push(`Rejected: not in these numbers\n${rejected.map(rejectedText).join("\n")}`);
  const said = [...notes, ...files.flatMap(({ message }) => message ?? [])];
  if (said.length > 0) parts.push(`To know\n${said.map((one) => `  ${one}`).join("\n")}`);
  return `${parts.join("\n\n")}\n`;
}
