-- Generated from the contract by sales-etl. Do not edit.
-- Run in the schema of the tables, by the role that shall own the export.

-- NULL is an empty field, an empty text is "": the two stay different. Texts are quoted, backslashes are data.
CREATE OR REPLACE FILE FORMAT retail_csv
  TYPE = CSV
  COMPRESSION = GZIP
  FIELD_OPTIONALLY_ENCLOSED_BY = '"'
  ESCAPE = NONE
  ESCAPE_UNENCLOSED_FIELD = NONE
  NULL_IF = ('')
  DATE_FORMAT = 'YYYY-MM-DD';

CREATE STAGE IF NOT EXISTS retail_landing
  URL = 's3://sales-etl-example-landing/'
  STORAGE_INTEGRATION = sales_etl_landing;

CREATE OR REPLACE PROCEDURE retail_export(BUSINESS_DATE VARCHAR)
  RETURNS VARIANT
  LANGUAGE JAVASCRIPT
  EXECUTE AS OWNER
AS
$$
  const tables = [
    { name: "sales", from: "sales WHERE trans_dt = TO_DATE('{date}', 'YYYY-MM-DD')", columns: [
      "trans_id", "prod_key", "store_key", "trans_dt", "trans_time", "sales_qty", "sales_price", "sales_amt", "discount", "sales_cost", "sales_mgrn", "ship_cost"
    ], totals: ["sales_qty", "sales_price", "sales_amt", "discount", "sales_cost", "sales_mgrn", "ship_cost"] },
    { name: "inventory", from: "inventory WHERE cal_dt = TO_DATE('{date}', 'YYYY-MM-DD')", columns: [
      "cal_dt", "store_key", "prod_key", "inventory_on_hand_qty", "inventory_on_order_qty", "out_of_stock_flg", "waste_qty", "promotion_flg", "next_delivery_dt"
    ], totals: ["inventory_on_hand_qty", "inventory_on_order_qty", "waste_qty"] },
    { name: "store", from: "store", columns: [
      "store_key", "store_num", "store_desc", "addr", "city", "region", "cntry_cd", "cntry_nm", "postal_zip_cd", "prov_state_desc", "prov_state_cd", "store_type_cd", "store_type_desc", "frnchs_flg", "store_size", "market_key", "market_name", "submarket_key", "submarket_name", "latitude", "longitude"
    ], totals: ["store_size", "latitude", "longitude"] },
    { name: "product", from: "product", columns: [
      "prod_key", "prod_name", "vol", "wgt", "brand_name", "status_code", "status_code_name", "category_key", "category_name", "subcategory_key", "subcategory_name"
    ], totals: ["vol", "wgt"] },
    { name: "calendar", from: "calendar", columns: [
      "cal_dt", "cal_type_desc", "day_of_wk_num", "day_of_wk_desc", "yr_num", "wk_num", "yr_wk_num", "mnth_num", "yr_mnth_num", "qtr_num", "yr_qtr_num"
    ], totals: [] }
  ];
  const date = BUSINESS_DATE;
  if (!/^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/.test(date)) throw new Error("no day written YYYY-MM-DD: " + date);
  // A folder of its own: OVERWRITE would leave the parts of a longer, earlier export behind.
  const exportId = new Date().toISOString().replace(/[^0-9TZ]/g, "");
  const text = (value) => "'" + value.replace(/\\/g, "\\\\").replace(/'/g, "''") + "'";

  function copy(to, select, options) {
    const result = snowflake.execute({ sqlText: "COPY INTO '@retail_landing/" + to + "' FROM (" + select + ") " + options });
    const files = [];
    while (result.next()) {
      const [name, bytes, rows] = [1, 2, 3].map((column) => result.getColumnValue(column));
      if (name) files.push({ name: String(name).split("/").pop(), bytes: Number(bytes), rows: Number(rows) });
    }
    return files;
  }

  // Rows and control totals as the database counts them; as text, for JavaScript would round them.
  function count(table, from) {
    const sums = table.totals.map((column) => "TO_VARCHAR(COALESCE(SUM(" + column + "), 0))");
    const result = snowflake.execute({ sqlText: "SELECT " + ["TO_VARCHAR(COUNT(*))"].concat(sums).join(", ") + " FROM " + from });
    result.next();
    return ["rows"].concat(table.totals).map((name, index) => [name, result.getColumnValue(index + 1)]);
  }

  const csv = "FILE_FORMAT = (FORMAT_NAME = 'retail_csv') OVERWRITE = TRUE DETAILED_OUTPUT = TRUE ";
  const files = [];
  const totals = {};
  for (const table of tables) {
    const folder = table.name + "/dt=" + date + "/export=" + exportId + "/";
    const prefix = folder + table.name + "_" + date;
    // Plain columns: a cast would repair silently what the checks are there to reject.
    const select = "SELECT " + table.columns.join(", ") + " FROM " + table.from.replace("{date}", date);
    const counted = count(table, table.from.replace("{date}", date));
    let unloaded = copy(prefix, select, csv + "HEADER = TRUE MAX_FILE_SIZE = 268435456");
    if (unloaded.length === 0) {
      // COPY writes no file for no row; the header alone says that the day had none, and is no data row itself.
      const header = "SELECT " + table.columns.map(text).join(", ");
      unloaded = copy(prefix + ".csv.gz", header, csv + "HEADER = FALSE SINGLE = TRUE").map((file) => ({ ...file, rows: 0 }));
    }
    if (unloaded.length === 0) throw new Error("COPY named no file of " + table.name);
    // Each statement reads what is committed at its own time: only if nothing moved do the sums belong to the files.
    const again = count(table, table.from.replace("{date}", date));
    const rows = unloaded.reduce((sum, file) => sum + file.rows, 0);
    if (JSON.stringify(again) !== JSON.stringify(counted) || String(rows) !== counted[0][1]) {
      throw new Error("the rows of " + table.name + " changed while they were exported; call the procedure again");
    }
    if (table.totals.length > 0) totals[table.name] = Object.fromEntries(counted.slice(1));
    for (const file of unloaded) {
      files.push({ table: table.name, file: folder + file.name, rows: file.rows, bytes: file.bytes });
    }
  }
  const manifest = { version: 1, businessDate: date, exportId, files, totals };
  copy(
    "_manifest/dt=" + date + "/manifest.json",
    "SELECT PARSE_JSON(" + text(JSON.stringify(manifest)) + ")",
    "FILE_FORMAT = (TYPE = JSON COMPRESSION = NONE) OVERWRITE = TRUE SINGLE = TRUE"
  );
  return manifest;
$$;

CREATE OR REPLACE TASK retail_export_nightly
  WAREHOUSE = sales_etl
  SCHEDULE = 'USING CRON 30 0 * * * UTC'
AS
  CALL retail_export(TO_VARCHAR(DATEADD('day', -1, CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())), 'YYYY-MM-DD'));

-- A new task is suspended.
ALTER TASK retail_export_nightly RESUME;
