/**
 * One meaning on two engines: the Spark job and the embedded engine make the same fact and reject the same rows, cell by
 * cell, on rows worked by hand, on real ones with faults, and on a data set that neither knows by name.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { sparkContract } from "@sales-etl/etl-core/generate";
import { businessDates } from "@sales-etl/etl-core/landing";
import { factColumns } from "@sales-etl/etl-core/measures";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { landSample } from "../../packages/cli/samples/land.ts";
import { openEngine, quoted } from "../../packages/cli/src/engine/duckdb.ts";
import { runDates } from "../../packages/cli/src/engine/run.ts";
import { ensureJars, jarsFolder } from "../../packages/cli/src/spark/jars.ts";
import { landText } from "../../packages/cli/test/support/landing.ts";
import { rideData, rideFact, rideLanding } from "../../packages/cli/test/support/rides.ts";
import { factLines, query, stateOf } from "../../packages/cli/test/support/warehouse.ts";
import { workedDates, workedFact, workedLanding } from "../../packages/cli/test/support/worked.ts";
import { pythonEnvironment } from "../../scripts/python/environment.ts";
import { root } from "../../scripts/test/process.ts";
import { fewRows, runLocalSpark } from "../local.ts";

/** Spark's fact, sorted as {@link factLines} sorts; its period is in the folders' names. */
async function sparkFact(warehouse: string, dataset: Dataset): Promise<string[]> {
  const { name, calendar, keys, measures } = dataset.fact;
  const columns = [calendar.period, ...keys, ...measures.map((measure) => measure.name)];
  const engine = await openEngine(":memory:");
  try {
    const files = quoted(path.join(warehouse, name, "*.parquet"));
    const rows = await engine.rows(`SELECT ${columns.join(", ")} FROM read_parquet(${files}) ORDER BY 1, 2, 3`);
    return [columns.join(","), ...rows.map((row) => Object.values(row).join(","))];
  } finally {
    engine.close();
  }
}

describe("the Spark job and the embedded engine", function () {
  this.timeout("300s");
  let folder: string;
  let python: string;
  let jars: readonly string[];
  before(async function () {
    const found = await pythonEnvironment("spark", "spark/requirements.txt");
    if (typeof found !== "string") this.skip();
    else python = found;
    jars = await ensureJars(jarsFolder(root));
    folder = mkdtempSync(path.join(tmpdir(), "sales-etl-parity-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function both(
    dataset: Dataset,
    landing: string,
    dates: readonly string[],
  ): Promise<{ embedded: string; spark: string }> {
    const home = mkdtempSync(path.join(folder, `${dataset.name}-`));
    const warehouses = { embedded: path.join(home, "embedded"), spark: path.join(home, "spark") };
    const contract = path.join(home, "contract.json");
    writeFileSync(contract, JSON.stringify(sparkContract(dataset)));
    await runDates({ dataset, landing, warehouse: warehouses.embedded, dates });
    const range = ["--from", dates[0] ?? "", "--to", dates.at(-1) ?? ""];
    const folders = ["--contract", contract, "--landing", landing, "--warehouse", path.join(home, "iceberg")];
    const tables = [dataset.fact.name, "quarantine"].map((name) => [name, path.join(warehouses.spark, name)]);
    const run = {
      arguments: [...folders, "--run-id", "parity", ...range],
      ...{ code: 0, catalog: "local", database: dataset.name, tables: Object.fromEntries(tables) },
    };
    const { code, output } = await runLocalSpark({
      python,
      jars,
      conf: fewRows,
      program: path.join("tests", "parity_runs.py"),
      args: [],
      stdin: JSON.stringify([run]),
    });
    expect(code, output).to.equal(0);
    return warehouses;
  }

  it("make the fact that was worked out by hand", async () => {
    const tiny = path.join(import.meta.dirname, "fixtures", "tiny");
    const expected = readFileSync(path.join(tiny, "expected_weekly_fact.csv"), "utf8").trimEnd().split("\n");
    const warehouses = await both(retail, path.join(tiny, "landing"), businessDates("2017-06-30", "2017-07-04"));
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(expected);
    expect(await factLines(warehouses.embedded)).to.deep.equal(expected);
  });

  it("make the measures that were worked out by hand", async () => {
    const landing = path.join(folder, "worked-landing");
    for (const [date, text] of Object.entries(workedLanding())) await landText(retail, landing, date, text);
    const warehouses = await both(retail, landing, workedDates);
    const expected = [factColumns(retail.fact).join(","), ...workedFact];
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(expected);
    expect(await factLines(warehouses.embedded)).to.deep.equal(expected);
  });

  it("make the same fact of real days over the end of a week, one of them with faults, and reject the same rows", async () => {
    const dates = businessDates("2017-12-29", "2017-12-30");
    const sample = path.join(folder, "sample");
    await landSample(sample, dates, () => {});
    const warehouses = await both(retail, path.join(sample, "landing"), dates);
    const fact = await factLines(warehouses.embedded);
    expect(fact.length).to.be.greaterThan(1000);
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(fact);

    const quarantine = stateOf(warehouses.embedded).dates["2017-12-29"]?.quarantine ?? "";
    const embedded = await query(
      warehouses.embedded,
      [quarantine],
      `SELECT "table" || ' ' || file || ' ' || line || ' ' || "column" || ' ' || code || ' ' || value || ' ' || message AS problem FROM rows ORDER BY 1`,
    );
    const engine = await openEngine(":memory:");
    try {
      const rejected = await engine.rows(
        `SELECT table_name || ' ' || file_name || ' ' || line_num || ' ' || column_name || ' ' || problem_code || ' ' || field_value || ' ' || message AS problem
         FROM read_parquet(${quoted(path.join(warehouses.spark, "quarantine", "*.parquet"))}) ORDER BY 1`,
      );
      expect(rejected).to.deep.equal(embedded);
      expect(rejected).to.have.length(5);
    } finally {
      engine.close();
    }
  });

  it("make the fact of a data set that neither knows by name", async () => {
    const landing = path.join(folder, "rides-landing");
    for (const [date, text] of Object.entries(rideLanding)) await landText(rideData, landing, date, text);
    const warehouses = await both(rideData, landing, Object.keys(rideLanding).sort());
    expect(await sparkFact(warehouses.spark, rideData)).to.deep.equal(rideFact);
    expect(await factLines(warehouses.embedded)).to.deep.equal(rideFact);
  });
});
