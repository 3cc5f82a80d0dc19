/** Tells the bus of a judged delivery once, however often and in however many places it was judged. */
import type { ReceiptStore, WriteResult } from "@sales-etl/etl-core/receipts";

/**
 * How long a living first invocation may need from its receipt to the end of its event: the client's attempts and
 * time-outs (see bind.ts) stay below it.
 */
export const EVENT_TAKES_AT_MOST_MS = 15_000;

const LOOK_AGAIN_MS = 250;

export interface AnnounceArgs {
  readonly receipts: ReceiptStore;
  /** Of the judgement: its step names the delivery. */
  readonly validated: WriteResult<unknown>;
  readonly announcedStep: string;
  readonly who: string;
  readonly send: () => Promise<void>;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/**
 * The order is: receipt `validated-...`, event, receipt `announced-...`. Who finds that the first receipt is not its
 * own therefore knows:
 *
 * - both are there: the event was sent, nothing is left to do;
 * - only the first is there, and it is young: its writer may be sending the event at this moment, so wait for it;
 * - only the first is there, and it is old: its writer died in between, so send the event in its place.
 *
 * The event is sent twice only if somebody dies after sending and before saying so, or if two invocations together take
 * over from a dead one. A bus delivers at least once anyway: consumers tell repeats by `receiptKey`.
 *
 * @returns whether this invocation sent the event
 */
export async function announceOnce(args: AnnounceArgs): Promise<boolean> {
  const { receipts, validated, now, sleep } = args;
  const { businessDate, when: judged } = validated.written ? validated.receipt : validated.existing;
  const announced = { businessDate, step: args.announcedStep };
  if (!validated.written) {
    const deadline = Date.parse(judged) + EVENT_TAKES_AT_MOST_MS;
    for (;;) {
      if ((await receipts.read(announced)) !== null) return false;
      if (now().getTime() >= deadline) break;
      await sleep(LOOK_AGAIN_MS);
    }
  }
  await args.send();
  await receipts.write({ ...announced, who: args.who, when: now().toISOString(), what: { judgement: validated.key } });
  return true;
}
