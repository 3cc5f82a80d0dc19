/** Receipts in a bucket: each step of a date says once who did what and when, so that any step can be repeated. */
import { isDeepStrictEqual } from "node:util";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import { SalesEtlError } from "../errors.ts";
import type { BusinessDate } from "../landing/landing.ts";
import { parseReceiptKey, type ReceiptName, receiptKey } from "./key.ts";

/** `What` must be plain JSON. */
export interface Receipt<What> extends ReceiptName {
  /** The program and its invocation: `validate-landing 8f5e...`. */
  readonly who: string;
  /** ISO 8601, UTC. */
  readonly when: string;
  /** The fact itself; two receipts of one step are equal when this is. */
  readonly what: What;
}

export type WriteResult<What> =
  | { readonly written: true; readonly key: string; readonly receipt: Receipt<What> }
  /** Somebody was earlier. `same`: with the same fact, so the step is done; otherwise the two contradict each other. */
  | { readonly written: false; readonly key: string; readonly same: boolean; readonly existing: Receipt<unknown> };

export interface ReceiptStore {
  /** Writes unless there is one: of any number of simultaneous writers exactly one gets `written: true`. */
  write<What>(receipt: Receipt<What>): Promise<WriteResult<What>>;
  /** @returns null when the step has left none */
  read(name: ReceiptName): Promise<Receipt<unknown> | null>;
  /** All that there are, by date and step; `from`: none of earlier dates. */
  list(from?: BusinessDate): Promise<readonly ListedReceipt[]>;
}

export interface ListedReceipt extends ReceiptName {
  readonly written: Date;
}

export interface ReceiptStoreArgs {
  readonly client: Pick<S3Client, "send">;
  /** The control bucket. */
  readonly bucket: string;
  /** The folder that they lie in, with its slash. @default "" */
  readonly prefix?: string;
}

/** S3 answers 409 instead of 412 when it cannot tell yet which of two simultaneous writers was first. */
const ATTEMPTS = 5;

const receiptSchema = z.object({
  businessDate: z.string(),
  step: z.string(),
  who: z.string(),
  when: z.string(),
  what: z.unknown(),
});

export function receiptStore({ client, bucket, prefix = "" }: ReceiptStoreArgs): ReceiptStore {
  const keyOf = (name: ReceiptName) => prefix + receiptKey(name);
  const read = async (name: ReceiptName): Promise<Receipt<unknown> | null> => {
    const key = keyOf(name);
    const text = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key })).then(
      ({ Body }) => Body?.transformToString() ?? "",
      (error: Error) => {
        if (error.name === "NoSuchKey") return null;
        throw error;
      },
    );
    return text === null ? null : parse(text, `s3://${bucket}/${key}`);
  };

  const write = async <What>(receipt: Receipt<What>): Promise<WriteResult<What>> => {
    const key = keyOf(receipt);
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: `${JSON.stringify(receipt, null, 2)}\n`,
      ContentType: "application/json",
      IfNoneMatch: "*",
    });
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(put);
        return { written: true, key, receipt };
      } catch (error) {
        const { name } = error as Error;
        if (name !== "PreconditionFailed" && name !== "ConditionalRequestConflict") throw error;
        const existing = await read(receipt);
        if (existing !== null) {
          // Compared as JSON: a property that is undefined here cannot come back from the bucket.
          const what = JSON.parse(JSON.stringify(receipt.what)) as unknown;
          return { written: false, key, same: isDeepStrictEqual(existing.what, what), existing };
        }
        if (attempt === ATTEMPTS) throw error;
      }
    }
  };

  const list = async (from?: BusinessDate): Promise<ListedReceipt[]> => {
    // All keys of the date come after its folder without the slash.
    const start = from === undefined ? {} : { StartAfter: `${prefix}dt=${from}` };
    const found: ListedReceipt[] = [];
    for (let token: string | undefined; ; ) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}dt=`, ContinuationToken: token, ...start }),
      );
      for (const { Key = "", LastModified } of page.Contents ?? []) {
        const name = parseReceiptKey(Key.slice(prefix.length));
        if (name !== null) found.push({ ...name, written: LastModified ?? new Date(0) });
      }
      token = page.NextContinuationToken;
      if (token === undefined) return found;
    }
  };

  return { read, write, list };
}

function parse(text: string, uri: string): Receipt<unknown> {
  const invalid = (message: string, cause?: unknown) =>
    new SalesEtlError(`${uri} is no receipt: ${message}`, { code: "RECEIPT_INVALID", path: uri, cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid((error as Error).message, error);
  }
  const parsed = receiptSchema.safeParse(value);
  if (!parsed.success) throw invalid(`look at ${parsed.error.issues.map(({ path }) => path.join(".")).join(", ")}`);
  return parsed.data;
}
