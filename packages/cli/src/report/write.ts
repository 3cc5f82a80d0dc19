import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { readReportData } from "./data.ts";

/** Writes the published numbers as one HTML file, whole or not at all. @returns its absolute path */
export async function writeReport(dataset: Dataset, warehouse: string, file: string): Promise<string> {
  const target = path.resolve(file);
  const data = await readReportData(dataset, warehouse);
  // The charts' library takes longer to load than a run that changes nothing.
  const { page } = await import("./page.ts");
  const html = page(dataset, data);
  await mkdir(path.dirname(target), { recursive: true });
  const next = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(next, html);
    await rename(next, target);
  } catch (cause) {
    await rm(next, { force: true });
    const { message } = cause as Error;
    throw new SalesEtlError(`the report cannot be written to ${target}: ${message}`, {
      code: "REPORT_NOT_WRITABLE",
      path: target,
      cause,
    });
  }
  return target;
}
