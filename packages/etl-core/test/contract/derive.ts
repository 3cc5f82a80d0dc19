/**
 * Writes everything that is derived from both data sets, for checks that are not written in TypeScript:
 * FOLDER/<data set>/<format>/<file>, and what the source's procedure says to the database, one JSON text a statement.
 *
 *     node --conditions=@sales-etl/source packages/etl-core/test/contract/derive.ts FOLDER
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rideData } from "../../../cli/test/support/rides.ts";
import { exportContract, exportFormats } from "../../src/exporters/index.ts";
import { retail } from "../../src/retail/index.ts";
import { oneFile, runProcedure, threeRows } from "./run-procedure.ts";

/** The business date of the statements; the tests' rows are of this day and the one before. */
const date = "2020-01-31";

export function derive(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const dataset of [retail, rideData]) {
    const place = path.join(folder, dataset.name);
    for (const format of exportFormats) {
      for (const [file, text] of exportContract(dataset, format)) write(path.join(place, format, file), text);
    }
    const [sql = ""] = exportContract(dataset, "snowflake").values();
    const nothingOfTheFirst = (to: string, statement: string) =>
      to.startsWith(`${dataset.tables[0]?.name}/`) && !statement.includes("SINGLE = TRUE")
        ? []
        : oneFile(to, statement);
    const none = (statement: string) =>
      threeRows(statement).map((value) => (statement.includes(` FROM ${dataset.tables[0]?.name} `) ? "0" : value));
    const run = runProcedure(sql, date, nothingOfTheFirst, none);
    write(path.join(place, "procedure.json"), JSON.stringify({ date, ...run }));
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("derive.ts FOLDER");
  derive(folder);
}
