/** What earlier dates of the landing say: an older snapshot that still counts, and how many rows are usual. */
import type { Dataset, Table } from "../contract/index.ts";
import { SalesEtlError } from "../errors.ts";
import { addDays, type BusinessDate, type Landing, type Manifest, readManifest } from "../landing/index.ts";
import { checkFile } from "./file.ts";
import type { DateProblem } from "./report.ts";

/** @returns null where there is none, or none that can be read: this date's checks are not the place to say so */
export async function manifestOf(landing: Landing, date: BusinessDate): Promise<Manifest | null> {
  try {
    return await readManifest(landing, date);
  } catch (error) {
    const codes = ["LANDING_OBJECT_NOT_FOUND", "MANIFEST_INVALID"];
    if (error instanceof SalesEtlError && codes.includes(error.code)) return null;
    throw error;
  }
}

async function isAccepted(landing: Landing, table: Table, date: BusinessDate, manifest: Manifest): Promise<boolean> {
  const files = manifest.files.filter((file) => file.table === table.name);
  for (const { file, rows, bytes, sha256 } of files) {
    const [found] = await landing.list(file);
    if (found?.key !== file) return false;
    const stream = await landing.open(file);
    const expected = { rows, bytes, sha256 };
    if ((await checkFile({ table, businessDate: date, file, stream, expected })).verdict !== "accepted") return false;
  }
  return files.length > 0;
}

/** The newest of the dates on which a snapshot may have come at last, by the table's freshness, and did. */
export async function earlierInLanding(
  landing: Landing,
  table: Table,
  date: BusinessDate,
): Promise<BusinessDate | null> {
  for (let age = 1; age <= table.freshness; age += 1) {
    const earlier = addDays(date, -age);
    const manifest = await manifestOf(landing, earlier);
    if (manifest !== null && (await isAccepted(landing, table, earlier, manifest))) return earlier;
  }
  return null;
}

const rowsOf = (manifest: Manifest, table: string): number | null => {
  const files = manifest.files.filter((file) => file.table === table);
  return files.length === 0 ? null : files.reduce((sum, { rows }) => sum + rows, 0);
};

const median = (sorted: readonly number[]): number => {
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

/** What a number of rows is compared with. */
export interface UsualVolume {
  /** An alert when a table has more than so many times the usual rows, or less than one part in so many. */
  readonly factor: number;
  /** How many weeks back the same weekday is looked at. */
  readonly weeks: number;
}

export const usualVolume: UsualVolume = { factor: 3, weeks: 8 };

/** Fewer dates say nothing about what is usual. */
const FEWEST_DATES = 3;

/**
 * An alert for each table with far more or fewer rows than the median of the same weekday's in the weeks before. Of a
 * cumulative table the rows that a dump has more than the one of the day before are compared, and it is an alert, too, when
 * it has fewer.
 */
export async function unusualVolumes(
  dataset: Dataset,
  landing: Landing,
  date: BusinessDate,
  manifest: Manifest,
  { factor, weeks }: UsualVolume,
): Promise<DateProblem[]> {
  const dates = Array.from({ length: weeks }, (_, index) => addDays(date, -7 * (index + 1)));
  const hasDumps = dataset.tables.some(({ load }) => load === "cumulative");
  const dayBefore = (day: BusinessDate) => (hasDumps ? manifestOf(landing, addDays(day, -1)) : null);
  const exports = await Promise.all(
    dates.map(async (day) => ({ now: await manifestOf(landing, day), before: await dayBefore(day) })),
  );
  const yesterday = await dayBefore(date);
  return dataset.tables.flatMap(({ name, load }): DateProblem[] => {
    const rowsIn = (one: Manifest | null) => (one === null ? null : rowsOf(one, name));
    const alert = (message: string): DateProblem => ({
      ...{ code: "VOLUME_UNUSUAL", severity: "warning", table: name, file: null, message },
    });
    const volume = (now: number | null, before: number | null) =>
      load !== "cumulative" ? now : now === null || before === null ? null : Math.max(0, now - before);
    const [rows, old] = [rowsIn(manifest), rowsIn(yesterday)];
    if (load === "cumulative" && rows !== null && old !== null && rows < old) {
      return [alert(`${name} has ${rows} rows of all days, fewer than the ${old} of the day before`)];
    }
    const now = volume(rows, old);
    const before = exports.flatMap((one) => volume(rowsIn(one.now), rowsIn(one.before)) ?? []).sort((a, b) => a - b);
    if (now === null || before.length < FEWEST_DATES) return [];
    const usual = median(before);
    if (now <= usual * factor && now * factor >= usual) return [];
    const what = load === "cumulative" ? `${now} rows more than the day before` : `${now} rows`;
    return [
      alert(
        `${name} has ${what}; the median of the same weekday in the ${before.length} exports of the last ${weeks} weeks is ${usual}`,
      ),
    ];
  });
}
