/** Where the Spark program and what it needs lie: in a checkout as they are, in the published package as a copy. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** The published package has the program beside this file; `npm run build` copies it there. */
const packed = path.join(import.meta.dirname, "program");

/** The root of the checkout that this file lies in; null in a published package. */
export const checkout: string | null = existsSync(packed)
  ? null
  : path.join(import.meta.dirname, "..", "..", "..", "..");

/** The folder with `main.py`, `sales_etl_spark` and the locked requirements. */
export const programFolder = checkout === null ? packed : path.join(checkout, "spark");

/** For what is fetched once: beside a checkout's other caches; for a published package in the user's. */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  checkout === null
    ? path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "sales-etl")
    : path.join(checkout, ".cache");
