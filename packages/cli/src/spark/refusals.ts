/** The newest deliveries that were refused, by date, as the checks or the job reported them: kept beside the tables. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { type BusinessDate, isBusinessDate } from "@sales-etl/etl-core/landing";
import type { DateReport } from "@sales-etl/etl-core/validate";
import { nullWhereGone } from "../folder.ts";
import { gateFolder, readNote, writeNote } from "./notes.ts";

const folderOf = (warehouse: string) => path.join(gateFolder(warehouse), "refused");

/** Only for a folder that is new: of another one the refusals of before are not known, and all of them would be too few. */
export const beginRefusals = (warehouse: string) => mkdir(folderOf(warehouse), { recursive: true });

const fileOf = (warehouse: string, date: BusinessDate) => path.join(folderOf(warehouse), `${date}.json`);

type Accepted = Pick<DateReport, "businessDate"> & { readonly verdict: "accepted" };

/** Notes a refusal; of a date that was accepted there is none any more. */
export async function noteVerdict(warehouse: string, report: DateReport | Accepted): Promise<void> {
  if (!existsSync(folderOf(warehouse))) return;
  const file = fileOf(warehouse, report.businessDate);
  if (report.verdict === "accepted") {
    await rm(file, { force: true });
    return;
  }
  await writeNote(file, report);
}

/** In the order of dates; null where they are not kept: the warehouse was begun by an older version, or by the job alone. */
export async function readRefusals(warehouse: string): Promise<ReadonlyMap<BusinessDate, DateReport> | null> {
  const names = await readdir(folderOf(warehouse)).catch(nullWhereGone);
  if (names === null) return null;
  const dates = names.map((name) => name.replace(/[.]json$/, "")).filter(isBusinessDate);
  const refusals = new Map<BusinessDate, DateReport>();
  for (const date of dates.sort()) {
    const file = fileOf(warehouse, date);
    // A run that is under way may have accepted the date meanwhile.
    const text = await readFile(file, "utf8").catch(nullWhereGone);
    if (text !== null) refusals.set(date, readNote<DateReport>(file, text));
  }
  return refusals;
}
