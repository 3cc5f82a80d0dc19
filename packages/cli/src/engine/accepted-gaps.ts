/** Gaps that a person has accepted: receipts in the warehouse, one a date and table, which are never replaced. */
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { type Receipt, receiptKey } from "@sales-etl/etl-core/receipts";
import { type Gap, gapStep, mayBeGap, requireGap } from "@sales-etl/etl-core/validate";
import { makeFolder, nullWhereGone } from "../folder.ts";

type GapReceipt = Receipt<{ readonly table: string; readonly reason: string }>;

/** The folder of these receipts, whichever engine made the warehouse, or will. */
export const gapsFolder = (warehouse: string) => path.join(warehouse, "control");

const fileOf = (warehouse: string, businessDate: BusinessDate, table: string) =>
  path.join(gapsFolder(warehouse), ...receiptKey({ businessDate, step: gapStep(table) }).split("/"));

async function readGap(file: string): Promise<GapReceipt | null> {
  const text = await readFile(file, "utf8").catch(nullWhereGone);
  if (text === null) return null;
  try {
    const receipt = JSON.parse(text) as GapReceipt;
    if (typeof receipt.who === "string" && typeof receipt.what.reason === "string") return receipt;
  } catch {
    // Told below.
  }
  throw new SalesEtlError(`${file} is no receipt of an accepted gap: remove it and accept the gap again`, {
    code: "RECEIPT_INVALID",
    path: file,
  });
}

/** What was accepted for a date, in the order of the contract's tables. */
export async function acceptedGaps(warehouse: string, dataset: Dataset, date: BusinessDate): Promise<readonly Gap[]> {
  const gaps: Gap[] = [];
  for (const table of mayBeGap(dataset)) {
    const receipt = await readGap(fileOf(warehouse, date, table));
    if (receipt !== null) gaps.push({ table, by: receipt.who, reason: receipt.what.reason });
  }
  return gaps;
}

/**
 * Writes the receipt, unless there is one: the first word counts.
 * @returns the receipt that holds, and whether it is this one
 * @throws {SalesEtlError} for a table whose gap cannot be accepted
 */
export async function acceptGap(
  warehouse: string,
  dataset: Dataset,
  businessDate: BusinessDate,
  { table, by, reason }: Gap,
): Promise<{ readonly written: boolean; readonly file: string; readonly receipt: GapReceipt }> {
  requireGap(dataset, table);
  const file = fileOf(warehouse, businessDate, table);
  const receipt: GapReceipt = {
    ...{ businessDate, step: gapStep(table), who: by, when: new Date().toISOString() },
    what: { table, reason },
  };
  await makeFolder(path.dirname(file));
  try {
    const handle = await open(file, "wx");
    try {
      await handle.writeFile(`${JSON.stringify(receipt, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { written: true, file, receipt };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return { written: false, file, receipt: (await readGap(file)) ?? receipt };
  }
}
