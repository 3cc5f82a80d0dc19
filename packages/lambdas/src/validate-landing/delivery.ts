/** Which delivery of a date lies in the landing bucket. */
import { createHash } from "node:crypto";
import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type BusinessDate, manifestKey } from "@sales-etl/etl-core/landing";
import type { DateReport } from "@sales-etl/etl-core/validate";

/** The manifest as it lies there. `versionId` is null in a bucket without versions. */
export interface Delivery {
  readonly etag: string;
  readonly versionId: string | null;
}

/** @returns null when there is no manifest */
export async function currentDelivery(
  client: Pick<S3Client, "send">,
  bucket: string,
  date: BusinessDate,
): Promise<Delivery | null> {
  try {
    const { ETag = "", VersionId } = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: manifestKey(date) }),
    );
    return { etag: ETag.replaceAll('"', ""), versionId: VersionId ?? null };
  } catch (error) {
    if ((error as Error).name === "NotFound") return null;
    throw error;
  }
}

/**
 * Names one judgement of one delivery. The same event twice gives the same name. A corrected delivery gives another,
 * even if it goes back to the very bytes that were rejected before, by the manifest's version; and so does a file that
 * arrives or changes under the same manifest, by what the report says of it. Reports hold no times: equal landings
 * give equal reports.
 */
export const judgementId = (delivery: Delivery | null, report: DateReport): string =>
  createHash("sha256")
    .update(JSON.stringify([delivery?.versionId ?? delivery?.etag ?? null, report]))
    .digest("hex")
    .slice(0, 16);
