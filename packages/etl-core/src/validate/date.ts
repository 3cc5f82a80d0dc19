/** The checks of a business date: is everything there, is it what was exported, can each file be used. */
import { text as readText } from "node:stream/consumers";
import type { Dataset } from "../contract/dataset.ts";
import { tableOf } from "../contract/table-of.ts";
import { SalesEtlError } from "../errors.ts";
import {
  type BusinessDate,
  isFileOf,
  type Landing,
  type Manifest,
  manifestKey,
  parseManifest,
  tablePrefix,
  whyNotFileOf,
} from "../landing/index.ts";
import { shortened } from "./explain.ts";
import { type CheckedFile, checkFile } from "./file.ts";
import { type FileKeys, type KeyIndex, keyIndex } from "./keys.ts";
import type { DateProblem, DateReport, DateVerdict, Problem } from "./report.ts";

export interface ValidateDateArgs {
  readonly dataset: Dataset;
  readonly landing: Landing;
  readonly businessDate: BusinessDate;
  /** Told of every fault in a file, also of those that the report leaves out. */
  readonly onProblem?: (table: string, file: string, problem: Problem) => void;
  /** Where the same content (SHA-256 of the unzipped bytes) was accepted as rows of a table on another date; null where they were not. */
  readonly acceptedElsewhere?: (table: string, contentSha256: string) => string | null;
}

export interface CheckedDate {
  readonly report: DateReport;
  readonly files: readonly CheckedFile[];
  readonly manifest: Manifest | null;
}

const fileName = (key: string) => key.slice(key.lastIndexOf("/") + 1);

/** {@link validateDate}, with what an engine needs to load the files afterwards. */
export async function checkDate(args: ValidateDateArgs): Promise<CheckedDate> {
  const { dataset, landing, businessDate } = args;
  const problems: DateProblem[] = [];
  const say: Say = (code, severity, table, file, message) => problems.push({ code, severity, table, file, message });
  const done = (verdict: DateVerdict, files: readonly CheckedFile[], manifest: Manifest | null): CheckedDate => ({
    report: {
      businessDate,
      verdict,
      problems,
      files: files.map(
        ({
          columns: _columns,
          bytes: _bytes,
          sha256: _sha256,
          contentSha256: _content,
          readToEnd: _readToEnd,
          ...report
        }) => report,
      ),
    },
    files,
    manifest,
  });

  const present = new Set<string>();
  for (const table of dataset.tables) {
    for (const { key } of await landing.list(tablePrefix(table.name, businessDate))) present.add(key);
  }
  const key = manifestKey(businessDate);
  const [found] = await landing.list(key);
  if (found?.key !== key) {
    say("MANIFEST_MISSING", "error", null, key, `there is no ${key} in ${landing.uri}`);
    return done("incomplete", [], null);
  }
  let manifest: Manifest;
  try {
    manifest = parseManifest(await readText(await landing.open(key)), businessDate);
  } catch (error) {
    if (!(error instanceof SalesEtlError) || error.code !== "MANIFEST_INVALID") throw error;
    say("MANIFEST_INVALID", "error", null, key, error.message);
    return done("rejected", [], null);
  }

  const { wrong, missing } = checkPresence(dataset, businessDate, manifest, present, say);
  if (wrong || missing) return done(wrong ? "rejected" : "incomplete", [], manifest);

  const files: CheckedFile[] = [];
  const keys = keysOverFiles(dataset, manifest);
  try {
    for (const { table, file, rows, bytes, sha256 } of manifest.files) {
      const onProblem = args.onProblem;
      const own = keys.of(table, file);
      files.push(
        notRepeated(
          args,
          files,
          await checkFile({
            table: tableOf(dataset, table),
            businessDate,
            file,
            stream: await landing.open(file),
            expected: { rows, bytes, sha256 },
            ...(onProblem === undefined ? {} : { sink: (problem) => onProblem(table, file, problem) }),
            ...(own === undefined ? {} : { keys: own }),
          }),
        ),
      );
    }
    const judged = keys.judge(files);
    return done(judged.every(({ verdict }) => verdict === "accepted") ? "accepted" : "rejected", judged, manifest);
  } finally {
    keys.close();
  }
}

/** Tells a date's problem. */
type Say = (
  code: DateProblem["code"],
  severity: DateProblem["severity"],
  table: string | null,
  file: string | null,
  message: string,
) => void;

/** Is every table and file there, under its name? `wrong`: it never will be; `missing`: it may still come. */
function checkPresence(
  dataset: Dataset,
  businessDate: BusinessDate,
  manifest: Manifest,
  present: ReadonlySet<string>,
  say: Say,
): { wrong: boolean; missing: boolean } {
  const named = new Set(manifest.files.map(({ file }) => file));
  let missing = false;
  let wrong = false;
  for (const { table, file } of manifest.files) {
    const prefix = tablePrefix(table, businessDate);
    if (!dataset.tables.some(({ name }) => name === table)) {
      wrong = true;
      say(
        "MANIFEST_INVALID",
        "error",
        table,
        file,
        `the manifest names the table ${table}, which the contract does not know`,
      );
    } else if (!file.startsWith(prefix)) {
      wrong = true;
      say("MANIFEST_INVALID", "error", table, file, `${file} does not lie in ${prefix}`);
    } else if (!isFileOf(table, businessDate, fileName(file))) {
      wrong = true;
      say("FILE_NAME_WRONG", "error", table, file, whyNotFileOf(table, businessDate, fileName(file)));
    } else if (!present.has(file)) {
      missing = true;
      say("FILE_MISSING", "error", table, file, `the manifest names ${file}, which is not there`);
    }
  }
  for (const { name } of dataset.tables) {
    if (manifest.files.some(({ table }) => table === name)) continue;
    missing = true;
    say("TABLE_MISSING", "error", name, null, `the manifest names no file of ${name}`);
  }
  for (const stray of present) {
    if (named.has(stray)) continue;
    const table = stray.slice(0, stray.indexOf("/"));
    const name = fileName(stray);
    if (isFileOf(table, businessDate, name)) {
      say("FILE_NOT_IN_MANIFEST", "warning", table, stray, `${name} is not in the manifest and is not read`);
    } else {
      say(
        "FILE_NAME_WRONG",
        "warning",
        table,
        stray,
        `${name} is not read: ${whyNotFileOf(table, businessDate, name)}`,
      );
    }
  }
  return { wrong, missing };
}

/** The keys of the tables that come in several files; undefined where a file is compared with itself alone. */
function keysOverFiles(dataset: Dataset, { files }: Manifest) {
  const indexes = new Map<string, KeyIndex>();
  return {
    of(table: string, file: string): FileKeys | undefined {
      const isOne = files.filter((one) => one.table === table).length < 2;
      if (isOne || tableOf(dataset, table).key === null) return undefined;
      const index = indexes.get(table) ?? keyIndex();
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

/** A delta with rows must not be the same as another part of the date or an accepted file of another date. */
function notRepeated(args: ValidateDateArgs, before: readonly CheckedFile[], file: CheckedFile): CheckedFile {
  const isDelta = tableOf(args.dataset, file.table).load === "delta";
  if (!isDelta || file.rowsRead === 0 || !file.readToEnd) return file;
  const part = before.find(({ table, contentSha256 }) => table === file.table && contentSha256 === file.contentSha256);
  const other = part?.file ?? args.acceptedElsewhere?.(file.table, file.contentSha256) ?? null;
  if (other === null) return file;
  const message = `the file has the same rows as ${other}: its rows would count twice`;
  const problem: Problem = { code: "FILE_REPEATED", line: null, column: null, value: null, message };
  return { ...file, verdict: "rejected", problems: [problem, ...file.problems] };
}

/** Checks everything a business date delivered; reads, never writes. */
export const validateDate = async (args: ValidateDateArgs): Promise<DateReport> => (await checkDate(args)).report;
