import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { exportContract } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";

const DATE = "2020-01-06";
const HEADER =
  "trans_id,prod_key,store_key,trans_dt,trans_time,sales_qty,sales_price,sales_amt,discount,sales_cost,sales_mgrn,ship_cost";

describe("the reader of landed files for DuckDB", () => {
  let folder: string;
  let engine: Engine;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "sales-etl-reader-"));
    engine = await openEngine(":memory:");
    for (const [, sql] of exportContract(retail, "duckdb")) await engine.run(sql);
  });
  after(() => {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const landed = (name: string, text: string): string => {
    const file = path.join(folder, "sales", `dt=${DATE}`, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return `${file}`;
  };

  it("gives the rows of several files as text, by name whatever the order of their columns", async () => {
    landed(`sales_${DATE}.part1.csv`, `${HEADER}\n30000000000,7,1,${DATE},9,2.00,1.5,3.00,0,1,2,0\n`);
    const [first = "", ...rest] = HEADER.split(",");
    landed(`sales_${DATE}.part2.csv`, `${[...rest, first].join(",")}\n8,1,${DATE},,1.6,,"1.60",,,,,30000000001\n`);
    const rows = await engine.rows(
      `SELECT trans_id, prod_key, trans_time, sales_qty, sales_amt, _business_date FROM landed_sales('${folder}/sales/*/*.csv') ORDER BY 1`,
    );
    expect(rows).to.deep.equal([
      {
        ...{ trans_id: "30000000000", prod_key: "7", trans_time: "9" },
        ...{ sales_qty: "2.00", sales_amt: "3.00", _business_date: DATE },
      },
      {
        ...{ trans_id: "30000000001", prod_key: "8", trans_time: null },
        ...{ sales_qty: "1.6", sales_amt: "1.60", _business_date: DATE },
      },
    ]);
  });

  it("types what is right, and repairs nothing: what is wrong has its code", async () => {
    const file = landed(
      `sales_${DATE}.csv`,
      [
        HEADER,
        `30000000000,7,1,${DATE},9,2.00,1.50,3.00,0.00,1.00,2.00,0.00`,
        // What a cast makes 2, 1.01 and 1000.
        `1,1.6,1,${DATE},9,2.00,1.50,3.00,0.00,1.00,2.00,0.00`,
        `2,7,1,${DATE},9,1.005,1.50,3.00,0.00,1.00,2.00,0.00`,
        `3,7,1,${DATE},9,1e3,1.50,3.00,0.00,1.00,2.00,0.00`,
        // A day that is later than the file's.
        "4,7,1,2020-01-07,9,2.00,1.50,3.00,0.00,1.00,2.00,0.00",
        "",
      ].join("\n"),
    );
    const rows = await engine.rows(
      `SELECT trans_id, CAST(SUM(sales_amt) OVER () AS VARCHAR) AS amt, TYPEOF(sales_amt) AS type, _problems FROM checked_sales('${file}') ORDER BY 1`,
    );
    const shared = { amt: "15.00", type: "DECIMAL(18,2)" };
    expect(rows.map((row) => ({ ...row, trans_id: Number(row.trans_id) }))).to.deep.equal([
      { trans_id: 1, ...shared, _problems: "prod_key=VALUE_NOT_INTEGER" },
      { trans_id: 2, ...shared, _problems: "sales_qty=VALUE_TOO_PRECISE" },
      { trans_id: 3, ...shared, _problems: "sales_qty=VALUE_NOT_DECIMAL" },
      { trans_id: 4, ...shared, _problems: "trans_dt=DATE_OUTSIDE_FILE" },
      { trans_id: 30000000000, ...shared, _problems: "" },
    ]);
  });

  it("refuses a file that lacks a column, or that is ragged", async () => {
    const [ragged, narrow] = [path.join(folder, "ragged.csv"), path.join(folder, "narrow.csv")];
    writeFileSync(ragged, `${HEADER}\n1,2,3\n`);
    writeFileSync(narrow, "trans_id,prod_key\n1,2\n");
    for (const file of [ragged, narrow]) {
      const error = await engine.rows(`SELECT * FROM landed_sales('${file}')`).catch((cause: Error) => cause);
      expect(error, file).to.be.instanceOf(Error);
    }
  });
});
