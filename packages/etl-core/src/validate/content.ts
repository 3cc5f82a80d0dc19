/** The content of a file: its bytes counted, hashed and unzipped. */
import { createHash } from "node:crypto";
import { binaryFault, encodingOfStart } from "./bytes.ts";
import { FileFault } from "./fault.ts";
import { unzipped, withStart } from "./gunzip.ts";

/** A file as it is read: a stream of Node, a web stream, or anything else that gives its bytes piece by piece. */
export type ByteSource = AsyncIterable<Uint8Array>;

export interface RawFacts {
  bytes: number;
  sha256: string;
  /** Of the unzipped bytes. */
  contentSha256: string;
}

/**
 * Yields the content, the first piece never shorter than what is looked for there; `facts` is complete when the iteration has ended.
 * @throws {FileFault} where the first bytes are of another encoding or kind of file, or the gzip is broken
 */
export async function* contentOf(source: ByteSource, gzip: boolean, facts: RawFacts): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  async function* counted() {
    for await (const chunk of source) {
      facts.bytes += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
    facts.sha256 = hash.digest("hex");
  }
  const content = createHash("sha256");
  let isFirst = true;
  for await (const chunk of withStart(gzip ? unzipped(counted(), () => facts.bytes) : counted())) {
    if (gzip) content.update(chunk);
    const fault = isFirst ? (encodingOfStart(chunk) ?? binaryFault(chunk, gzip)) : null;
    if (fault !== null) throw new FileFault(fault.code, fault.message);
    isFirst = false;
    yield chunk;
  }
  facts.contentSha256 = gzip ? content.digest("hex") : facts.sha256;
}
