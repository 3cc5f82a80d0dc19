export { receiptStoreAt } from "./at.ts";
export {
  type Answered,
  announcedStep,
  askedStep,
  type Judgement,
  judgementIdOf,
  newestJudgement,
  readJudgement,
  validatedStep,
} from "./judgement.ts";
export { parseReceiptKey, type ReceiptName, receiptKey } from "./key.ts";
export { closedStep, endedStep, type PendingRun, pendingRuns, triggeredStep } from "./pending.ts";
export { type PublishedLoad, publishedLoad } from "./published.ts";
export {
  type ListedReceipt,
  type Receipt,
  type ReceiptStore,
  type ReceiptStoreArgs,
  receiptStore,
  type WriteResult,
} from "./store.ts";
