import path from "node:path";
import { expect } from "chai";
import { oneFile, runProcedure } from "../../test/contract/run-procedure.ts";
import { defineTable, text } from "../contract/index.ts";
import { isFileOf, parseManifest } from "../landing/index.ts";
import { retail } from "../retail/index.ts";
import { relationsOf } from "./relation.ts";
import { snowflakeSql } from "./snowflake.ts";
import { fromSql } from "./snowflake-procedure.ts";

const date = "2017-06-30";
const sql = snowflakeSql(retail, relationsOf(retail));
const run = (answer = oneFile, day = date) => runProcedure(sql, day, answer);

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

  it("writes a manifest that the gate reads, with rows and bytes of every part", () => {
    const { manifest, statements } = run((to, statement) =>
      to.startsWith("sales/")
        ? [0, 1].map((part) => ({
            name: `${path.basename(to)}_0_${part}_0.csv.gz`,
            bytes: 100 + part,
            rows: 10 + part,
          }))
        : oneFile(to, statement),
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
    const { manifest, statements } = run((to, statement) =>
      statement.includes("FROM sales") ? [] : oneFile(to, statement),
    );
    expect(parseManifest(JSON.stringify(manifest), date).files[0]).to.include({ table: "sales", rows: 0, bytes: 120 });
    expect(statements[1]).to.match(
      /sales_2017-06-30\.csv\.gz' FROM \(SELECT 'trans_id', 'prod_key'.*HEADER = FALSE SINGLE = TRUE/,
    );
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
