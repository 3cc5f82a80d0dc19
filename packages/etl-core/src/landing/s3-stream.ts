/**
 * One object of a bucket as a stream that survives broken connections. The SDK tries a request again, but not a body that
 * ends midway: what is left is asked for by range, from the byte that was reached, and only of the very same object.
 */
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "../errors.ts";

export interface S3StreamArgs {
  readonly client: Pick<S3Client, "send">;
  readonly bucket: string;
  readonly key: string;
  /** How long the next bytes may take before the connection counts as broken. @default 30 s */
  readonly idleMs?: number;
  /** Pauses between tries that bring not one byte; then the error is thrown. @default 0.1 to 3.2 s, six of them */
  readonly pausesMs?: readonly number[];
  /** Told of every broken connection: the bytes read by then, and why. */
  readonly onResume?: (bytes: number, reason: Error) => void;
}

const PAUSES_MS = [100, 200, 400, 800, 1600, 3200] as const;

/**
 * Opens the object; the stream fails with LANDING_CHANGED when it is replaced or removed before all of it was read.
 *
 * @throws the SDK's error (NoSuchKey ...) when it cannot be opened
 */
export async function s3Stream(args: S3StreamArgs): Promise<Readable> {
  const { client, bucket, key } = args;
  const first = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const open: { body: Readable | null } = { body: first.Body as Readable };
  const stream = Readable.from(bytesOf(args, first, open), { objectMode: false });
  // Who stops reading early must not wait for bytes that nobody wants.
  return stream.once("close", () => open.body?.destroy());
}

async function* bytesOf(args: S3StreamArgs, first: GetObjectCommandOutput, open: { body: Readable | null }) {
  const { pausesMs = PAUSES_MS, idleMs = 30_000 } = args;
  const { ETag: etag, ContentLength: length } = first;
  let bytes = 0;
  let pauses = 0;
  for (;;) {
    let broken: Error;
    try {
      open.body ??= await theRest(args, bytes, etag);
      for await (const chunk of untilIdle(open.body, idleMs)) {
        bytes += chunk.length;
        pauses = 0;
        yield chunk;
      }
      // Some proxies end a broken body as if it were whole.
      if (length === undefined || bytes >= length) return;
      broken = new Error(`the body ended after ${bytes} of ${length} bytes`);
    } catch (error) {
      if (error instanceof SalesEtlError) throw error;
      broken = error as Error;
      // Nothing is missing: what came is not what was stored.
      if (length !== undefined && bytes >= length) throw broken;
    }
    open.body?.destroy();
    open.body = null;
    // Without a tag it could not be told whether the rest belongs to what was read.
    const pause = etag === undefined ? undefined : pausesMs[pauses++];
    if (pause === undefined) throw broken;
    args.onResume?.(bytes, broken);
    await delay(pause);
  }
}

async function theRest({ client, bucket, key }: S3StreamArgs, from: number, etag: string | undefined) {
  const ask = new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${from}-`, IfMatch: etag });
  const { Body, ContentRange = "" } = await client.send(ask).catch((error: Error) => {
    if (!["PreconditionFailed", "NoSuchKey", "InvalidRange"].includes(error.name)) throw error;
    throw new SalesEtlError(`${key} was replaced while it was being read; try again`, {
      code: "LANDING_CHANGED",
      path: key,
      cause: error,
    });
  });
  if (!ContentRange.startsWith(`bytes ${from}-`)) {
    (Body as Readable | undefined)?.destroy();
    throw new Error(`asked for the bytes from ${from}, got "${ContentRange}"`);
  }
  return Body as Readable;
}

/** The chunks of a body; fails when the next one does not come. The time that the reader takes does not count. */
async function* untilIdle(body: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    const timer = setTimeout(() => body.destroy(new Error(`no byte came for ${idleMs / 1000} s`)), idleMs);
    const { value, done } = await chunks.next().finally(() => clearTimeout(timer));
    if (done === true) return;
    yield value as Buffer;
  }
}
