import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { readReportData } from "./data.ts";

/** Writes the published numbers as one HTML file, whole or not at all. @returns its absolute path */
export async function writeReport(dataset: Dataset, warehouse: string, file: string): Promise<string> {
  const target = path.resolve(file);
  const data = await readReportData(dataset, warehouse);
  // The charts' library takes longer to load than a run that changes nothing.
  const { page } = await import("./page.ts");
  const html = page(dataset, data);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(`${target}.tmp`, html);
  await rename(`${target}.tmp`, target);
  return target;
}
