/** Is the day that ended last published, and if not, where does it hang? Seen from the receipts alone. */
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { endedStep, type ReceiptStore } from "@sales-etl/etl-core/receipts";

/** In words, for the person who is woken; null when it is published. */
export async function whyNotPublished(receipts: ReceiptStore, businessDate: BusinessDate): Promise<string | null> {
  const listed = (await receipts.list())
    .filter((receipt) => receipt.businessDate === businessDate)
    .sort((a, b) => a.written.getTime() - b.written.getTime());
  const validated = listed.filter(({ step }) => step.startsWith("validated-")).at(-1);
  if (validated === undefined) return "nothing of it has been checked: has the source exported it, did the host start?";
  const { verdict } = ((await receipts.read(validated))?.what ?? {}) as { verdict?: unknown };
  if (verdict !== "accepted") return `its files were found ${String(verdict)}: see the report beside its manifest`;

  const judgement = validated.step.slice("validated-".length);
  const first = endedStep({ judgement, attempt: 1 });
  const ended = listed.filter(({ step }) => step === first || step.startsWith(`${first}-`)).at(-1);
  if (ended === undefined) return "it is accepted, but no run of it has ended: look at Airflow";
  const { result } = ((await receipts.read(ended))?.what ?? {}) as { result?: unknown };
  return result === "succeeded" ? null : "its run has failed: look at Airflow and the cluster's logs";
}
