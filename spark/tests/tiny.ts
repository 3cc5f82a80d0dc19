/** The landing that was worked by hand (see the fixture's README), of which one date comes wrong first. */
import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { businessDates } from "@sales-etl/etl-core/landing";

const tiny = path.join(import.meta.dirname, "fixtures", "tiny");

export const tinyDates = businessDates("2017-06-30", "2017-07-04");
/** The day after, of which nothing has come. */
export const MISSING = "2017-07-05";
/** Comes wrong first. */
export const CORRECTED = "2017-06-30";

/** The hand-worked fact of the corrected landing, header first. */
export const tinyFact = (): readonly string[] =>
  readFileSync(path.join(tiny, "expected_weekly_fact.csv"), "utf8").trimEnd().split("\n");

/** Store 1 sells 4 units of product 10 for 12.00 on the first date, where it should be 3 for 10.00. */
const [RIGHT, WRONG] = ["10,3.00,,10.00", "10,4.00,,12.00"] as const;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * Copies it into a folder.
 * @returns what replaces the wrong file by the right one, of as many bytes
 */
export function wrongLanding(folder: string): { readonly landing: string; readonly correct: () => void } {
  const landing = path.join(folder, "landing");
  cpSync(path.join(tiny, "landing"), landing, { recursive: true });
  const sales = path.join(landing, "sales", `dt=${CORRECTED}`, `sales_${CORRECTED}.csv`);
  const manifest = path.join(landing, "_manifest", `dt=${CORRECTED}`, "manifest.json");
  const right = readFileSync(sales, "utf8");
  const wrong = right.replace(RIGHT, WRONG);
  const replace = (from: string, to: string) => {
    writeFileSync(sales, to);
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(sha256(from), sha256(to)));
  };
  replace(right, wrong);
  return { landing, correct: () => replace(wrong, right) };
}
