import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { salesEtl } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { stateOf } from "./support/warehouse.ts";
import { errorOf, inProcess } from "./support/workspace.ts";

describe("sales-etl query", () => {
  const { folder, landing, warehouse, run } = inProcess();
  const query = (sql: string, ...options: string[]) => salesEtl("query", "--warehouse", warehouse, sql, ...options);
  let rows = "";

  before(async () => {
    await land(landing, "2020-01-06", {
      sales: "9007199254740993,10,1,2020-01-06,2,5.00\n2,11,1,2020-01-06,1,1.10",
      product: '10,"Tea, ""green"""\n11,',
    });
    await run("2020-01-06");
    rows = path.join(warehouse, stateOf(warehouse).dates["2020-01-06"]?.tables.sales ?? "");
    writeFileSync(path.join(folder, "secret.csv"), "secret\n1\n");
  });

  const join = "SELECT trans_id, sales_amt, prod_name FROM sales JOIN product_dim USING (prod_key) ORDER BY trans_id";

  it("prints a table, CSV or JSON with every digit", async () => {
    expect((await query(join)).stdout).to.equal(
      [
        "        trans_id  sales_amt  prod_name",
        "────────────────  ─────────  ───────────",
        "               2       1.10",
        '9007199254740993       5.00  Tea, "green"\n',
      ]
        .join("\n")
        .replace("───────────\n", "────────────\n"),
    );
    expect((await query(join, "--format", "csv")).stdout).to.equal(
      'trans_id,sales_amt,prod_name\n2,1.10,\n9007199254740993,5.00,"Tea, ""green"""\n',
    );
    const json = [
      { trans_id: "2", sales_amt: "1.10", prod_name: null },
      { trans_id: "9007199254740993", sales_amt: "5.00", prod_name: 'Tea, "green"' },
    ];
    for (const option of [["--json"], ["--format", "json"]]) {
      expect(JSON.parse((await query(join, ...option)).stdout)).to.deep.equal(json);
    }
    expect((await query("SELECT 1 AS a, '' AS b WHERE false", "--format", "csv")).stdout).to.equal("a,b\n");
    expect((await query("SELECT 1 WHERE false", "--json")).stdout).to.equal("[]\n");
  });

  it("has every relation, each once", async () => {
    const names =
      "sales inventory store_dim product_dim calendar_dim weekly_fact weekly_fact_with_dimensions weekly_fact_brief quarantine runs receipts quality_warnings";
    const counts = names.split(" ").map((name) => `(SELECT COUNT(*) FROM ${name}) AS ${name}`);
    const [found] = JSON.parse((await query(`SELECT ${counts.join(", ")}`, "--json")).stdout);
    expect(Object.values(found).join(" ")).to.equal("2 0 1 2 5 2 2 2 0 1 1 0");
    const shown: { name: string }[] = JSON.parse((await query("SHOW TABLES", "--json")).stdout);
    expect(shown.map(({ name }) => name)).to.deep.equal(names.split(" ").sort());
  });

  it("refuses whatever is not one SELECT, or reads anything else", async function () {
    this.timeout("120s");
    const other = path.join(folder, "secret.csv");
    const hostile: Readonly<Record<string, string>> = {
      "INSERT INTO weekly_fact SELECT * FROM weekly_fact": "QUERY_NOT_READ_ONLY",
      "DELETE FROM weekly_fact": "QUERY_NOT_READ_ONLY",
      "UPDATE weekly_fact SET sales_qty = 0": "QUERY_NOT_READ_ONLY",
      "WITH t AS (SELECT * FROM weekly_fact) INSERT INTO weekly_fact SELECT * FROM t": "QUERY_NOT_READ_ONLY",
      "DROP TABLE weekly_fact": "QUERY_NOT_READ_ONLY",
      "CREATE TEMP TABLE t AS SELECT 1": "QUERY_NOT_READ_ONLY",
      "SELECT 1; DROP TABLE weekly_fact": "QUERY_NOT_READ_ONLY",
      [`COPY (SELECT 1 AS a) TO '${rows}' (FORMAT parquet, USE_TMP_FILE false)`]: "QUERY_NOT_READ_ONLY",
      [`COPY weekly_fact TO '${other}'`]: "QUERY_FAILED",
      [`EXPLAIN ANALYZE COPY (SELECT 1 AS a) TO '${rows}' (FORMAT parquet, USE_TMP_FILE false)`]: "QUERY_NOT_READ_ONLY",
      [`ATTACH '${path.join(folder, "new.duckdb")}'`]: "QUERY_NOT_READ_ONLY",
      "DETACH warehouse": "QUERY_NOT_READ_ONLY",
      "INSTALL httpfs": "QUERY_NOT_READ_ONLY",
      "LOAD httpfs": "QUERY_NOT_READ_ONLY",
      "SET enable_external_access = true": "QUERY_NOT_READ_ONLY",
      "CALL checkpoint()": "QUERY_NOT_READ_ONLY",
      "": "QUERY_NOT_READ_ONLY",
      "/* nothing */": "QUERY_FAILED",
      [`SELECT * FROM '${other}'`]: "QUERY_FAILED",
      [`SELECT * FROM read_text('${other}')`]: "QUERY_FAILED",
      [`SELECT * FROM read_csv('${other}')`]: "QUERY_FAILED",
      [`SELECT * FROM glob('${folder}/*')`]: "QUERY_FAILED",
      [`SELECT * FROM read_json('${path.join(warehouse, "current.json")}')`]: "QUERY_FAILED",
      "SELECT * FROM read_parquet('https://example.com/x.parquet')": "QUERY_FAILED",
      "SELECT * FROM no_such_table": "QUERY_FAILED",
      SELEC: "QUERY_FAILED",
    };
    const before = [rows, other].map((file) => readFileSync(file));
    for (const [sql, code] of Object.entries(hostile)) {
      const { code: exit, stdout } = await query(sql, "--json");
      expect([exit, errorOf(stdout).code], sql).to.deep.equal([2, code]);
    }
    expect([rows, other].map((file) => readFileSync(file))).to.deep.equal(before);
  });

  it("is locked twice: settings alone hold where the kind of statement were not looked at", async () => {
    const { openReader } = await import("../src/engine/reader.ts");
    const { retail } = await import("@sales-etl/etl-core/retail");
    const reader = await openReader(retail, warehouse);
    try {
      const settings = await reader.rows(
        "SELECT name, value FROM duckdb_settings() WHERE name IN ('enable_external_access', 'lock_configuration', 'autoload_known_extensions') ORDER BY name",
      );
      expect(settings.map(({ value }) => value)).to.deep.equal(["false", "false", "true"]);
      const [database] = await reader.rows("SELECT readonly FROM duckdb_databases() WHERE database_name = 'warehouse'");
      expect(database?.readonly).to.equal(true);
    } finally {
      reader.close();
    }
  });

  it("says that nothing is published, and what is damaged", async () => {
    const none = await salesEtl("query", "--warehouse", path.join(folder, "none"), "SELECT 1", "--json");
    expect([none.code, errorOf(none.stdout).code]).to.deep.equal([2, "NOTHING_PUBLISHED"]);
  });
});
