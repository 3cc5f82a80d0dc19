/** Keys that stand in two files of one table and date. */
import type { Dataset } from "../contract/dataset.ts";
import { tableOf } from "../contract/table-of.ts";
import type { Manifest } from "../landing/index.ts";
import { shortened } from "./explain.ts";
import type { CheckedFile } from "./file.ts";
import { keyColumns } from "./key-parts.ts";
import { type FileKeys, type KeyIndex, keyIndex } from "./keys.ts";
import type { Problem } from "./report.ts";

/** The keys of the tables that come in several files; undefined where a file is compared with itself alone. */
export function keysOverFiles(dataset: Dataset, { files }: Manifest) {
  const indexes = new Map<string, KeyIndex>();
  return {
    of(table: string, file: string): FileKeys | undefined {
      const isOne = files.filter((one) => one.table === table).length < 2;
      if (isOne || tableOf(dataset, table).key === null) return undefined;
      const index = indexes.get(table) ?? keyIndex(keyColumns(tableOf(dataset, table)));
      indexes.set(table, index);
      return index.file(file);
    },
    /** A key in two files is a fault of the whole second file. */
    judge(checked: readonly CheckedFile[]): readonly CheckedFile[] {
      const found = [...indexes.values()].flatMap((index) => index.acrossFiles());
      return checked.map((file) => {
        const twice = found.find((one) => one.file === file.file);
        if (twice === undefined) return file;
        const { line, shown, other } = twice;
        const column = tableOf(dataset, file.table).key?.join("+") ?? null;
        const message = `the key ${shown} stands in ${other}, too: its rows would count twice`;
        const problem: Problem = { code: "KEY_IN_TWO_FILES", line, column, value: shortened(shown), message };
        return { ...file, verdict: "rejected", problems: [problem, ...file.problems] };
      });
    },
    close() {
      for (const index of indexes.values()) index.close();
    },
  };
}
