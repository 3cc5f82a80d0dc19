/** Is every table and file there, under its name? */
import type { Dataset } from "../contract/dataset.ts";
import { type BusinessDate, isFileOf, type Manifest, tablePrefix, whyNotFileOf } from "../landing/index.ts";
import type { DateProblem } from "./report.ts";

/** `wrong`: it never will be right; `missing`: it may still come. */
export interface Fault extends DateProblem {
  readonly kind: "wrong" | "missing";
}

const fileName = (key: string) => key.slice(key.lastIndexOf("/") + 1);

export interface PresenceArgs {
  readonly dataset: Dataset;
  readonly businessDate: BusinessDate;
  readonly manifest: Manifest;
  /** All keys of the date in the landing. */
  readonly present: ReadonlySet<string>;
}

/** What the manifest names and is not there, or not as it should be. A table without any file is not looked for here. */
export function namedFiles({ dataset, businessDate, manifest, present }: PresenceArgs): Fault[] {
  return manifest.files.flatMap(({ table, file }): Fault[] => {
    const fault = (kind: Fault["kind"], code: Fault["code"], message: string): Fault[] => [
      { kind, code, severity: "error", table, file, message },
    ];
    const prefix = tablePrefix(table, businessDate);
    if (!dataset.tables.some(({ name }) => name === table)) {
      return fault(
        "wrong",
        "MANIFEST_INVALID",
        `the manifest names the table ${table}, which the contract does not know`,
      );
    }
    if (!file.startsWith(prefix)) return fault("wrong", "MANIFEST_INVALID", `${file} does not lie in ${prefix}`);
    if (!isFileOf(table, businessDate, fileName(file))) {
      return fault("wrong", "FILE_NAME_WRONG", whyNotFileOf(table, businessDate, fileName(file)));
    }
    if (!present.has(file)) return fault("missing", "FILE_MISSING", `the manifest names ${file}, which is not there`);
    return [];
  });
}

/** Files that lie there and are not read. */
export function strayFiles({ businessDate, manifest, present }: PresenceArgs): DateProblem[] {
  const named = new Set(manifest.files.map(({ file }) => file));
  return [...present]
    .filter((file) => !named.has(file))
    .map((file) => {
      const table = file.slice(0, file.indexOf("/"));
      const name = fileName(file);
      const fits = isFileOf(table, businessDate, name);
      return {
        code: fits ? "FILE_NOT_IN_MANIFEST" : "FILE_NAME_WRONG",
        severity: "warning",
        table,
        file,
        message: fits
          ? `${name} is not in the manifest and is not read`
          : `${name} is not read: ${whyNotFileOf(table, businessDate, name)}`,
      };
    });
}
