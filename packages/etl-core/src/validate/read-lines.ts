/** The rows of a landed file once more, with their lines, for who asks where a published row came from. */
import type { Table } from "../contract/table.ts";
import type { ByteSource } from "./content.ts";
import type { CsvRow } from "./csv.ts";
import { FileFault } from "./fault.ts";
import { readHeader } from "./header.ts";
import { readRows } from "./reader.ts";

export interface ReadLines {
  /** SHA-256 of the unzipped bytes: equal to that of a load, the file is the one that was loaded. */
  readonly contentSha256: string;
  /** The file could not be read to its end. */
  readonly fault: string | null;
}

/**
 * Reads a file to its end, judging nothing.
 * @param take told of every row below the header: its physical line, and the text in a column of the contract ("" where
 * the file has no such column)
 */
export async function readLines(
  table: Table,
  file: string,
  stream: ByteSource,
  take: (line: number, text: (column: string) => string) => void,
): Promise<ReadLines> {
  const facts = { bytes: 0, sha256: "", contentSha256: "" };
  let at: Map<string, number> | null = null;
  const takeRow = ({ line, fields }: CsvRow) => {
    if (at === null) {
      const { columns } = readHeader(table, fields);
      at = new Map(columns.flatMap((name, index) => (name === null ? [] : [[name, index] as const])));
      return;
    }
    const positions = at;
    take(line, (column) => fields[positions.get(column) ?? -1] ?? "");
  };
  try {
    await readRows(stream, file.endsWith(".gz"), facts, { take: takeRow, plain: () => null });
    return { contentSha256: facts.contentSha256, fault: null };
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return { contentSha256: "", fault: error.message };
  }
}
