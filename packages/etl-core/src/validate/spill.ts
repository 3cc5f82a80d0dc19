/** Blocks of bytes on disk for as long as this process needs them. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SalesEtlError } from "../errors.ts";

export interface Spill {
  /** @returns where the bytes begin */
  write(bytes: Uint8Array): number;
  /** Fills `into` with what was written at `at`. */
  read(at: number, into: Uint8Array): void;
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
      const at = end;
      attempt(() => {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(handle, bytes, done, bytes.length - done, at + done);
        }
      });
      end += bytes.length;
      return at;
    },
    read(at, into) {
      attempt(() => {
        for (let done = 0; done < into.length; ) {
          const read = readSync(handle, into, done, into.length - done, at + done);
          if (read === 0) throw new Error("the file is shorter than what was written");
          done += read;
        }
      });
    },
    close: () => closeSync(handle),
  };
}
