import path from "node:path";
import { expect } from "chai";
import { oneFile, runProcedure, threeRows } from "../../test/contract/run-procedure.ts";
import { defineTable, text, withLoads } from "../contract/index.ts";
import { isFileOf, parseManifest } from "../landing/index.ts";
import { retail } from "../retail/index.ts";
import { relationsOf } from "./relation.ts";
import { snowflakeSql } from "./snowflake.ts";
import { fromSql } from "./snowflake-procedure.ts";

const date = "2017-06-30";
const sql = snowflakeSql(retail, relationsOf(retail));
const run = (answer = oneFile, day = date, count = threeRows) => runProcedure(sql, day, answer, count);
/** As many rows of sales as a test unloads. */
const salesRows = (rows: number) => (statement: string) =>
  statement.includes(" FROM sales ") ? [String(rows), ...threeRows(statement).slice(1)] : threeRows(statement);

describe("the Snowflake export", () => {
  it("unloads every table into a folder of the export's own, then the manifest, last", () => {
    const { statements } = run();
    const places = statements.map((statement) => /'@retail_landing\/([^']+)'/.exec(statement)?.[1] ?? "");
    const exportId = /export=([0-9]{8}T[0-9]{9}Z)\//.exec(places[0] ?? "")?.[1];
    expect(places).to.deep.equal([
      ...["sales", "inventory", "store", "product", "calendar"].map(
        (table) => `${table}/dt=${date}/export=${exportId}/${table}_${date}`,
      ),
      `_manifest/dt=${date}/manifest.json`,
    ]);
  });

  it("takes the day's rows of daily tables and all rows of the others", () => {
    const [sales, inventory, store] = run().statements;
    expect(sales).to.contain("FROM sales WHERE trans_dt = TO_DATE('2017-06-30', 'YYYY-MM-DD'))");
    expect(inventory).to.contain("FROM inventory WHERE cal_dt = TO_DATE('2017-06-30', 'YYYY-MM-DD'))");
    expect(store).to.match(/ FROM store\) FILE_FORMAT/);
    for (const option of ["HEADER = TRUE", "DETAILED_OUTPUT = TRUE", "OVERWRITE = TRUE"])
      expect(sales).to.contain(option);
  });

  it("takes the rows of all days up to the date where the deployment says that the source delivers them so", () => {
    const dumps = withLoads(retail, { sales: "cumulative" });
    const [sales, inventory] = runProcedure(
      snowflakeSql(dumps, relationsOf(dumps)),
      date,
      oneFile,
      threeRows,
    ).statements;
    expect(sales).to.contain("FROM sales WHERE trans_dt <= TO_DATE('2017-06-30', 'YYYY-MM-DD'))");
    expect(inventory).to.contain("FROM inventory WHERE cal_dt = TO_DATE('2017-06-30', 'YYYY-MM-DD'))");
  });

  it("writes a manifest that the gate reads, with rows and bytes of every part", () => {
    const { manifest, statements } = run(
      (to, statement) =>
        to.startsWith("sales/")
          ? [0, 1].map((part) => ({
              name: `${path.basename(to)}_0_${part}_0.csv.gz`,
              bytes: 100 + part,
              rows: 10 + part,
            }))
          : oneFile(to, statement),
      date,
      salesRows(21),
    );
    const parsed = parseManifest(JSON.stringify(manifest), date);
    expect(parsed.files.slice(0, 2).map(({ rows, bytes }) => [rows, bytes])).to.deep.equal([
      [10, 100],
      [11, 101],
    ]);
    expect(parsed.files).to.have.length(6);
    for (const { table, file } of parsed.files) {
      expect(isFileOf(table, date, path.basename(file)), file).to.equal(true);
      expect(path.dirname(file)).to.equal(`${table}/dt=${date}/export=${parsed.exportId}`);
    }
    expect(statements.at(-1)).to.contain(`PARSE_JSON('${JSON.stringify(manifest)}')`);
  });

  it("says of a day without sales that it had none, by the header alone", () => {
    const { manifest, statements } = run(
      (to, statement) => (statement.includes("FROM sales") ? [] : oneFile(to, statement)),
      date,
      salesRows(0),
    );
    expect(parseManifest(JSON.stringify(manifest), date).files[0]).to.include({ table: "sales", rows: 0, bytes: 120 });
    expect(statements[1]).to.match(
      /sales_2017-06-30\.csv\.gz' FROM \(SELECT 'trans_id', 'prod_key'.*HEADER = FALSE SINGLE = TRUE/,
    );
  });

  it("has control totals of every decimal column, digit by digit, as the database counts them", () => {
    const { manifest, counts } = run();
    expect(counts[2]).to.equal(
      "SELECT TO_VARCHAR(COUNT(*)), TO_VARCHAR(COALESCE(SUM(inventory_on_hand_qty), 0)), " +
        "TO_VARCHAR(COALESCE(SUM(inventory_on_order_qty), 0)), TO_VARCHAR(COALESCE(SUM(waste_qty), 0)) " +
        "FROM inventory WHERE cal_dt = TO_DATE('2017-06-30', 'YYYY-MM-DD')",
    );
    const { totals } = parseManifest(JSON.stringify(manifest), date);
    expect(totals?.inventory).to.deep.equal({
      inventory_on_hand_qty: "0.50",
      inventory_on_order_qty: "1.50",
      waste_qty: "2.50",
    });
    expect(Object.keys(totals ?? {})).to.deep.equal(["sales", "inventory", "store", "product"]);
  });

  it("writes no manifest when rows change while they are exported", () => {
    let calls = 0;
    const moving = (statement: string) => {
      const values = [...threeRows(statement)];
      if (statement.includes(" FROM inventory ")) {
        calls += 1;
        values[1] = String(calls);
      }
      return values;
    };
    expect(() => run(oneFile, date, moving)).to.throw("the rows of inventory changed while they were exported");
    expect(() => run(oneFile, date, salesRows(4))).to.throw("the rows of sales changed while they were exported");
  });

  it("writes no manifest when a table cannot be unloaded", () => {
    const statements: string[] = [];
    expect(() =>
      run((to, statement) => {
        statements.push(to);
        return to.startsWith("store/") ? [] : oneFile(to, statement);
      }),
    ).to.throw("COPY named no file of store");
    expect(statements.filter((to) => to.startsWith("_manifest"))).to.deep.equal([]);
  });

  it("refuses what is no day, before any statement", () => {
    expect(() => run(oneFile, "2017-6-30'; DROP TABLE sales; --")).to.throw("no day written YYYY-MM-DD");
  });

  it("calls the procedure for the day that ended in the company's time zone", () => {
    const paris = snowflakeSql(retail, relationsOf(retail), { timeZone: "Europe/Paris", cron: "15 1 * * *" });
    expect(paris).to.contain("SCHEDULE = 'USING CRON 15 1 * * * Europe/Paris'");
    expect(paris).to.contain("DATEADD('day', -1, CONVERT_TIMEZONE('Europe/Paris', CURRENT_TIMESTAMP()))");
  });

  it("refuses daily rows that say no day", () => {
    const table = defineTable({
      ...{
        name: "notes",
        title: "Notes",
        description: "Notes",
        grain: "one row per note",
        load: "delta",
        tolerance: 0,
      },
      columns: { note: text("Note") },
    });
    expect(() => fromSql(table))
      .to.throw("table notes: the rows of a day cannot be told")
      .with.property("code", "EXPORT_NOT_POSSIBLE");
  });
});
