import { rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { makeFolder } from "../folder.ts";
import { readReportData } from "./data.ts";

export interface ReportArgs {
  readonly dataset: Dataset;
  readonly warehouse: string;
  /** @default `report.html` in the warehouse */
  readonly file?: string | undefined;
  /** @default the newest period that has rows */
  readonly period?: number | undefined;
}

export interface WrittenReport {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  /** The period shown; null where none has rows. */
  readonly period: number | null;
}

/**
 * Writes the published numbers as one HTML file, whole or not at all.
 * @throws {SalesEtlError} NOTHING_PUBLISHED, WEEK_NOT_PUBLISHED, REPORT_NOT_WRITABLE
 */
export async function writeReport(args: ReportArgs): Promise<WrittenReport> {
  const { dataset, warehouse } = args;
  const target = path.resolve(args.file ?? path.join(warehouse, "report.html"));
  const data = await readReportData(dataset, warehouse, args.period ?? null);
  // The charts' library takes longer to load than a run that changes nothing.
  const { page } = await import("./page.ts");
  const html = page(data);
  const next = `${target}.${process.pid}.tmp`;
  if ((await stat(target).catch(() => null))?.isDirectory() === true) {
    throw new SalesEtlError(`${target} is a folder: name the file that the report shall be`, {
      code: "REPORT_NOT_WRITABLE",
      path: target,
    });
  }
  try {
    await makeFolder(path.dirname(target));
    await writeFile(next, html);
    await rename(next, target);
  } catch (cause) {
    await rm(next, { force: true }).catch(() => {});
    const { message } = cause as Error;
    throw new SalesEtlError(`the report cannot be written to ${target}: ${message}`, {
      code: "REPORT_NOT_WRITABLE",
      path: target,
      cause,
    });
  }
  return { file: target, bytes: Buffer.byteLength(html), period: data.numbers?.periods.shown.period ?? null };
}
