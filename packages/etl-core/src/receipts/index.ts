export { parseReceiptKey, type ReceiptName, receiptKey } from "./key.ts";
export { type Receipt, type ReceiptStore, type ReceiptStoreArgs, receiptStore, type WriteResult } from "./store.ts";
