/** For every code of the checks a small delivery that has exactly that fault: tested, and shown in docs/checks.md. */
import { gzipSync } from "node:zlib";
import type { Manifest } from "../../landing/index.ts";
import type { ProblemCode } from "../codes.ts";
import type { Gap } from "../gap.ts";
import { DAYS, keyOf, LINES, VISITS } from "./dataset.ts";

export interface Example {
  /** What differs from a right delivery: key to content; null where the file is missing. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>;
  /** The manifest instead of the right one: text that is no manifest, null where it is missing. */
  readonly manifest?: (right: Manifest) => Manifest | string | null;
  /** The same rows of this table were accepted on an earlier date. */
  readonly acceptedBefore?: string;
  /** The newest earlier date with a snapshot of every such table. */
  readonly snapshotBefore?: string;
  /** What a person has accepted. */
  readonly gaps?: readonly Gap[];
  /** The rows of visits on the same weekday of the three weeks before. */
  readonly rowsBefore?: number;
  /** For the reader, where it is not the content of the first file. */
  readonly shown?: string;
  /** Codes that come with it whatever one does. */
  readonly with?: readonly ProblemCode[];
  /** Only an engine that loads the file sees it: tested there. */
  readonly onlyWhenLoaded?: true;
}

const HEADER = "day,site,people,paid,open,kind,code";
const RIGHT = "2020-01-06,1,120,480.50,true,usual,";
const OTHER = "2020-01-06,2,95,310.00,true,usual,";

const visits = (...lines: readonly string[]): Example => ({ files: { [VISITS]: `${lines.join("\n")}\n` } });
/** The header, a wrong row and a right one. */
const row = (wrong: string): Example => visits(HEADER, wrong, OTHER);
const bytes = (content: Buffer, shown: string): Example => ({ files: { [VISITS]: content }, shown });
const manifest = (change: (right: Manifest) => Manifest | string | null, shown: string): Example => ({
  manifest: change,
  shown,
});
const ofVisits = (right: Manifest, change: object): Manifest => ({
  ...right,
  files: right.files.map((file) => (file.file === VISITS ? { ...file, ...change } : file)),
});
const WRONG_NAME = keyOf("visits", "visits_2020-1-6.csv");
const STRAY = keyOf("visits", "visits_2020-01-06.part2.csv");

export const examples: Readonly<Record<ProblemCode, Example>> = {
  MANIFEST_MISSING: manifest(() => null, "the folder _manifest/dt=2020-01-06 is empty"),
  MANIFEST_INVALID: manifest(() => '{"version": 1', '{"version": 1'),
  TABLE_MISSING: {
    files: { [DAYS]: null },
    manifest: (right) => ({ ...right, files: right.files.filter(({ table }) => table !== "days") }),
    shown: "the manifest names files of visits and lines, and none of days",
  },
  FILE_MISSING: { files: { [DAYS]: null }, shown: `the manifest names ${DAYS}, the folder is empty` },
  SNAPSHOT_OLDER: {
    files: { [DAYS]: null },
    manifest: (right) => ({ ...right, files: right.files.filter(({ table }) => table !== "days") }),
    snapshotBefore: "2020-01-02",
    shown: "the manifest names no file of days; one of 2020-01-02 was accepted, and days may be 7 days old",
  },
  GAP_ACCEPTED: {
    files: { [VISITS]: null },
    gaps: [{ table: "visits", by: "Maria Rossi", reason: "the counter was broken" }],
    shown: "the file of visits is not there, and somebody has accepted that",
  },
  FILE_NOT_IN_MANIFEST: {
    files: { [STRAY]: `${HEADER}\n${OTHER}\n` },
    manifest: (right) => ({ ...right, files: right.files.filter(({ file }) => file !== STRAY) }),
    shown: `${STRAY} lies there, the manifest names only ${VISITS}`,
  },
  FILE_NAME_WRONG: { files: { [VISITS]: null, [WRONG_NAME]: `${HEADER}\n${RIGHT}\n` }, shown: WRONG_NAME },
  ROWS_DIFFER: manifest((right) => ofVisits(right, { rows: 2 }), "a file of one row, and a manifest with `rows: 2`"),
  BYTES_DIFFER: manifest((right) => ofVisits(right, { bytes: 4711 }), "a manifest with `bytes: 4711`"),
  SHA256_DIFFERS: manifest(
    (right) => ofVisits(right, { sha256: "0".repeat(64) }),
    `a manifest with \`sha256: 000...\``,
  ),
  TOTALS_DIFFER: manifest(
    (right) => ({ ...right, totals: { visits: { paid: "999.00" } } }),
    'a manifest with `"totals": {"visits": {"paid": "999.00"}}` and a file whose values of paid add up to less',
  ),
  VOLUME_UNUSUAL: { rowsBefore: 40, shown: "one row, and 40 on each of the three Mondays before" },
  DAY_WITHOUT_ROWS: visits(HEADER),
  FILE_EMPTY: { files: { [VISITS]: "" }, shown: "a file of 0 bytes" },
  SNAPSHOT_EMPTY: { files: { [DAYS]: "day,month_num\n" } },
  FILE_NOT_UTF8: bytes(
    Buffer.from(`${HEADER}\n2020-01-06,1,120,480.50,true,caf\u00e9,\n`, "latin1"),
    `${HEADER}\n2020-01-06,1,120,480.50,true,café,\n\n(in Latin-1)`,
  ),
  FILE_BINARY: bytes(Buffer.from("PAR1\x15\x04\x15\x10", "latin1"), "PAR1...  (a Parquet file, named .csv)"),
  FILE_GZIP_BROKEN: {
    files: { [VISITS]: null, [`${VISITS}.gz`]: gzipSync(`${HEADER}\n${RIGHT}\n`).subarray(0, -10) },
    shown: "a .csv.gz without its last 10 bytes",
  },
  FILE_QUOTES_UNBALANCED: visits(HEADER, '2020-01-06,1,120,480.50,true,"usual,', OTHER),
  FILE_LINE_ENDS_MIXED: {
    files: { [VISITS]: `${HEADER}\n${RIGHT}\r\n${OTHER}\n` },
    shown: `${HEADER}⏎LF\n${RIGHT}⏎CRLF\n${OTHER}⏎LF`,
  },
  FILE_UNREADABLE: { shown: "a file that was replaced between its check and its loading", onlyWhenLoaded: true },
  KEY_IN_TWO_FILES: {
    files: { [VISITS]: `${HEADER}\n${RIGHT}\n`, [STRAY]: `${HEADER}\n${RIGHT}\n${OTHER}\n` },
    shown: `visits_2020-01-06.csv:\n${HEADER}\n${RIGHT}\n\nvisits_2020-01-06.part2.csv:\n${HEADER}\n${RIGHT}\n${OTHER}`,
  },
  FILE_ROW_RAGGED: row("2020-01-06,1,1,200,480.50,true,usual,"),
  FILE_ROW_TOO_LONG: { files: { [VISITS]: `${HEADER}\n${"7".repeat(3_000_000)}` }, shown: `${HEADER}\n7777777...` },
  FILE_TRUNCATED: { files: { [VISITS]: `${HEADER}\n${RIGHT}\n2020-01-06,2,9` } },
  FILE_DELIMITER_WRONG: visits(HEADER.replaceAll(",", ";"), RIGHT.replaceAll(",", ";")),
  FILE_SEVERAL_TABLES: visits(HEADER, RIGHT, "", "site,name", "1,North"),
  FILE_DOUBLED: {
    files: {
      [LINES]: "day,site,amount\n2020-01-06,1,4.50\n2020-01-06,2,1.20\n2020-01-06,1,4.50\n2020-01-06,2,1.20\n",
    },
  },
  FILE_REPEATED: { acceptedBefore: "visits", shown: "the file of 2020-01-05 again, under the name of 2020-01-06" },
  HEADER_MISSING: visits(RIGHT, OTHER),
  HEADER_NOT_FIRST: visits("Visits of 6 January 2020", "", HEADER, RIGHT),
  HEADER_REPEATED: visits(HEADER, RIGHT, HEADER, OTHER),
  HEADER_COLUMN_MISSING: visits("day,site,people,paid,open,kind", "2020-01-06,1,120,480.50,true,usual"),
  HEADER_COLUMN_EXTRA: visits(`${HEADER},weather`, `${RIGHT},rain`),
  HEADER_COLUMN_KEPT: { files: { [DAYS]: "day,month_num,holiday\n2020-01-06,202001,Epiphany\n" } },
  HEADER_COLUMN_IGNORED: { files: { [LINES]: "day,site,amount,till\n2020-01-06,1,3.50,7\n" } },
  HEADER_COLUMN_TWICE: visits(`${HEADER},site`, `${RIGHT},1`),
  TOO_MANY_ROWS_REJECTED: { ...visits(HEADER, "2020-01-06,x,120,480.50,true,usual,"), with: ["VALUE_NOT_INTEGER"] },
  VALUE_NULL: row("2020-01-06,,120,480.50,true,usual,"),
  VALUE_NOT_INTEGER: row("2020-01-06,1,120.5,480.50,true,usual,"),
  VALUE_NOT_DECIMAL: row('2020-01-06,1,120,"1,480.50",true,usual,'),
  VALUE_NOT_DATE: row("06/01/2020,1,120,480.50,true,usual,"),
  VALUE_NOT_BOOLEAN: row("2020-01-06,1,120,480.50,yes,usual,"),
  VALUE_TOO_PRECISE: row("2020-01-06,1,120,480.505,true,usual,"),
  VALUE_TOO_LARGE: row("2020-01-06,3000000000,120,480.50,true,usual,"),
  VALUE_OUT_OF_RANGE: row("2020-01-06,1,-1,480.50,true,usual,"),
  VALUE_NOT_ALLOWED: row("2020-01-06,1,120,480.50,true,Usual,"),
  VALUE_NOT_MATCHING: row("2020-01-06,1,120,480.50,true,event,x7"),
  DATE_OUTSIDE_FILE: row("2020-01-04,1,120,480.50,true,usual,"),
  RULE_BROKEN: row("2020-01-06,1,0,480.50,true,usual,"),
  KEY_NOT_UNIQUE: visits(HEADER, RIGHT, OTHER, "2020-01-06,01,121,0,true,usual,", "2020-01-06,3,1,4,true,usual,"),
};
