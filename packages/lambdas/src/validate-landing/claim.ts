/** Keeps simultaneous invocations from reading the same files: thirty manifests that land at once wake thirty of them. */
import { createHash } from "node:crypto";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { ReceiptStore } from "@sales-etl/etl-core/receipts";
import type { Delivery } from "./delivery.ts";

/** No invocation lives longer. */
const LIVES_AT_MOST_MS = 15 * 60_000;

export interface ClaimArgs {
  readonly receipts: Pick<ReceiptStore, "write">;
  readonly businessDate: BusinessDate;
  readonly delivery: Delivery;
  /** Lambda repeats a failed invocation under the same name: it finds its own claim. */
  readonly who: string;
  readonly now: () => Date;
}

/**
 * The receipt `reading-<id>` of the first one counts while it can be alive. It only saves work: whoever comes after that
 * time reads the files, too, and the receipt of the judgement is written once all the same.
 *
 * @returns who else is reading the files at this moment; null: nobody, go on
 */
export async function claimedBy({ receipts, businessDate, delivery, who, now }: ClaimArgs): Promise<string | null> {
  const id = createHash("sha256").update(JSON.stringify(delivery)).digest("hex").slice(0, 16);
  const claim = { businessDate, step: `reading-${id}`, who, when: now().toISOString(), what: { manifest: delivery } };
  const result = await receipts.write(claim);
  if (result.written || result.existing.who === who) return null;
  return now().getTime() - Date.parse(result.existing.when) < LIVES_AT_MOST_MS ? result.existing.who : null;
}
