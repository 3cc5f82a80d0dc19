/** What the gate has said of a date: the receipts `validated-<id>`, one for each judgement of each delivery. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { SalesEtlError } from "../errors.ts";
import { type ReceiptName, receiptKey } from "./key.ts";
import type { ListedReceipt, ReceiptStore } from "./store.ts";

/** Receipts of older versions say less: what they leave out has a default. */
const judgementSchema = z.object({
  dataset: z._default(z.string(), ""),
  verdict: z.literal(["accepted", "rejected", "incomplete"]),
  /** The manifest that was judged; null where there was none. */
  manifest: z._default(z.nullable(z.object({ etag: z.string(), versionId: z.nullable(z.string()) })), null),
  /** Key in the landing bucket. */
  report: z._default(z.string(), ""),
  /** Tables whose absence a person had accepted by then. */
  gaps: z._default(z.array(z.string()), []),
  /** Tables that the Spark step has to check. */
  leftToSpark: z._default(z.array(z.string()), []),
  /** Of an incomplete date: when a person is told of it. */
  waitsUntil: z._default(z.nullable(z.string()), null),
  /** What was read, by the SHA-256 of its unzipped bytes: the same rows on another date are a doubled export. */
  contents: z._default(z.array(z.object({ table: z.string(), file: z.string(), sha256: z.string() })), []),
});

export type Judgement = z.infer<typeof judgementSchema>;

const VALIDATED = "validated-";

export const validatedStep = (id: string): string => `${VALIDATED}${id}`;

/** The receipt that the event was sent. */
export const announcedStep = (id: string): string => `announced-${id}`;

/** The receipt of a person's wish and what became of it; what it says is {@link Answered}. */
export const askedStep = (requestId: string): string =>
  `asked-${createHash("sha256").update(requestId).digest("hex").slice(0, 16)}`;

/** `what` of the receipt `asked-<id>`. */
export interface Answered {
  readonly requestId: string;
  /** Who, and why, as they said; null where they did not. */
  readonly by: string | null;
  readonly reason: string | null;
  readonly wantsRun: boolean;
  readonly verdict: Judgement["verdict"];
  /** Key of the judgement's receipt. */
  readonly judgement: string;
  /** Key of the report, in the landing bucket. */
  readonly report: string;
  /** Tables that the Spark step has to check. */
  readonly leftToSpark: readonly string[];
}

/** @returns null for a receipt of another step */
export const judgementIdOf = (step: string): string | null =>
  step.startsWith(VALIDATED) ? step.slice(VALIDATED.length) : null;

/** @param listed the receipts of one date */
export const newestJudgement = (listed: readonly ListedReceipt[]): ListedReceipt | null =>
  listed
    .filter(({ step }) => judgementIdOf(step) !== null)
    .sort((a, b) => a.written.getTime() - b.written.getTime())
    .at(-1) ?? null;

/** @throws {SalesEtlError} RECEIPT_INVALID */
export async function readJudgement(receipts: Pick<ReceiptStore, "read">, name: ReceiptName): Promise<Judgement> {
  const parsed = judgementSchema.safeParse((await receipts.read(name))?.what);
  if (parsed.success) return parsed.data;
  const key = receiptKey(name);
  const properties = parsed.error.issues.map(({ path }) => path.join(".") || "what").join(", ");
  throw new SalesEtlError(`${key} is no judgement: look at ${properties}`, { code: "RECEIPT_INVALID", path: key });
}
