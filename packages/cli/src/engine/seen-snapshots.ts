/** What the checks of one run found in whole tables: the same bytes come again night after night. */
import { type Dataset, type Table, tableOf } from "@sales-etl/etl-core/contract";
import type { Manifest } from "@sales-etl/etl-core/landing";
import type { CheckedFile } from "@sales-etl/etl-core/validate";
import type { ScannedDate } from "./fingerprint.ts";

export interface SeenSnapshots {
  /** @returns null where the files must be checked */
  known(table: Table, files: Manifest["files"], scanned: ScannedDate): readonly CheckedFile[] | null;
  add(dataset: Dataset, files: readonly CheckedFile[]): void;
}

const keyOf = (table: string, sha256: string) => `${table}:${sha256}`;

/** Only what means the same on every date. */
const isTimeless = ({ load, dated }: Table) => load === "snapshot" && dated === null;

export function seenSnapshots(): SeenSnapshots {
  const seen = new Map<string, CheckedFile>();
  return {
    known(table, files, scanned) {
      const [file] = files;
      const found = file === undefined ? undefined : scanned.get(file.file);
      if (file === undefined || files.length > 1 || found === undefined || !isTimeless(table)) return null;
      const before = seen.get(keyOf(table.name, found.sha256));
      const same =
        before !== undefined &&
        before.file.endsWith(".gz") === file.file.endsWith(".gz") &&
        file.rows === before.rowsRead &&
        file.bytes === before.bytes &&
        (file.sha256 ?? before.sha256) === before.sha256;
      return same ? [{ ...before, file: file.file }] : null;
    },
    add(dataset, files) {
      for (const file of files) {
        const isRight = file.verdict === "accepted" && file.problems.length === 0 && file.ignored.length === 0;
        if (isRight && isTimeless(tableOf(dataset, file.table))) seen.set(keyOf(file.table, file.sha256), file);
      }
    },
  };
}
