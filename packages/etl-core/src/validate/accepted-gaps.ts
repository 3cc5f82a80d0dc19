/** Gaps that a person has accepted, as receipts: one a date and table, which is never replaced. */
import * as z from "zod/mini";
import type { Dataset } from "../contract/index.ts";
import { SalesEtlError } from "../errors.ts";
import type { BusinessDate } from "../landing/landing.ts";
import { receiptKey } from "../receipts/key.ts";
import type { ReceiptStore, WriteResult } from "../receipts/store.ts";
import { type Gap, mayBeGap, requireGap } from "./gap.ts";

/** The step of the receipt; `who` is the person. */
export const gapStep = (table: string): string => `gap-${table.replaceAll("_", "-")}`;

export interface GapFact {
  readonly table: string;
  readonly reason: string;
}

const factSchema = z.object({ table: z.string(), reason: z.string().check(z.minLength(1)) });

/** What was accepted for a date, in the order of the contract's tables. @throws {SalesEtlError} RECEIPT_INVALID */
export async function acceptedGaps(
  receipts: Pick<ReceiptStore, "read">,
  dataset: Dataset,
  businessDate: BusinessDate,
): Promise<readonly Gap[]> {
  const gaps = await Promise.all(
    mayBeGap(dataset).map(async (table): Promise<Gap[]> => {
      const name = { businessDate, step: gapStep(table) };
      const receipt = await receipts.read(name);
      if (receipt === null) return [];
      const fact = factSchema.safeParse(receipt.what);
      if (!fact.success || fact.data.table !== table || receipt.who.trim() === "") {
        const key = receiptKey(name);
        throw new SalesEtlError(`${key} is no receipt of an accepted gap: remove it and accept the gap again`, {
          code: "RECEIPT_INVALID",
          path: key,
        });
      }
      return [{ table, by: receipt.who, reason: fact.data.reason }];
    }),
  );
  return gaps.flat();
}

/**
 * Writes the receipt, unless there is one: the first word counts.
 *
 * @throws {SalesEtlError} CONTRACT_NO_TABLE, GAP_NOT_POSSIBLE
 */
export function acceptGap(
  receipts: Pick<ReceiptStore, "write">,
  dataset: Dataset,
  businessDate: BusinessDate,
  { table, by, reason, when = new Date() }: Gap & { readonly when?: Date },
): Promise<WriteResult<GapFact>> {
  requireGap(dataset, table);
  return receipts.write({
    ...{ businessDate, step: gapStep(table), who: by, when: when.toISOString() },
    what: { table, reason },
  });
}
