/** From a file's bytes to its text: counted, hashed, unzipped, decoded; the faults of each step have a code. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { binaryFault, encodingOfStart, faultOfBytes } from "./bytes.ts";
import type { ProblemCode } from "./codes.ts";

/** A fault that ends the reading of a file. */
export class FileFault extends Error {
  readonly code: ProblemCode;
  readonly line: number | null;
  readonly value: string | null;

  constructor(code: ProblemCode, message: string, line: number | null = null, value: string | null = null) {
    super(message);
    this.name = "FileFault";
    this.code = code;
    this.line = line;
    this.value = value;
  }
}

/** A fault right behind the text read so far: only who counts lines can say where that is. */
export class FaultHere extends Error {
  readonly at: (line: number, byte: number) => FileFault;

  constructor(at: (line: number, byte: number) => FileFault) {
    super("a fault in the text");
    this.name = "FaultHere";
    this.at = at;
  }
}

export interface RawFacts {
  bytes: number;
  sha256: string;
  /** Of the unzipped bytes. */
  contentSha256: string;
}

/** As many bytes as the first look needs; a file's first chunk is nearly always longer. */
const START = 64;

/** The same bytes, the first chunk holding at least {@link START} of them where there are so many. */
async function* withStart(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0);
  for await (const chunk of source) {
    if (start === null) yield chunk;
    else {
      start = Buffer.concat([start, chunk]);
      if (start.length < START) continue;
      yield start;
      start = null;
    }
  }
  if (start !== null && start.length > 0) yield start;
}

/**
 * Yields decoded text without a byte order mark; `facts` is complete when the iteration has ended.
 * @throws {FileFault | FaultHere} where the bytes are no CSV text in UTF-8
 */
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
  const content = createHash("sha256");
  let before: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of withStart(gzip ? unzipped(counted(), facts) : counted())) {
    if (gzip) content.update(chunk);
    if (isFirst) {
      const fault = encodingOfStart(chunk) ?? binaryFault(chunk, gzip);
      if (fault !== null) throw new FileFault(fault.code, fault.message);
      isFirst = false;
    }
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      const fault = faultOfBytes(before, chunk);
      yield fault.text;
      throw new FaultHere((line, byte) => new FileFault("FILE_NOT_UTF8", fault.message(byte), line, fault.value));
    }
    const junk = text.indexOf("\0");
    if (junk >= 0) {
      yield text.slice(0, junk);
      throw new FaultHere(
        (line, byte) =>
          new FileFault("FILE_BINARY", `a NUL byte stands at byte ${byte} of the line: this is no text`, line),
      );
    }
    if (text !== "") yield text;
    before = chunk;
  }
  facts.contentSha256 = gzip ? content.digest("hex") : facts.sha256;
  try {
    decoder.decode();
  } catch {
    throw new FaultHere((line) => new FileFault("FILE_TRUNCATED", "the file ends inside a character", line));
  }
}

async function* unzipped(source: AsyncIterable<Buffer>, facts: RawFacts): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // The source's own error must reach the reader as it is: it is no fault of the gzip.
  let failed: { error: unknown } | null = null;
  let isFirst = true;
  const feeding = (async () => {
    try {
      for await (const chunk of withStart(source)) {
        if (isFirst && !(chunk[0] === 0x1f && chunk[1] === 0x8b)) {
          throw new FileFault(
            "FILE_GZIP_BROKEN",
            "the file's name ends in .gz, but it is no gzip file: name it .csv, or compress it",
          );
        }
        isFirst = false;
        if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once("drain", resolve).once("close", resolve));
        if (gunzip.destroyed) return;
      }
      // A file of no bytes has no member that could be broken.
      if (isFirst) gunzip.destroy();
      else gunzip.end();
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
    if (facts.bytes === 0) return;
    throw new FileFault("FILE_GZIP_BROKEN", brokenGzip(error as NodeJS.ErrnoException));
  } finally {
    gunzip.destroy();
    await feeding;
  }
  // The unzipper ends silently at what follows the last member where that is padding.
  if (gunzip.bytesWritten < facts.bytes) {
    const more = facts.bytes - gunzip.bytesWritten;
    throw new FileFault("FILE_GZIP_BROKEN", `${more} bytes that are no gzip follow the end of the gzip`);
  }
}

function brokenGzip({ code, message }: NodeJS.ErrnoException): string {
  if (code === "Z_BUF_ERROR") return "the gzip is cut off: it ends before its data does";
  // The first header was looked at already: this is about what follows the first member.
  if (message === "incorrect header check") return "bytes that are no gzip follow the end of the gzip";
  return `the gzip cannot be read: ${message}`;
}
