import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { openEngine } from "../src/engine/duckdb.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";

describe("sales-etl", function () {
  // Each command is a process of its own.
  this.timeout("60s");

  it("has help for itself and for every command", async () => {
    const { code, stdout } = await salesEtl("--help");
    expect(code).to.equal(0);
    for (const name of ["run", "validate", "report", "manifest", "export"]) {
      expect(stdout).to.contain(`  ${name} `);
      expect((await salesEtl(name, "--help")).stdout).to.contain(`Usage: sales-etl ${name} [options]`);
    }
  });

  const range = ["validate", "--landing", "x"];
  const usageErrors: Readonly<Record<string, readonly [args: readonly string[], message: string, path: string]>> = {
    "an unknown command": [["fly"], "unknown command 'fly'", "fly"],
    "an unknown option": [[...range, "--fast"], "unknown option '--fast'", "--fast"],
    "a missing option": [
      ["validate", "--date", "2020-01-06"],
      "required option '--landing <dir>' not specified",
      "--landing",
    ],
    "a missing argument": [["query", "--warehouse", "x"], "missing required argument 'sql'", "sql"],
    "an engine that is not there": [
      ["run", "--landing", "x", "--warehouse", "y", "--engine", "abacus"],
      "Allowed choices are duckdb",
      "--engine",
    ],
    "no date": [range, "which dates? --date D, or --from A --to B", "--date"],
    "an unpadded date": [[...range, "--date", "2020-1-6"], "--date 2020-1-6: not a day of the calendar", "--date"],
    "a range without an end": [
      [...range, "--from", "2020-01-01", "--to", "9999-12-31"],
      "a range has at most 7305",
      "--to",
    ],
    "a range backwards": [
      [...range, "--from", "2020-01-07", "--to", "2020-01-06"],
      "--from 2020-01-07 is later",
      "--from",
    ],
    "a week that is no number": [
      ["explain", "--warehouse", "x", "--week", "last", "--store", "1", "--product", "1"],
      "--week last: yr_wk_num is a whole number",
      "--week",
    ],
  };
  for (const [title, [args, message, where]] of Object.entries(usageErrors)) {
    it(`refuses ${title}: exit 2, for people on stderr, for programs as JSON`, async () => {
      const people = await salesEtl(...args);
      expect([people.code, people.stdout]).to.deep.equal([2, ""]);
      expect(people.stderr).to.contain(message);
      const program = await salesEtl(...args, "--json");
      expect([program.code, program.stderr]).to.deep.equal([2, ""]);
      const { error } = JSON.parse(program.stdout);
      expect(error).to.have.all.keys("code", "message", "path").and.include({ code: "USAGE", path: where });
      expect(error.message).to.contain(message);
    });
  }

  it("lists its commands where none is given", async () => {
    const people = await salesEtl();
    expect([people.code, people.stdout]).to.deep.equal([2, ""]);
    expect(people.stderr).to.contain("Usage: sales-etl");
  });

  it("says that a file is no folder, and what to name instead", async () => {
    const file = path.join(scratch(), "sales.csv");
    writeFileSync(file, "day,qty\n");
    const init = await salesEtl("init", file, "--json");
    expect([init.code, JSON.parse(init.stdout).error]).to.deep.equal([
      2,
      {
        code: "INIT_NO_FOLDER",
        message: `${file} is a file: name the folder that it lies in, all files of which are looked at`,
        path: file,
      },
    ]);
    const run = await salesEtl("run", "--landing", file, "--warehouse", "x", "--date", "2020-01-06", "--json");
    expect([run.code, JSON.parse(run.stdout).error]).to.deep.equal([
      2,
      { code: "LANDING_NOT_FOUND", message: `${file} is a file: name the folder where exports arrive`, path: file },
    ]);
  });
});

describe("sales-etl validate", () => {
  const landing = scratch();

  it("gives the report of a date as promised, and an array for a range", async () => {
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1.005,1.00" });
    const { code, stdout } = await salesEtl("validate", "--landing", landing, "--date", "2020-01-06", "--json");
    expect(code).to.equal(1);
    const report = JSON.parse(stdout);
    expect(report).to.include({ businessDate: "2020-01-06", verdict: "rejected" });
    expect(report.files[0]).to.deep.equal({
      table: "sales",
      file: "sales/dt=2020-01-06/sales_2020-01-06.csv",
      rowsRead: 1,
      rowsAccepted: 0,
      rowsRejected: 1,
      verdict: "rejected",
      problems: [
        {
          code: "TOO_MANY_ROWS_REJECTED",
          line: null,
          column: null,
          value: null,
          message: "1 of 1 rows are wrong (100.0 %); sales tolerates 2.0 %",
        },
        {
          code: "VALUE_TOO_PRECISE",
          line: 2,
          column: "sales_qty",
          value: "1.005",
          message:
            "More digits after the point than the column stores; it is not rounded. Round it at the source. Expected decimal(18,2), from -100000.00, up to 100000.00.",
        },
      ],
      problemsOmitted: 0,
    });
    const range = await salesEtl(
      "validate",
      "--landing",
      landing,
      "--from",
      "2020-01-06",
      "--to",
      "2020-01-07",
      "--json",
    );
    expect(JSON.parse(range.stdout).map(({ verdict }: { verdict: string }) => verdict)).to.deep.equal([
      "rejected",
      "incomplete",
    ]);
  });

  it("tells what is missing, what is not named and what has a wrong name", async () => {
    await land(landing, "2020-01-08");
    const folder = path.join(landing, "sales", "dt=2020-01-08");
    writeFileSync(path.join(folder, "sales_2020-1-8.csv"), "");
    writeFileSync(path.join(folder, "sales_2020-01-08.part2.csv"), "");
    rmSync(path.join(landing, "store", "dt=2020-01-08"), { recursive: true });
    const { code, stdout } = await salesEtl("validate", "--landing", landing, "--date", "2020-01-08", "--json");
    expect(code).to.equal(1);
    const { verdict, problems } = JSON.parse(stdout);
    expect(verdict).to.equal("incomplete");
    expect(
      problems.map(({ code: name, severity, file }: { code: string; severity: string; file: string }) => [
        name,
        severity,
        file,
      ]),
    ).to.deep.equal([
      ["FILE_MISSING", "error", "store/dt=2020-01-08/store_2020-01-08.csv"],
      ["FILE_NOT_IN_MANIFEST", "warning", "sales/dt=2020-01-08/sales_2020-01-08.part2.csv"],
      ["FILE_NAME_WRONG", "warning", "sales/dt=2020-01-08/sales_2020-1-8.csv"],
    ]);
  });

  it("rejects a file that is not the one that was exported", async () => {
    await land(landing, "2020-01-09", { sales: "1,10,1,2020-01-09,1,1.00" });
    const file = path.join(landing, "sales", "dt=2020-01-09", "sales_2020-01-09.csv");
    writeFileSync(file, readFileSync(file, "utf8").replace("1.00", "9.00"));
    const { stdout } = await salesEtl("validate", "--landing", landing, "--date", "2020-01-09", "--json");
    expect(JSON.parse(stdout).files[0].problems[0].code).to.equal("SHA256_DIFFERS");
  });

  it("says that a landing is not there, not that its files are late", async () => {
    const { code, stdout } = await salesEtl(
      "validate",
      "--landing",
      path.join(landing, "typo"),
      "--date",
      "2020-01-06",
      "--json",
    );
    expect([code, JSON.parse(stdout).error.code]).to.deep.equal([2, "LANDING_NOT_FOUND"]);
  });

  it("accepts a day without sales", async () => {
    await land(landing, "2020-01-10", { sales: "" });
    expect((await salesEtl("validate", "--landing", landing, "--date", "2020-01-10")).code).to.equal(0);
  });
});

describe("sales-etl manifest", () => {
  it("names the table it finds no file of", async () => {
    const landing = scratch();
    await land(landing, "2020-01-06", { inventory: null });
    const { code, stdout } = await salesEtl("manifest", "--landing", landing, "--date", "2020-01-06", "--json");
    expect(code).to.equal(2);
    expect(JSON.parse(stdout).error).to.deep.include({ code: "TABLE_MISSING", path: "inventory/dt=2020-01-06/" });
  });

  it("leaves it to a person which of two exports counts, and keeps the source's own manifest", async () => {
    const landing = scratch();
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1,1.00" });
    const folder = path.join(landing, "sales", "dt=2020-01-06");
    mkdirSync(path.join(folder, "export=e2"));
    writeFileSync(
      path.join(folder, "export=e2", "sales_2020-01-06.csv"),
      readFileSync(path.join(folder, "sales_2020-01-06.csv")),
    );
    const two = await salesEtl("manifest", "--landing", landing, "--date", "2020-01-06", "--json");
    expect([two.code, JSON.parse(two.stdout).error.code]).to.deep.equal([2, "EXPORT_AMBIGUOUS"]);
    rmSync(path.join(folder, "export=e2"), { recursive: true });
    const manifest = path.join(landing, "_manifest", "dt=2020-01-06", "manifest.json");
    writeFileSync(manifest, '{"version": 1, "businessDate": "2020-01-06", "files": []}');
    const own = await salesEtl("manifest", "--landing", landing, "--date", "2020-01-06", "--json");
    expect([own.code, JSON.parse(own.stdout).error.code]).to.deep.equal([2, "MANIFEST_EXISTS"]);
  });

  it("refuses to vouch for a file that cannot be read to its end", async () => {
    const landing = scratch();
    await land(landing, "2020-01-06", { inventory: null });
    const folder = path.join(landing, "inventory", "dt=2020-01-06");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "inventory_2020-01-06.csv"), 'cal_dt,"store_key\n');
    const { code, stderr } = await salesEtl("manifest", "--landing", landing, "--date", "2020-01-06");
    expect(code).to.equal(2);
    expect(stderr).to.contain("inventory/dt=2020-01-06/inventory_2020-01-06.csv:1 cannot be read to its end");
  });
});

describe("sales-etl export", () => {
  it("exports what validate accepts: quotes, line ends, empty and exact values", async () => {
    const folder = scratch();
    const file = path.join(folder, "oltp.duckdb");
    const database = await openEngine(file);
    await database.run(`CREATE TABLE sales AS SELECT 9007199254740993 AS trans_id, 10 AS prod_key, 1 AS store_key, DATE '2020-01-06' AS trans_dt, 8 AS trans_time,
      CAST(1 AS DECIMAL(18,2)) AS sales_qty, CAST(0.1 AS DECIMAL(18,2)) AS sales_price, CAST(0.1 AS DECIMAL(18,2)) AS sales_amt, NULL::DECIMAL(18,2) AS discount,
      NULL::DECIMAL(18,2) AS sales_cost, NULL::DECIMAL(18,2) AS sales_mgrn, NULL::DECIMAL(18,2) AS ship_cost`);
    await database.run(
      "CREATE TABLE inventory AS SELECT DATE '2020-01-05' AS cal_dt, 1 AS store_key, 10 AS prod_key, 1.00 AS inventory_on_hand_qty, 0.00 AS inventory_on_order_qty, 0 AS out_of_stock_flg, 0.00 AS waste_qty, true AS promotion_flg, NULL::DATE AS next_delivery_dt",
    );
    const nulls = (names: string) =>
      names
        .split(" ")
        .map((name) => `NULL::VARCHAR AS ${name}`)
        .join(", ");
    await database.run(
      `CREATE TABLE store AS SELECT 1 AS store_key, 'The "corner",\nmain street' AS store_desc, ${nulls("store_num addr city region cntry_cd cntry_nm postal_zip_cd prov_state_desc prov_state_cd store_type_cd store_type_desc frnchs_flg store_size market_key market_name submarket_key submarket_name latitude longitude")}`,
    );
    await database.run(
      `CREATE TABLE product AS SELECT 10 AS prod_key, ${nulls("prod_name vol wgt brand_name status_code status_code_name category_key category_name subcategory_key subcategory_name")}`,
    );
    await database.run(
      `CREATE TABLE calendar AS SELECT DATE '2020-01-06' AS cal_dt, 1 AS day_of_wk_num, 2020 AS yr_num, 2 AS wk_num, 202002 AS yr_wk_num, ${nulls("cal_type_desc day_of_wk_desc mnth_num yr_mnth_num qtr_num yr_qtr_num")}`,
    );
    database.close();
    const landing = path.join(folder, "landing");
    const { code, stdout } = await salesEtl(
      "export",
      "--database",
      file,
      "--landing",
      landing,
      "--date",
      "2020-01-06",
      "--json",
    );
    expect(code, stdout).to.equal(0);
    expect(
      JSON.parse(stdout).files.map(({ table, rows }: { table: string; rows: number }) => [table, rows]),
    ).to.deep.equal([
      ["sales", 1],
      ["inventory", 0],
      ["store", 1],
      ["product", 1],
      ["calendar", 1],
    ]);
    const manifest = JSON.parse(stdout);
    const prefix = `sales/dt=2020-01-06/export=${manifest.exportId}`;
    expect(manifest.files[0].file).to.equal(`${prefix}/sales_2020-01-06_0_0_0.csv`);
    // As the database counts them: 1 unit for 0.10; nothing in stock.
    expect(manifest.totals.sales).to.include({ sales_qty: "1.00", sales_amt: "0.10", sales_cost: "0.00" });
    expect(manifest.totals.inventory.inventory_on_hand_qty).to.equal("0.00");
    const sales = readFileSync(path.join(landing, manifest.files[0].file), "utf8").split("\n");
    expect(sales[1]).to.equal("9007199254740993,10,1,2020-01-06,8,1.00,0.10,0.10,,,,");
    expect((await salesEtl("validate", "--landing", landing, "--date", "2020-01-06")).code).to.equal(0);

    // Once more: the same rows are no second export; other rows are one beside the first, in parts.
    const again = (...more: string[]) =>
      salesEtl("export", "--database", file, "--landing", landing, "--date", "2020-01-06", ...more);
    const second = await again();
    expect([second.code, second.stderr]).to.deep.equal([0, "2020-01-06  4 rows  unchanged\n"]);
    const changed = await openEngine(file);
    await changed.run("INSERT INTO sales BY NAME SELECT * REPLACE (7 AS trans_id) FROM sales");
    changed.close();
    const third = JSON.parse((await again("--part-rows", "1", "--json")).stdout);
    expect(third.exportId).not.to.equal(manifest.exportId);
    expect(
      third.files.slice(0, 2).map(({ file: key, rows }: { file: string; rows: number }) => [path.basename(key), rows]),
    ).to.deep.equal([
      ["sales_2020-01-06_0_0_0.csv", 1],
      ["sales_2020-01-06_0_1_0.csv", 1],
    ]);
    expect(readdirSync(path.join(landing, "sales", "dt=2020-01-06")).sort()).to.deep.equal([
      `export=${manifest.exportId}`,
      `export=${third.exportId}`,
    ]);
    const checked = await salesEtl("validate", "--landing", landing, "--date", "2020-01-06", "--json");
    expect(checked.code, checked.stdout).to.equal(0);
    expect(JSON.parse(checked.stdout).problems[0]).to.include({ code: "FILE_NOT_IN_MANIFEST", severity: "warning" });
    expect((await again("--part-rows", "none")).code).to.equal(2);
  }).timeout("120s");

  it("names a database that is not there", async () => {
    const { code, stderr } = await salesEtl(
      "export",
      "--database",
      "none.duckdb",
      "--landing",
      "x",
      "--date",
      "2020-01-06",
    );
    expect(code).to.equal(2);
    expect(stderr).to.contain("there is no database none.duckdb");
  });

  it("names a file that is no database", async () => {
    const folder = scratch();
    const file = path.join(folder, "notes.txt");
    writeFileSync(file, "a shopping list");
    const what = ["--landing", path.join(folder, "landing"), "--date", "2020-01-06", "--json"];
    const { code, stdout } = await salesEtl("export", "--database", file, ...what);
    expect([code, JSON.parse(stdout).error.code, JSON.parse(stdout).error.path]).to.deep.equal([
      ...[2, "DATABASE_UNREADABLE", file],
    ]);
  });
});
