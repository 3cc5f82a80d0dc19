/** What the Spark job says of a date that it has published: the receipt `published-<intent>`, one for each publish. */
import * as z from "zod/mini";
import type { BusinessDate } from "../landing/landing.ts";
import type { ReceiptStore } from "./store.ts";

const count = z.number().check(z.nonnegative());

const publishedSchema = z.object({
  runId: z.string(),
  load: z.optional(
    z.nullable(
      z.object({
        rowsRead: count,
        rowsAccepted: count,
        rowsRejected: count,
        /** Of the fact: weeks, as the calendar names them. */
        periodsRestated: z.array(z.union([z.number(), z.string()])),
      }),
    ),
  ),
});

export type PublishedLoad = NonNullable<z.infer<typeof publishedSchema>["load"]>;

/**
 * @param receipts those of the job, which lie in its own folder of the control bucket
 * @returns null where the run has published nothing of the date, or by a job that did not count yet
 */
export async function publishedLoad(
  receipts: Pick<ReceiptStore, "list" | "read">,
  businessDate: BusinessDate,
  runId: string,
): Promise<PublishedLoad | null> {
  const newestFirst = (await receipts.list(businessDate))
    .filter((name) => name.businessDate === businessDate && name.step.startsWith("published-"))
    .sort((a, b) => b.written.getTime() - a.written.getTime());
  for (const name of newestFirst) {
    const parsed = publishedSchema.safeParse((await receipts.read(name))?.what);
    if (parsed.success && parsed.data.runId === runId) return parsed.data.load ?? null;
  }
  return null;
}
