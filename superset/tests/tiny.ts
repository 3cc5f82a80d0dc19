/** One Superset for all tests that only read: over the warehouse of the fixture that was worked out by hand. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { runDates } from "../../packages/cli/src/engine/run.ts";
import { stateOf } from "../../packages/cli/test/support/warehouse.ts";
import { makeSuperset, type Superset } from "./superset.ts";

const python = process.env.SALES_ETL_SUPERSET_PYTHON ?? "";
const tiny = path.resolve(import.meta.dirname, "../../spark/tests/fixtures/tiny");
const dates = ["2017-06-30", "2017-07-01", "2017-07-02", "2017-07-03", "2017-07-04"];

/** By hand, see the fixture's README: the header, and a row for each week, store and product. */
export const expected = readFileSync(path.join(tiny, "expected_weekly_fact.csv"), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split(","));

/** The sum of a column of the fact by week, over the rows that `only` takes. */
export function sums(column: string, only: (cell: (name: string) => string) => boolean = () => true) {
  const [header = [], ...rows] = expected;
  const found = new Map<number, number>();
  for (const row of rows) {
    const cell = (name: string) => row[header.indexOf(name)] ?? "";
    const week = Number(cell("yr_wk_num"));
    found.set(week, (found.get(week) ?? 0) + (only(cell) ? Number(cell(column)) : 0));
  }
  return found;
}

let folder = "";
let superset: Superset | undefined;
let starting: Promise<Superset> | undefined;

async function start(): Promise<Superset> {
  folder = mkdtempSync(path.join(tmpdir(), "sales-etl-bi-"));
  const warehouse = path.join(folder, "warehouse");
  await runDates({ dataset: retail, landing: path.join(tiny, "landing"), warehouse, dates });
  superset = await makeSuperset(python, path.join(warehouse, stateOf(warehouse).database.file));
  superset.prepare();
  await superset.start();
  return superset;
}

/** Starts it for the first test that asks; it is stopped after the last test of all. */
export const tinySuperset = (): Promise<Superset> => {
  starting ??= start();
  return starting;
};

after(() => {
  superset?.stop();
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});
