/** Tables that are not read here, for their files are too large for the time there is: the Spark step reads them. */
import type { Readable } from "node:stream";
import type { Dataset } from "../contract/index.ts";
import type { LandingObject, Manifest } from "../landing/index.ts";
import type { DateProblem, LeftTable } from "./report.ts";

/** What may be left to the Spark step. It looks at the same rules and tells the same codes. */
export interface Leave {
  /** A table whose files of the date have more bytes, as they lie there, is not begun. */
  readonly largestTableBytes: number;
  /** When it is aborted, the table that is being read is left, and so is all that was not read yet. */
  readonly signal?: AbortSignal;
}

/** Which tables of a date are left, and why; grows while files are read. */
export function leftTables({ tables }: Dataset, { files }: Manifest, leave: Leave | undefined) {
  const left = new Map<string, LeftTable>();
  const add = (table: string, why: LeftTable["why"]) => {
    const own = files.filter((file) => file.table === table);
    left.set(table, { table, files: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0), why });
  };
  for (const { name } of tables) {
    const bytes = files.filter(({ table }) => table === name).reduce((sum, file) => sum + file.bytes, 0);
    if (leave !== undefined && bytes > leave.largestTableBytes) add(name, "too large");
  }
  return {
    has: (table: string) => left.has(table),
    outOfTime: (table: string) => add(table, "out of time"),
    list: (): readonly LeftTable[] => [...left.values()],
  };
}

/** @returns null when the signal came before the stream was read; the stream is closed then */
export async function untilAborted<T>(
  signal: AbortSignal | undefined,
  stream: Readable,
  read: (stream: Readable) => Promise<T>,
): Promise<T | null> {
  if (signal === undefined) return read(stream);
  const stop = () => stream.destroy(new Error("out of time"));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const done = await read(stream);
    // What was cut short may look like a fault of the file.
    return signal.aborted && stream.destroyed && !stream.readableEnded ? null : done;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Without reading a file its size can be compared, at least. */
export function sizesDiffer(
  { files }: Manifest,
  present: readonly LandingObject[],
  isLeft: (table: string) => boolean,
): DateProblem[] {
  const sizes = new Map(present.map(({ key, bytes }) => [key, bytes]));
  return files
    .filter(({ table, file, bytes }) => isLeft(table) && sizes.get(file) !== bytes)
    .map(({ table, file, bytes }) => {
      const message = `the file has ${sizes.get(file)} bytes, the manifest says ${bytes}`;
      return { code: "BYTES_DIFFER", severity: "error", table, file, message };
    });
}
