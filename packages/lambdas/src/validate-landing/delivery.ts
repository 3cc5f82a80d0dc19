/** Which delivery of a date lies in the landing bucket. */
import { createHash } from "node:crypto";
import { HeadObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type BusinessDate, manifestKey, tablePrefix } from "@sales-etl/etl-core/landing";
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
 * What lies there of a date, by key and tag. The same before and after the files were read, it is what was read; a file that
 * was replaced in between would otherwise be judged by one version and loaded in another.
 */
export async function landedObjects(
  client: Pick<S3Client, "send">,
  bucket: string,
  { tables }: Dataset,
  date: BusinessDate,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { name } of tables) {
    for (let token: string | undefined; ; ) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: tablePrefix(name, date), ContinuationToken: token }),
      );
      for (const { Key = "", ETag = "" } of page.Contents ?? []) found.set(Key, ETag);
      token = page.NextContinuationToken;
      if (token === undefined) break;
    }
  }
  return found;
}

/** The first thing that differs between two looks at a date. @returns null when nothing does */
export function changedKey(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string | null {
  for (const [key, tag] of before) if (after.get(key) !== tag) return key;
  for (const key of after.keys()) if (!before.has(key)) return key;
  return null;
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
