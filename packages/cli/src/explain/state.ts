/** What an explanation needs to know of the published dates, whichever engine loaded them. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { DateReport } from "@sales-etl/etl-core/validate";
import type { Dump, LoadedDate, Published } from "../engine/state.ts";

export interface ExplainedDate {
  /** Of tables that came as cumulative dumps on this date or another. */
  readonly dumps?: Readonly<Record<string, Pick<Dump, "load" | "first">>>;
  /** The landing's files that its rows came from, by table and SHA-256; null where nobody has noted them. */
  readonly sources: LoadedDate["sources"] | null;
  /** Where they lay; null where nobody has noted it. */
  readonly landing: string | null;
}

export interface ExplainedState {
  readonly runId: string;
  readonly publishedAt: string;
  readonly dates: Readonly<Record<BusinessDate, ExplainedDate>>;
  /** The column of the rows of a table that names the file of each; null where there is none. */
  readonly fileColumn: string | null;
  /** Whether a date was loaded without a table. */
  lacks(date: BusinessDate, table: string): Promise<boolean>;
  /** Why a date between others is not published. */
  whyMissing(date: BusinessDate): Promise<string>;
  /** What is wrong with a delivery that was refused; null where none is known. */
  refusalOf(date: BusinessDate): Promise<string | null>;
}

/** Why a date was not accepted, by its report. */
export function refusalText({ verdict, problems }: DateReport): string {
  const [first] = problems.filter(({ severity }) => severity === "error");
  return `its newest delivery is ${verdict}${first === undefined ? "" : ` (${first.message})`}`;
}

async function refusalIn(file: string): Promise<string> {
  try {
    return refusalText(JSON.parse(await readFile(file, "utf8")) as DateReport);
  } catch {
    return "its newest delivery was refused";
  }
}

/** Of a state of the embedded engine. */
export function explainedState(state: Published, warehouse: string): ExplainedState {
  const landings = new Map(state.runs.map(({ runId, landing }) => [runId, landing]));
  const dates = Object.entries(state.dates).map(([date, { dumps, sources, runId }]): [string, ExplainedDate] => [
    date,
    { ...(dumps === undefined ? {} : { dumps }), sources, landing: landings.get(runId) ?? null },
  ]);
  return {
    ...{ runId: state.runId, publishedAt: state.publishedAt, dates: Object.fromEntries(dates), fileColumn: null },
    lacks: async (date, table) => state.dates[date]?.tables[table] === undefined,
    whyMissing: async () => "it is missing",
    async refusalOf(date) {
      const file = state.reports[date];
      return file === undefined ? null : refusalIn(path.join(warehouse, ...file.split("/")));
    },
  };
}
