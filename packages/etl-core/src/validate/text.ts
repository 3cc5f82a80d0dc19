/** From a file's bytes to its text: counted, hashed, unzipped, decoded; the faults of each step have a code. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { ProblemCode } from "./codes.ts";

/** A fault that ends the reading of a file. */
export class FileFault extends Error {
  readonly code: ProblemCode;
  readonly line: number | null;

  constructor(code: ProblemCode, message: string, line: number | null = null) {
    super(message);
    this.name = "FileFault";
    this.code = code;
    this.line = line;
  }
}

export interface RawFacts {
  bytes: number;
  sha256: string;
  /** Of the unzipped bytes. */
  contentSha256: string;
}

/** Yields decoded text without a byte order mark; `facts` is complete when the iteration has ended. */
export async function* textOf(source: Readable, gzip: boolean, facts: RawFacts): AsyncGenerator<string> {
  const hash = createHash("sha256");
  async function* counted() {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      facts.bytes += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
    facts.sha256 = hash.digest("hex");
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new FileFault("FILE_NOT_UTF8", "the file holds bytes that are not UTF-8");
    }
  };
  const content = createHash("sha256");
  for await (const chunk of gzip ? unzipped(counted()) : counted()) {
    if (gzip) content.update(chunk);
    const text = decode(chunk);
    if (text !== "") yield text;
  }
  facts.contentSha256 = gzip ? content.digest("hex") : facts.sha256;
  const rest = decode();
  if (rest !== "") yield rest;
}

async function* unzipped(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // The source's own error must reach the reader as it is: it is no fault of the gzip.
  let failed: { error: unknown } | null = null;
  const feeding = (async () => {
    try {
      for await (const chunk of source) {
        if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once("drain", resolve).once("close", resolve));
        if (gunzip.destroyed) return;
      }
      gunzip.end();
    } catch (error) {
      failed = { error };
      gunzip.destroy();
    }
  })();
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    const source = failed as { error: unknown } | null;
    if (source !== null) throw source.error;
    throw new FileFault("FILE_GZIP_BROKEN", `the gzip cannot be read: ${(error as Error).message}`);
  } finally {
    gunzip.destroy();
    await feeding;
  }
}
