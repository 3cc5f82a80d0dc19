/** Which days that have ended are not published, and where do they hang? Seen from the receipts alone. */
import { type BusinessDate, businessDates } from "@sales-etl/etl-core/landing";
import {
  endedStep,
  judgementIdOf,
  type ListedReceipt,
  newestJudgement,
  type ReceiptStore,
  readJudgement,
} from "@sales-etl/etl-core/receipts";
import { windowUpTo } from "../window.ts";

export interface UnpublishedArgs {
  readonly receipts: ReceiptStore;
  /** The day that ended last; it is looked at in any case, older ones from the first that is known. */
  readonly last: BusinessDate;
  /** How many days back, the last one included: as far as the gate itself looks. */
  readonly lookBackDays: number;
}

export interface Unpublished {
  readonly businessDate: BusinessDate;
  /** In words, for the person who is woken. */
  readonly reason: string;
}

/** Newest first: that is the day that people wait for. */
export async function unpublished({ receipts, last, lookBackDays }: UnpublishedArgs): Promise<Unpublished[]> {
  const { from } = windowUpTo(last, lookBackDays);
  const listed = Map.groupBy(await receipts.list(from), ({ businessDate }) => businessDate);
  const known = [...listed.keys()].sort()[0] ?? last;
  const dates = businessDates(known < last ? known : last, last).toReversed();
  const found = await Promise.all(
    dates.map(async (businessDate) => {
      const reason = await whyNotPublished(receipts, listed.get(businessDate) ?? []);
      return reason === null ? [] : [{ businessDate, reason }];
    }),
  );
  return found.flat();
}

/** @param listed the receipts of one date @returns null when it is published */
async function whyNotPublished(receipts: ReceiptStore, listed: readonly ListedReceipt[]): Promise<string | null> {
  const validated = newestJudgement(listed);
  if (validated === null) return "nothing of it has been checked: has the source exported it, did the host start?";
  const { verdict, manifest, waitsUntil } = await readJudgement(receipts, validated);
  if (verdict === "incomplete") {
    const what =
      manifest === null ? "its manifest has not come" : "files are missing, see the report beside its manifest";
    const until = waitsUntil === null ? "" : `; it was waited for until ${waitsUntil}`;
    return `${what}${until}. It is loaded as soon as it is complete`;
  }
  if (verdict === "rejected") return "its files were found rejected: see the report beside its manifest";

  const first = endedStep({ judgement: judgementIdOf(validated.step) ?? "", attempt: 1 });
  const ended = listed
    .filter(({ step }) => step === first || step.startsWith(`${first}-`))
    .sort((a, b) => a.written.getTime() - b.written.getTime())
    .at(-1);
  if (ended === undefined) return "it is accepted, but no run of it has ended: look at Airflow";
  const { result } = ((await receipts.read(ended))?.what ?? {}) as { result?: unknown };
  return result === "succeeded" ? null : "its run has failed: look at Airflow and the cluster's logs";
}

/** More dates than these say no more; the receipts have them all. */
const DATES_TOLD = 10;

/** One message for the person, however many dates there are. */
export function unpublishedText(dates: readonly Unpublished[]): string {
  const lines = dates
    .slice(0, DATES_TOLD)
    .map(({ businessDate, reason }) => `${businessDate} is not published: ${reason}.`);
  const omitted = dates.length - lines.length;
  return [...lines, ...(omitted === 0 ? [] : [`So are ${omitted} older dates.`])].join(" ");
}
