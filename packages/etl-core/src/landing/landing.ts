import type { Readable } from "node:stream";

export interface LandingObject {
  /** Relative to the landing's root, with `/`: `sales/dt=2017-06-30/sales_2017-06-30.csv`. */
  readonly key: string;
  readonly bytes: number;
}

/**
 * Where exports arrive: a folder ({@link folderLanding}) or a bucket ({@link s3Landing}). Read-only: what landed is
 * never changed.
 */
export interface Landing {
  /** For messages: a folder's path or `s3://bucket/prefix`. */
  readonly uri: string;
  /** All objects whose key begins with `prefix`, sorted by key; never a truncated list. */
  list(prefix: string): Promise<readonly LandingObject[]>;
  /** The bytes of one object as they lie there (still compressed). Rejects with LANDING_OBJECT_NOT_FOUND. */
  open(key: string): Promise<Readable>;
}

/** A business date, `YYYY-MM-DD`: the day that ended in the company's time zone. */
export type BusinessDate = string;

/** The folder of one table on one date. */
export const tablePrefix = (table: string, date: BusinessDate): string => `${table}/dt=${date}/`;

export const manifestPrefix = "_manifest/";

export const manifestKey = (date: BusinessDate): string => `${manifestPrefix}dt=${date}/manifest.json`;

/** The report of the checks lies beside the manifest. */
export const reportKey = (date: BusinessDate): string => `${manifestPrefix}dt=${date}/report.json`;
