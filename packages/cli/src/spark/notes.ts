/** What the command keeps beside the tables: a JSON file for each thing, whole or not at all. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";

export const gateFolder = (warehouse: string) => path.join(warehouse, "_gate");

export async function writeNote(file: string, note: object): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(note, null, 1)}\n`);
  await rename(draft, file);
}

/** @throws {SalesEtlError} WAREHOUSE_DAMAGED */
export function readNote<Note>(file: string, text: string): Note {
  try {
    return JSON.parse(text) as Note;
  } catch (cause) {
    throw new SalesEtlError(`${file} is damaged: bring it back from a copy, or remove it`, {
      ...{ code: "WAREHOUSE_DAMAGED", path: file, cause },
    });
  }
}
