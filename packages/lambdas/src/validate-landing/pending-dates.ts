/** Which business dates the gate has still something to say of, seen from manifests in the landing and from receipts. */
import { isDeepStrictEqual } from "node:util";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type BusinessDate, businessDates } from "@sales-etl/etl-core/landing";
import {
  announcedStep,
  type Judgement,
  judgementIdOf,
  type ListedReceipt,
  newestJudgement,
  type ReceiptStore,
  readJudgement,
} from "@sales-etl/etl-core/receipts";
import { acceptedGaps, type Gap } from "@sales-etl/etl-core/validate";
import type { Window } from "../window.ts";
import type { Delivery } from "./delivery.ts";

export interface PendingDatesArgs {
  readonly dataset: Dataset;
  readonly receipts: ReceiptStore;
  readonly deliveryOf: (date: BusinessDate) => Promise<Delivery | null>;
  /** The dates that are looked at, both included: older ones are somebody's decision. */
  readonly window: Window;
  /** Also looked at, wherever it lies. */
  readonly asked: BusinessDate;
  /** A person asks: the date is judged again, whatever was said of it. */
  readonly again: boolean;
}

export interface PendingDate {
  readonly businessDate: BusinessDate;
  readonly delivery: Delivery | null;
  readonly gaps: readonly Gap[];
  /** For the log: why it is looked at. */
  readonly because: "asked for" | "no manifest" | "new" | "incomplete before" | "gap accepted since" | "not announced";
  /** This manifest was never judged: reading its files takes time. */
  readonly isUnread: boolean;
}

export interface PendingDates {
  /** Oldest first. */
  readonly pending: readonly PendingDate[];
  /** What was said of the other dates of the window that are accepted. */
  readonly accepted: ReadonlyMap<BusinessDate, Judgement>;
}

/**
 * - a manifest that no judgement is of: it is new, or was written again;
 * - an incomplete date with a manifest: the rest may have come since;
 * - a date for which a person has accepted a gap since;
 * - a judgement whose event was not sent: whoever wrote it died in between;
 * - a day without a manifest after a day that is known: once, to say so.
 */
export async function pendingDates(args: PendingDatesArgs): Promise<PendingDates> {
  const { receipts, window, asked, dataset } = args;
  const dates = [...new Set([...businessDates(window.from, window.to), asked])].sort();
  const listed = Map.groupBy(await receipts.list(dates[0]), ({ businessDate }) => businessDate);
  const found = await Promise.all(
    dates.map(async (businessDate) => {
      const own = listed.get(businessDate) ?? [];
      const newest = newestJudgement(own);
      return {
        businessDate,
        own,
        newest,
        delivery: await args.deliveryOf(businessDate),
        judgement: newest === null ? null : await readJudgement(receipts, newest),
        gaps: await acceptedGaps(receipts, dataset, businessDate),
      };
    }),
  );
  const firstKnown = found.find(({ own, delivery }) => own.length > 0 || delivery !== null)?.businessDate;
  const pending: PendingDate[] = [];
  const accepted = new Map<BusinessDate, Judgement>();
  for (const date of found) {
    const { businessDate, delivery, gaps, judgement } = date;
    const isAsked = businessDate === asked;
    const isHole = delivery === null && !isAsked && (firstKnown === undefined || businessDate < firstKnown);
    const because = isHole ? null : isAsked && args.again ? "asked for" : whyPending(date);
    if (because !== null) {
      const isUnread = delivery !== null && !isDeepStrictEqual(judgement?.manifest, delivery);
      pending.push({ businessDate, delivery, gaps, because, isUnread });
    } else if (judgement?.verdict === "accepted") accepted.set(businessDate, judgement);
  }
  return { pending, accepted };
}

interface Found {
  readonly own: readonly ListedReceipt[];
  readonly newest: ListedReceipt | null;
  readonly delivery: Delivery | null;
  readonly judgement: Judgement | null;
  readonly gaps: readonly Gap[];
}

function whyPending({ own, newest, delivery, judgement, gaps }: Found): PendingDate["because"] | null {
  const isSame = judgement !== null && isDeepStrictEqual(judgement.manifest, delivery);
  if (!isSame) return delivery === null ? "no manifest" : "new";
  const announced = announcedStep(judgementIdOf(newest?.step ?? "") ?? "");
  if (!own.some(({ step }) => step === announced)) return "not announced";
  if (delivery === null) return null;
  if (judgement.verdict === "incomplete") return "incomplete before";
  const tables = gaps.map(({ table }) => table);
  return isDeepStrictEqual(tables, judgement.gaps) ? null : "gap accepted since";
}
