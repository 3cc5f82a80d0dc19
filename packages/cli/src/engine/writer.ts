/** One writer a warehouse: the engine's own database file, which the operating system locks and lets go of with the process. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { type Engine, openEngine } from "./duckdb.ts";

/** Locks of the operating system do not hold inside one process. */
const writing = new Set<string>();

/** @throws {SalesEtlError} WAREHOUSE_BUSY while another run writes; WAREHOUSE_NOT_WRITABLE */
export async function openWriter(warehouse: string): Promise<Engine> {
  const folder = path.resolve(warehouse);
  const busy = (cause?: unknown) =>
    new SalesEtlError(`another run writes to ${folder}; wait until it has ended, then run again`, {
      code: "WAREHOUSE_BUSY",
      path: folder,
      cause,
    });
  if (writing.has(folder)) throw busy();
  writing.add(folder);
  try {
    await mkdir(folder, { recursive: true });
    const engine = await openEngine(path.join(folder, "writer.duckdb"), { temp_directory: path.join(folder, "tmp") });
    return {
      ...engine,
      close() {
        engine.close();
        writing.delete(folder);
      },
    };
  } catch (cause) {
    writing.delete(folder);
    const { message } = cause as Error;
    if (/could not set lock/i.test(message)) throw busy(cause);
    throw new SalesEtlError(`${folder} cannot be written to: ${message}`, {
      code: "WAREHOUSE_NOT_WRITABLE",
      path: folder,
      cause,
    });
  }
}
