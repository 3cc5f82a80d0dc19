/** The checks of a business date: is everything there, is it what was exported, can each file be used. */
import type { Dataset, Table } from "../contract/index.ts";
import { EXTRA_COLUMNS } from "../contract/stored.ts";
import { tableOf } from "../contract/table-of.ts";
import { SalesEtlError } from "../errors.ts";
import {
  type BusinessDate,
  daysBetween,
  type Landing,
  type LandingObject,
  type Manifest,
  manifestKey,
  readManifest,
  tablePrefix,
} from "../landing/index.ts";
import { earlierInLanding, type UsualVolume, unusualVolumes, usualVolume } from "./earlier.ts";
import { type CheckedFile, checkFile } from "./file.ts";
import { type Gap, gapProblem } from "./gap.ts";
import { keysOverFiles } from "./keys-over-files.ts";
import { type Leave, leftTables, sizesDiffer, untilAborted } from "./leave.ts";
import { type Fault, namedFiles, strayFiles } from "./presence.ts";
import { repeatedInLanding } from "./repeated.ts";
import type { DateProblem, DateReport, DateVerdict, Problem } from "./report.ts";
import { tableProblems } from "./tables.ts";

export interface ValidateDateArgs {
  readonly dataset: Dataset;
  readonly landing: Landing;
  readonly businessDate: BusinessDate;
  /** When a number of rows is worth an alert. @default {@link usualVolume} */
  readonly volume?: UsualVolume;
  /** Told of every fault in a file, also of those that the report leaves out. */
  readonly onProblem?: (table: string, file: string, problem: Problem) => void;
  /**
   * Where the same content (SHA-256 of the unzipped bytes) was accepted as rows of a table on another date; null where they
   * were not. @default looked for in the landing, on the days before that rows may be late
   */
  readonly acceptedElsewhere?: (table: string, contentSha256: string) => string | null;
  /**
   * The newest earlier date with accepted rows of a snapshot table; null where there is none.
   * @default looked for in the landing
   */
  readonly earlierSnapshot?: (table: Table) => BusinessDate | null;
  /** Tables whose absence on this date a person has accepted. */
  readonly gaps?: readonly Gap[];
  /** What need not be read here. @default everything is read */
  readonly leave?: Leave;
  /**
   * What the stream checker would say of all files of a table, where somebody knows it already because nothing is wrong in
   * them: then they are not read. Null where they must be.
   */
  readonly knownFiles?: (table: Table, files: Manifest["files"]) => readonly CheckedFile[] | null;
}

export interface CheckedDate {
  readonly report: DateReport;
  /** What may be loaded when the date is accepted: the files of all tables but those of accepted gaps. */
  readonly files: readonly CheckedFile[];
  readonly manifest: Manifest | null;
}

/** {@link validateDate}, with what an engine needs to load the files afterwards. */
export async function checkDate(args: ValidateDateArgs): Promise<CheckedDate> {
  const { dataset, landing, businessDate } = args;
  const listed: LandingObject[] = [];
  for (const table of dataset.tables) listed.push(...(await landing.list(tablePrefix(table.name, businessDate))));
  const present = new Set(listed.map(({ key }) => key));
  const found = await findManifest(landing, businessDate);
  if ("problem" in found) {
    return {
      report: { businessDate, verdict: found.verdict, problems: [found.problem], files: [] },
      files: [],
      manifest: null,
    };
  }
  const { manifest } = found;
  const presence = { dataset, businessDate, manifest, present };
  const absent = await absentTables(args, manifest);
  const faults = [...namedFiles(presence), ...absent.faults];
  const gaps = new Map(args.gaps?.map((gap) => [gap.table, gap]));
  const [accepted, open] = partition(faults, ({ table }) => gaps.has(table ?? ""));
  const problems: DateProblem[] = [
    ...open.map(asProblem),
    ...absent.warnings,
    ...[...new Set(accepted.map(({ table }) => table ?? ""))].map((table) =>
      gapProblem(
        gaps.get(table) as Gap,
        accepted.filter((fault) => fault.table === table),
      ),
    ),
    ...strayFiles(presence),
  ];
  if (open.length > 0) {
    const verdict = open.some(({ kind }) => kind === "wrong") ? "rejected" : "incomplete";
    return { report: { businessDate, verdict, problems, files: [] }, files: [], manifest };
  }

  const absentGaps = new Set(accepted.map(({ table }) => table));
  const left = leftTables(dataset, manifest, args.leave);
  const files = await checkFiles(args, manifest, left, (table) => !absentGaps.has(table));
  problems.push(...files.flatMap(unknownColumns));
  problems.push(...(await unusualVolumes(dataset, landing, businessDate, manifest, args.volume ?? usualVolume)));

  const unusable = new Set<string>();
  for (const { name } of dataset.tables.filter((table) => !absentGaps.has(table.name))) {
    const own = files.filter(({ table }) => table === name);
    const wrong = left.has(name)
      ? sizesDiffer(manifest, listed, (table) => table === name)
      : tableProblems(tableOf(dataset, name), own, manifest);
    const isWrong =
      own.some(({ verdict }) => verdict === "rejected") || wrong.some(({ severity }) => severity === "error");
    const gap = isWrong ? gaps.get(name) : undefined;
    if (gap !== undefined) problems.push(gapProblem(gap, wrong));
    else problems.push(...wrong);
    if (isWrong) unusable.add(name);
  }
  const rejected = [...unusable].some((table) => !gaps.has(table));
  return {
    report: {
      ...{ businessDate, verdict: rejected ? "rejected" : "accepted", problems, files: files.map(reportOf) },
      ...(left.list().length === 0 ? {} : { leftToSpark: left.list() }),
    },
    files: files.filter(({ table }) => !(unusable.has(table) && gaps.has(table))),
    manifest,
  };
}

/** Columns that the contract does not know: they change nothing, but may say that it should be changed. */
function unknownColumns({ table, file, ignored, kept }: CheckedFile): DateProblem[] {
  const warn = (code: DateProblem["code"], column: string, what: string): DateProblem => ({
    ...{ code, severity: "warning", table, file },
    message: `the contract of ${table} has no column "${column}"; its values are ${what}`,
  });
  return [
    ...ignored.map((column) => warn("HEADER_COLUMN_IGNORED", column, "not read")),
    ...kept.map((column) => warn("HEADER_COLUMN_KEPT", column, `kept in ${EXTRA_COLUMNS}`)),
  ];
}

const asProblem = ({ kind: _kind, ...problem }: Fault): DateProblem => problem;

function partition<T>(all: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}

const reportOf = ({
  table,
  file,
  rowsRead,
  rowsAccepted,
  rowsRejected,
  verdict,
  problems,
  problemsOmitted,
}: CheckedFile) => ({
  ...{ table, file, rowsRead, rowsAccepted, rowsRejected, verdict, problems, problemsOmitted },
});

type Found = { readonly manifest: Manifest } | { readonly verdict: DateVerdict; readonly problem: DateProblem };

async function findManifest(landing: Landing, businessDate: BusinessDate): Promise<Found> {
  const key = manifestKey(businessDate);
  const problem = (code: DateProblem["code"], message: string): DateProblem => ({
    ...{ code, severity: "error", table: null, file: key, message },
  });
  const [found] = await landing.list(key);
  if (found?.key !== key) {
    return { verdict: "incomplete", problem: problem("MANIFEST_MISSING", `there is no ${key} in ${landing.uri}`) };
  }
  try {
    return { manifest: await readManifest(landing, businessDate) };
  } catch (error) {
    if (!(error instanceof SalesEtlError) || error.code !== "MANIFEST_INVALID") throw error;
    return { verdict: "rejected", problem: problem("MANIFEST_INVALID", error.message) };
  }
}

/** Tables without a file in the manifest: a fault, or, for a snapshot that came lately, a warning. */
async function absentTables(
  { dataset, landing, businessDate, earlierSnapshot }: ValidateDateArgs,
  manifest: Manifest,
): Promise<{ faults: Fault[]; warnings: DateProblem[] }> {
  const faults: Fault[] = [];
  const warnings: DateProblem[] = [];
  for (const table of dataset.tables) {
    const { name, freshness } = table;
    if (manifest.files.some((file) => file.table === name)) continue;
    const mayBeOlder = table.load === "snapshot" && freshness > 0;
    const earlier = !mayBeOlder
      ? null
      : earlierSnapshot === undefined
        ? await earlierInLanding(landing, table, businessDate)
        : earlierSnapshot(table);
    const age = earlier === null ? null : daysBetween(earlier, businessDate);
    if (age !== null && age > 0 && age <= freshness) {
      const message = `the manifest names no file of ${name}; that of ${earlier} is used (at most ${freshness} days old)`;
      warnings.push({ code: "SNAPSHOT_OLDER", severity: "warning", table: name, file: null, message });
      continue;
    }
    const newest = earlier === null ? "there is no accepted one before" : `the newest before is of ${earlier}`;
    const why = mayBeOlder ? `; it may be up to ${freshness} days old, and ${newest}` : "";
    const message = `the manifest names no file of ${name}${why}`;
    faults.push({ kind: "missing", code: "TABLE_MISSING", severity: "error", table: name, file: null, message });
  }
  return { faults, warnings };
}

async function checkFiles(
  args: ValidateDateArgs,
  manifest: Manifest,
  left: ReturnType<typeof leftTables>,
  isWanted: (table: string) => boolean,
): Promise<readonly CheckedFile[]> {
  const { dataset, landing, businessDate, onProblem, leave } = args;
  const files: CheckedFile[] = [];
  const keys = keysOverFiles(dataset, manifest);
  const wanted = manifest.files.filter((one) => isWanted(one.table));
  const known = knownOf(args, wanted);
  try {
    for (const { table, file, rows, bytes, sha256 } of wanted) {
      if (left.has(table)) continue;
      const knownFile = known.get(file);
      if (knownFile !== undefined) {
        files.push(await notRepeated(args, files, knownFile));
        continue;
      }
      const own = keys.of(table, file);
      const checked = await untilAborted(leave?.signal, await landing.open(file), (stream) =>
        checkFile({
          table: tableOf(dataset, table),
          ...{ businessDate, file, stream, expected: { rows, bytes, sha256 } },
          ...(onProblem === undefined ? {} : { sink: (problem) => onProblem(table, file, problem) }),
          ...(own === undefined ? {} : { keys: own }),
        }),
      );
      if (checked === null) left.outOfTime(table);
      else files.push(await notRepeated(args, files, checked));
    }
    return keys.judge(files.filter(({ table }) => !left.has(table)));
  } finally {
    keys.close();
  }
}

function knownOf(
  { dataset, knownFiles }: ValidateDateArgs,
  wanted: Manifest["files"],
): ReadonlyMap<string, CheckedFile> {
  const known = dataset.tables.flatMap((table) => {
    const own = wanted.filter((one) => one.table === table.name);
    return own.length === 0 ? [] : (knownFiles?.(table, own) ?? []);
  });
  return new Map(known.map((checked) => [checked.file, checked]));
}

/** Byte by byte, or in another order where the columns stand in the same one. */
const hasSameRows = (one: CheckedFile, other: CheckedFile): boolean =>
  one.contentSha256 === other.contentSha256 ||
  (one.rowsDigest !== null &&
    one.readToEnd &&
    one.rowsDigest === other.rowsDigest &&
    one.columns.join() === other.columns.join());

/**
 * A file with rows of days must not be the same as another part of the date; that of a delta neither as an accepted file of
 * another date. An unchanged cumulative dump says that nothing happened.
 */
async function notRepeated(
  args: ValidateDateArgs,
  before: readonly CheckedFile[],
  file: CheckedFile,
): Promise<CheckedFile> {
  const { dataset, landing, businessDate, acceptedElsewhere } = args;
  const table = tableOf(dataset, file.table);
  if (table.load === "snapshot" || file.rowsRead === 0 || !file.readToEnd) return file;
  const part = before.find((one) => one.table === file.table && hasSameRows(one, file));
  const elsewhere = async () => {
    if (table.load !== "delta") return null;
    if (acceptedElsewhere !== undefined) return acceptedElsewhere(file.table, file.contentSha256);
    return repeatedInLanding(landing, table, businessDate, file);
  };
  const other = part?.file ?? (await elsewhere());
  if (other === null) return file;
  const message = `the file has the same rows as ${other}: its rows would count twice`;
  const problem: Problem = { code: "FILE_REPEATED", line: null, column: null, value: null, message };
  return { ...file, verdict: "rejected", problems: [problem, ...file.problems] };
}

/** Checks everything a business date delivered; reads, never writes. */
export const validateDate = async (args: ValidateDateArgs): Promise<DateReport> => (await checkDate(args)).report;
