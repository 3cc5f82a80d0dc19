/** Blocks of bytes on disk for as long as this process needs them. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { SalesEtlError } from "../errors.ts";

export interface Block {
  readonly at: number;
  readonly length: number;
}

export interface Spill {
  write(bytes: Uint8Array): Block;
  read(block: Block): Buffer;
  close(): void;
}

/** @throws {SalesEtlError} TEMP_NOT_WRITABLE */
export function openSpill(): Spill {
  const file = path.join(tmpdir(), `sales-etl-${randomUUID()}.keys`);
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      const message = `the keys of a large file are kept in ${tmpdir()} while it is checked, which failed: ${(cause as Error).message}. Make room there, or name another folder in TMPDIR`;
      throw new SalesEtlError(message, { code: "TEMP_NOT_WRITABLE", path: tmpdir(), cause });
    }
  };
  const handle = attempt(() => openSync(file, "wx+", 0o600));
  // Without a name it is gone with the process, however that ends.
  attempt(() => unlinkSync(file));
  let end = 0;
  return {
    write(bytes) {
      const packed = zstdCompressSync(bytes);
      const block = { at: end, length: packed.length };
      attempt(() => {
        for (let done = 0; done < packed.length; ) {
          done += writeSync(handle, packed, done, packed.length - done, end + done);
        }
      });
      end += packed.length;
      return block;
    },
    read({ at, length }) {
      const packed = Buffer.allocUnsafe(length);
      attempt(() => {
        for (let done = 0; done < length; ) done += readSync(handle, packed, done, length - done, at + done);
      });
      return zstdDecompressSync(packed);
    },
    close: () => closeSync(handle),
  };
}
