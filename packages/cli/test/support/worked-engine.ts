/** The worked landing as tables of an engine, for SQL that is compared with the fact's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { duckdb, factSql, sqlType } from "@sales-etl/etl-core/sql";
import { type Engine, openEngine, quoted } from "../../src/engine/duckdb.ts";
import { workedLanding } from "./worked.ts";

/** The five tables, `touched_periods` with every week of the calendar, and `weekly_fact`. */
export async function workedEngine(): Promise<Engine> {
  const engine = await openEngine(":memory:");
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-worked-"));
  try {
    for (const { name, columns, load } of retail.tables) {
      const types = Object.entries(columns).map(
        ([column, { type }]) => `${quoted(column)}: ${quoted(sqlType(type, duckdb))}`,
      );
      const texts = Object.values(workedLanding()).map((tables) => tables[name] ?? "");
      const files = (load === "snapshot" ? texts.slice(-1) : texts).map((text, index) => {
        const file = path.join(folder, `${name}-${index}.csv`);
        writeFileSync(file, text);
        return quoted(file);
      });
      await engine.run(
        `CREATE TABLE ${name} AS FROM read_csv([${files.join(", ")}], header = true, columns = {${types.join(", ")}})`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  await engine.run("CREATE VIEW touched_periods AS SELECT DISTINCT yr_wk_num FROM calendar");
  await computeWorkedFact(engine);
  return engine;
}

/** Again, after a change of the tables. */
export const computeWorkedFact = (engine: Engine): Promise<void> =>
  engine.run(`CREATE OR REPLACE TABLE weekly_fact AS ${factSql(retail)}`);
