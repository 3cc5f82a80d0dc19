/** Unzips a stream, and says what is wrong with a gzip. */
import { createGunzip, type Gunzip } from "node:zlib";
import { FileFault } from "./fault.ts";

/** As many bytes as the first look needs; a file's first chunk is nearly always longer. */
const START = 64;

/** The same bytes, the first chunk holding at least {@link START} of them where there are so many. */
export async function* withStart(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of source) {
    if (start === null) yield chunk;
    else {
      start = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
      if (start.length < START) continue;
      yield start;
      start = null;
    }
  }
  if (start !== null && start.length > 0) yield start;
}

/** Until more may be written, or nothing more will be read. Leaves no listener behind: a file has very many chunks. */
const room = (gunzip: Gunzip) =>
  new Promise<void>((resolve) => {
    const done = () => {
      gunzip.off("drain", done).off("close", done);
      resolve();
    };
    gunzip.on("drain", done).on("close", done);
  });

/** Fewer, larger pieces than the default's 16 KB. */
const PIECE = 64 * 1024;

/**
 * @param bytesRead how many bytes of the source were read so far
 * @throws {FileFault} FILE_GZIP_BROKEN; the source's own error as it is
 */
export async function* unzipped(
  source: AsyncIterable<Uint8Array>,
  bytesRead: () => number,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: PIECE });
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
        if (!gunzip.write(chunk)) await room(gunzip);
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
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    const source = failed as { error: unknown } | null;
    if (source !== null) throw source.error;
    if (bytesRead() === 0) return;
    throw new FileFault("FILE_GZIP_BROKEN", brokenGzip(error as NodeJS.ErrnoException));
  } finally {
    gunzip.destroy();
    await feeding;
  }
  // The unzipper ends silently at what follows the last member where that is padding.
  if (gunzip.bytesWritten < bytesRead()) {
    const more = bytesRead() - gunzip.bytesWritten;
    throw new FileFault("FILE_GZIP_BROKEN", `${more} bytes that are no gzip follow the end of the gzip`);
  }
}

function brokenGzip({ code, message }: NodeJS.ErrnoException): string {
  if (code === "Z_BUF_ERROR") return "the gzip is cut off: it ends before its data does";
  // The first header was looked at already: this is about what follows the first member.
  if (message === "incorrect header check") return "bytes that are no gzip follow the end of the gzip";
  return `the gzip cannot be read: ${message}`;
}
