/** What a night costs after a year of nights, against the same night after thirteen weeks, and against all of them. */
import path from "node:path";
import { addDays } from "@sales-etl/etl-core/landing";
import { say } from "../packages/cli/src/people.ts";
import { type Measurement, measure, median } from "./measure.ts";
import { FIRST_DAY, landQuarter } from "./quarter.ts";
import type { Section } from "./write.ts";

const YEAR = 364;
const QUARTER = 91;
const NIGHTS = 7;

/** @param perDay rows of sales a day, and about as many of inventory */
export async function history(folder: string, perDay: number): Promise<Section> {
  const landing = path.join(folder, "landing");
  const days = YEAR + NIGHTS;
  say(`a year and a week of days with ${perDay} sales and as many inventory rows ...`);
  await landQuarter(landing, {
    rows: perDay * days,
    days,
    onDay: (_, done) => done % 53 === 0 && say(`  ${done} of ${days} days are landed`),
  });
  const last = addDays(FIRST_DAY, YEAR - 1);
  const [year, quarter] = [path.join(folder, "year"), path.join(folder, "quarter")];
  const whole = measure("run", landing, year, FIRST_DAY, last);
  const part = measure("run", landing, quarter, addDays(last, 1 - QUARTER), last);
  say(`  a year: ${whole.seconds.toFixed(1)} s, thirteen weeks: ${part.seconds.toFixed(1)} s`);
  const nights = Array.from({ length: NIGHTS }, (_, index) => {
    const date = addDays(last, index + 1);
    return [measure("run", landing, year, date, date), measure("run", landing, quarter, date, date)] as const;
  });
  const of = (which: 0 | 1, take: (one: Measurement) => number) => median(nights.map((pair) => take(pair[which])));
  const line = (title: string, history: string, which: 0 | 1, all: Measurement) => [
    ...[title, history, of(which, (one) => one.seconds).toFixed(2), of(which, (one) => one.cpuSeconds).toFixed(2)],
    `1/${median(nights.map((pair) => all.seconds / pair[which].seconds)).toFixed(0)}`,
    `1/${median(nights.map((pair) => all.cpuSeconds / pair[which].cpuSeconds)).toFixed(0)}`,
  ];
  const wall = median(nights.map(([a, b]) => a.seconds / b.seconds)).toFixed(2);
  const cpu = median(nights.map(([a, b]) => a.cpuSeconds / b.cpuSeconds)).toFixed(2);
  return {
    header: ["a day's increment", "history", "s", "CPU s", "of the full run", "of its CPU"],
    rows: [
      line("one day", "13 weeks", 1, part),
      line("one day", "a year", 0, whole),
      ["a year / 13 weeks", "", wall, cpu, "", ""],
    ],
    note: `${perDay.toLocaleString("en")} sales and as many inventory rows a day; the medians of ${NIGHTS} nights, one after the other. The full run of 13 weeks took ${part.seconds.toFixed(1)} s (CPU ${part.cpuSeconds.toFixed(1)} s), that of a year ${whole.seconds.toFixed(1)} s (CPU ${whole.cpuSeconds.toFixed(1)} s).`,
  };
}
