/** Whether the numbers can be trusted: dates, refusals, rejected rows, restated periods, alerts. */
import { codes, type DateReport, type ProblemCode } from "@sales-etl/etl-core/validate";
import { plural } from "../../people.ts";
import { difference, formatDay, formatExact } from "../format.ts";
import { breakable, type Content, type Html, html } from "../html.ts";
import { link, type Panel } from "../panels.ts";
import type { Operations } from "../read/operations.ts";
import type { Restatement } from "../read/restatements.ts";
import { table } from "../table.ts";
import { capital, type Page } from "../words.ts";
import { calendarStrip, datesPanel } from "./dates.ts";

const number = (count: number): string => count.toLocaleString("en");
const isCode = (code: string): code is ProblemCode => code in codes;

/** One panel a code, whoever needs it first. */
function codePanels(page: Page): (code: string) => Content {
  const made = new Map<string, Panel>();
  return (code) => {
    const panel =
      made.get(code) ??
      page.panels.add(
        `code.${code}`,
        code,
        html`<p>${isCode(code) ? codes[code] : "A code of another version of the checks."}</p>`,
      );
    made.set(code, panel);
    return link(panel, html`<code>${breakable(code)}</code>`);
  };
}

function freshness(page: Page, code: (code: string) => Content): Html {
  const { source, operations } = page.data;
  const dates = datesPanel(page);
  const published = source.publishedAt.slice(0, 16).replace("T", " ");
  const newest = [...source.dates].sort().at(-1);
  return html`<section class="card" aria-labelledby="fresh-title"><h2 id="fresh-title">Freshness</h2>
<p>Data up to <b>${newest === undefined ? "no date" : formatDay(newest)}</b>${newest === undefined ? null : ` ${newest.slice(0, 4)}`}, published ${published} UTC.</p>
<p>${link(dates, plural(operations.status.counts.accepted, "business date"))} published, ${link(dates, `${number(missing(page))} missing or refused`, "counts")}.</p>
${calendarStrip(page)}
${operations.refused?.map((report) => refusal(report)) ?? null}
${alerts(page, code)}${notKept(operations)}</section>
`;
}

/** What nobody keeps must not look as if it had not been. */
function notKept({ refused, alerts, warnings }: Operations): Html | null {
  const left = [
    ...(refused === null ? ["deliveries that were refused"] : []),
    ...(alerts === null ? ["alerts of the checks"] : []),
    ...(warnings === null ? ["warnings of the quality checks"] : []),
  ];
  if (left.length === 0) return null;
  return html`<p class="note">Not on this page, as the warehouse does not keep it: ${left.join(", ")}. An older version began it, or Spark loads it without the command <code>sales-etl</code>.${refused === null ? " A date that was refused is counted as missing." : null}</p>
`;
}

/** Dates between the first and the last that are not in the numbers. */
export const missing = ({ data }: Page): number => {
  const { counts } = data.operations.status;
  return counts.missing + counts.rejected + counts.incomplete + counts["rolled-back"];
};

function refusal({ businessDate, verdict, problems, files }: DateReport): Html {
  const why = [
    // A warning is not why.
    ...problems.filter(({ severity }) => severity === "error").map(({ message }) => message),
    ...files.flatMap((file) => file.problems.slice(0, 1).map(({ message }) => `${file.file}: ${message}`)),
  ];
  return html`<p class="refused"><b>${businessDate} is ${verdict}</b>: ${why.join("; ")}</p>
`;
}

const ALERTS = 6;

function alerts({ data }: Page, code: (code: string) => Content): Html | null {
  const { alerts: all, warnings } = data.operations;
  const lines = [
    ...(all ?? []).map(
      ({ businessDate, code: name, message }) => html`<li>${formatDay(businessDate)}: ${message} ${code(name)}</li>`,
    ),
    ...(warnings ?? []).map(({ rule, rows }) => html`<li>${plural(rows, "row")} against the rule “${rule}”</li>`),
  ];
  if (lines.length === 0) return null;
  const more = lines.length - ALERTS;
  return html`<h3>Worth a look</h3><ul class="alerts">${lines.slice(0, ALERTS)}${more > 0 ? html`<li>and ${number(more)} more: <code>sales-etl status</code></li>` : null}</ul>
`;
}

function rejectsPanel(page: Page, code: (code: string) => Content): Panel {
  const { rejects } = page.data.operations;
  return page.panels.add(
    "rejects",
    `${plural(rejects.rows, "row")} rejected`,
    html`<p>Of ${number(rejects.rowsRead)} rows read in all published dates, ${number(rejects.rows)} broke a rule of the contract and count nowhere; ${number(rejects.rowsRead - rejects.rows)} were accepted. Each fault is kept with its file, line, column and value: <code>sales-etl query --warehouse DIR "SELECT * FROM quarantine"</code>. A row with two faults is one row.</p>
${
  rejects.groups.length === 0
    ? null
    : html`${table({
        ...{ caption: "By file and code, the newest first", first: "File" },
        columns: [{ title: "Code" }, { title: "Faults", number: true }, { title: "Rows", number: true }],
        rows: rejects.groups.map((row) => ({
          head: html`<code>${String(row.file)}</code>`,
          cells: [code(String(row.code)), String(row.faults), String(row.lines)],
        })),
      })}${
        rejects.groupCount > rejects.groups.length
          ? html`<p class="note">and ${number(rejects.groupCount - rejects.groups.length)} more of earlier dates</p>`
          : null
      }`
}`,
  );
}

function rejected(page: Page, code: (code: string) => Content): Html {
  const { rejects } = page.data.operations;
  const panel = rejectsPanel(page, code);
  const total = html`${link(panel, plural(rejects.rows, "row"))} of ${link(panel, number(rejects.rowsRead))} rejected and kept in quarantine; all others are in the numbers.`;
  const value = (row: Readonly<Record<string, unknown>>) =>
    row.value === null ? null : html` = <code class="value">${String(row.value)}</code>`;
  return html`<section class="card" aria-labelledby="rejects-title"><h2 id="rejects-title">Rejected rows</h2>
<p>${rejects.rows === 0 ? html`No row was rejected (${link(panel, plural(rejects.rowsRead, "row"))} read).` : total}</p>
${
  rejects.faults.length === 0
    ? null
    : table({
        ...{ caption: "Rejected rows, the newest first", captionHidden: true, first: "File and line" },
        columns: [{ title: "Column = value" }, { title: "Code" }],
        rows: rejects.faults.map((row) => ({
          head: html`<code>${String(row.file)}${row.line === null ? null : `:${String(row.line)}`}</code>`,
          cells: [
            html`${row.column === null ? null : html`<code>${String(row.column)}</code>`}${value(row)}`,
            code(String(row.code)),
          ],
        })),
        className: "evidence",
      })
}</section>
`;
}

const causes = {
  "delivered again": "dates were delivered again with other content",
  "late rows": `rows came late, with the files of later dates`,
  rollback: "an earlier version was published again",
} as const;

function restatement(page: Page, { period, ...one }: Restatement, index: number) {
  const { measures } = page.data.restatements;
  const [first] = measures;
  const id = `restated.${index}`;
  const dates =
    one.dates.length === 0
      ? ""
      : `: ${one.dates.slice(0, 10).join(", ")}${one.dates.length > 10 ? `, ${one.dates.length} in all` : ""}`;
  const panel = page.panels.add(
    id,
    html`${capital(page.period(period))}, restated`,
    html`<p>Run <code>${one.runId}</code>, ${one.publishedAt.slice(0, 16).replace("T", " ")} UTC${one.by === null ? null : `, by ${one.by}`}: ${causes[one.cause]}${dates}.</p>
${table({
  ...{ caption: "Totals before and after", first: "Number" },
  columns: ["Before", "After", "Difference"].map((title) => ({ title, number: true })),
  rows: measures.map((measure) => {
    const [before, after] = [one.before?.[measure.name], one.after?.[measure.name]];
    return {
      head: measure.title,
      cells: [formatExact(measure, before), formatExact(measure, after), difference(measure, after, before)],
    };
  }),
})}${one.before === null || one.after === null ? html`<p class="note">– where that version is not kept any more.</p>` : null}`,
  );
  const cell = (row: Restatement["before"]) =>
    first === undefined ? null : link(panel, formatExact(first, row?.[first.name]));
  return {
    head: page.short(period),
    cells: [
      html`${one.publishedAt.slice(0, 10)}, ${one.cause}`,
      cell(one.before),
      cell(one.after),
      first === undefined ? null : link(panel, difference(first, one.after?.[first.name], one.before?.[first.name])),
    ],
  };
}

function restated(page: Page): Html {
  const { rows, count, untold, measures } = page.data.restatements;
  const [first] = measures;
  return html`<section class="card" aria-labelledby="restated-title"><h2 id="restated-title">Restated ${page.word}s</h2>
${
  rows.length === 0
    ? html`<p>${untold === 0 ? `No published ${page.word} was changed by a later delivery.` : null}</p>`
    : html`<p class="lead">${count > rows.length ? `The newest ${rows.length} of ${number(count)}. ` : null}${first === undefined ? null : `${first.title} before and after.`}</p>${table(
        {
          ...{ caption: "Restatements, the newest first", captionHidden: true, first: capital(page.word) },
          columns: [
            { title: "When and why" },
            { title: "Before", number: true },
            { title: "After", number: true },
            { title: "Difference", number: true, wide: true },
          ],
          rows: rows.map((one, index) => restatement(page, one, index)),
          className: "data",
        },
      )}`
}${untold === 0 ? null : html`<p class="note">${plural(untold, "run")} of older versions did not record what ${untold === 1 ? "it" : "they"} restated: there may be more.</p>`}</section>
`;
}

export function operations(page: Page): Html {
  const code = codePanels(page);
  return html`<div class="pair" id="trust">${freshness(page, code)}
<div class="stack">${rejected(page, code)}${restated(page)}</div></div>
`;
}
