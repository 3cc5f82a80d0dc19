/** Names of receipts: `dt=YYYY-MM-DD/<step>.json` in the control bucket. */
import { InvalidPropertiesError, type PropertyProblem } from "../errors.ts";
import type { BusinessDate } from "../landing/landing.ts";
import { isBusinessDate } from "../landing/names.ts";

export interface ReceiptName {
  readonly businessDate: BusinessDate;
  /** What was done: lower-case words, digits and hyphens, e.g. `validated-0a1b2c3d`. */
  readonly step: string;
}

const STEP = /^[a-z][a-z0-9-]{0,127}$/;

/** @throws {InvalidPropertiesError} RECEIPT_NAME_INVALID */
export function receiptKey({ businessDate, step }: ReceiptName): string {
  const problems: PropertyProblem[] = [];
  if (!isBusinessDate(businessDate)) {
    problems.push({ path: "businessDate", message: `"${businessDate}" is no day written YYYY-MM-DD` });
  }
  if (!STEP.test(step)) {
    problems.push({ path: "step", message: `"${step}" is not made of lower-case letters, digits and hyphens` });
  }
  if (problems.length > 0) throw new InvalidPropertiesError("the receipt's name", problems, "RECEIPT_NAME_INVALID");
  return `dt=${businessDate}/${step}.json`;
}

/** @returns null for any other key of the control bucket, such as the writer's lease */
export function parseReceiptKey(key: string): ReceiptName | null {
  const [, businessDate, step] = /^dt=([^/]+)\/([^/]+)[.]json$/.exec(key) ?? [];
  if (businessDate === undefined || step === undefined) return null;
  return isBusinessDate(businessDate) && STEP.test(step) ? { businessDate, step } : null;
}
