/**
 * The hand-worked landing of spark/tests/fixtures/tiny, moved by whole weeks to days that have just ended. Nothing but dates
 * is changed, and in the calendar the weeks, months and quarters that they lie in.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { addDays, type BusinessDate } from "@sales-etl/etl-core/landing";

const tiny = path.resolve(import.meta.dirname, "../../spark/tests/fixtures/tiny/landing");

/** Friday and Saturday, over the end of a week of the fact. */
const [friday, saturday] = ["2017-06-30", "2017-07-01"] as const;

export interface Delivery {
  readonly businessDate: BusinessDate;
  /** By key; the manifest is not among them. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly manifest: { readonly key: string; readonly text: string };
}

/** Both have ended: the gate of today looks for them. */
export function deliveries(today: Date): { readonly friday: Delivery; readonly saturday: Delivery } {
  const yesterday = addDays(today.toISOString().slice(0, 10) as BusinessDate, -1);
  const weeks = Math.floor(daysBetween(saturday, yesterday) / 7);
  return { friday: delivery(friday, 7 * weeks), saturday: delivery(saturday, 7 * weeks) };
}

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

function delivery(date: BusinessDate, days: number): Delivery {
  const move = (text: string) => text.replace(/2017-0[678]-\d\d/g, (day) => addDays(day as BusinessDate, days));
  const files = new Map<string, Buffer>();
  const names = readdirSync(tiny, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((one) => one.includes(`dt=${date}${path.sep}`) && /[.](csv|gz)$/.test(one))) {
    const bytes = readFileSync(path.join(tiny, name));
    const moved = (text: Buffer) => {
      const lines = move(text.toString("utf8"));
      return Buffer.from(name.startsWith("calendar") ? lines.replace(/^\d{4}-.*$/gm, calendarRow) : lines);
    };
    files.set(
      move(name.split(path.sep).join("/")),
      name.endsWith(".gz") ? gzipSync(moved(gunzipSync(bytes))) : moved(bytes),
    );
  }
  const original = `_manifest/dt=${date}/manifest.json`;
  const manifest = JSON.parse(move(readFileSync(path.join(tiny, original), "utf8")));
  for (const entry of manifest.files) {
    const bytes = files.get(entry.file) as Buffer;
    entry.bytes = bytes.length;
    entry.sha256 = createHash("sha256").update(bytes).digest("hex");
  }
  return {
    businessDate: addDays(date, days),
    files,
    manifest: { key: move(original), text: JSON.stringify(manifest) },
  };
}

/** As `201726`: by ISO 8601, but from Sunday to Saturday. */
export function weekOf(date: string): string {
  // The year and the week are those of the week's Thursday, from Monday to Sunday: here of the day after.
  const next = new Date(Date.parse(date) + DAY);
  const thursday = new Date(next.getTime() + (4 - (next.getUTCDay() || 7)) * DAY);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY / 7) + 1;
  return `${year}${String(week).padStart(2, "0")}`;
}

const DAY = 86_400_000;

/** cal_dt to day_of_wk_desc as they are, and from yr_num on as they are on that day. */
function calendarRow(line: string): string {
  const [date = "", ...rest] = line.split(",");
  const [year = "", month = ""] = date.split("-");
  const [week, quarter] = [weekOf(date), Math.ceil(Number(month) / 3)];
  const numbers = [week.slice(0, 4), Number(week.slice(4)), week, Number(month), `${year}${month}`];
  return [date, ...rest.slice(0, 3), ...numbers, quarter, `${year}${quarter}`].join(",");
}
