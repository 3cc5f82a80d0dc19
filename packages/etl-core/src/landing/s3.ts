/** A landing in a bucket. */
import type { Readable } from "node:stream";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "../errors.ts";
import type { Landing, LandingObject } from "./landing.ts";
import { s3Stream } from "./s3-stream.ts";

export { type S3StreamArgs, s3Stream } from "./s3-stream.ts";

export interface S3LandingArgs {
  readonly client: Pick<S3Client, "send">;
  readonly bucket: string;
  /**
   * The landing's root inside the bucket, ending with `/`.
   * @default the bucket itself
   */
  readonly prefix?: string;
  /** Told when the connection of a stream broke and the rest was asked for again. */
  readonly onResume?: (key: string, bytes: number, reason: Error) => void;
}

/** The bytes of an object are those of one version of it, whole, or the stream fails: see {@link s3Stream}. */
export function s3Landing({ client, bucket, prefix: root = "", onResume }: S3LandingArgs): Landing {
  if (root !== "" && !root.endsWith("/")) {
    throw new SalesEtlError(`the landing's prefix "${root}" does not end with /`, {
      code: "LANDING_PREFIX_INVALID",
      path: "prefix",
    });
  }
  const uri = `s3://${bucket}/${root}`;
  return {
    uri,

    async list(prefix) {
      const objects: LandingObject[] = [];
      let after: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: root + prefix, ContinuationToken: after }),
        );
        for (const { Key = "", Size = 0 } of page.Contents ?? []) {
          // The S3 console keeps empty objects named like folders: they are no exports.
          if (!Key.endsWith("/")) objects.push({ key: Key.slice(root.length), bytes: Size });
        }
        after = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (after !== undefined);
      return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
    },

    async open(key): Promise<Readable> {
      try {
        return await s3Stream({
          client,
          bucket,
          key: root + key,
          ...(onResume === undefined ? {} : { onResume: (bytes, reason) => onResume(key, bytes, reason) }),
        });
      } catch (error) {
        if ((error as Error).name !== "NoSuchKey") throw error;
        throw new SalesEtlError(`there is no ${key} in ${uri}`, {
          code: "LANDING_OBJECT_NOT_FOUND",
          path: key,
          cause: error,
        });
      }
    },
  };
}
