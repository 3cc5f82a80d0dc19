/** Receipts of a control bucket that is named by its URI, for programs outside of a deployment. */
import { S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "../errors.ts";
import { type ReceiptStore, receiptStore } from "./store.ts";

/**
 * Region and credentials are those of the environment, as of the AWS command.
 *
 * @param uri `s3://<control bucket>`
 * @throws {SalesEtlError} CONTROL_INVALID for anything else
 */
export function receiptStoreAt(uri: string): ReceiptStore {
  const [, bucket] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new SalesEtlError(`${uri} is no control bucket: write s3:// and its name, nothing behind it`, {
      code: "CONTROL_INVALID",
      path: uri,
    });
  }
  return receiptStore({ client: new S3Client({}), bucket });
}
