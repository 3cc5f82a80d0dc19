/** The body of the source's export procedure, in the JavaScript that Snowflake runs. */
import type { Table } from "../contract/index.ts";
import { SalesEtlError } from "../errors.ts";
import { totalColumns } from "../validate/totals.ts";

/** Where the business date goes in {@link fromSql}. */
export const DATE_PLACE = "{date}";

/**
 * What follows FROM for the rows of a business date.
 * @throws {SalesEtlError} EXPORT_NOT_POSSIBLE for a table of daily rows that says no day
 */
export function fromSql({ name, load, dated }: Table): string {
  switch (load) {
    case "snapshot":
      return name;
    case "delta":
    case "cumulative":
      if (dated === null) {
        throw new SalesEtlError(`table ${name}: the rows of a day cannot be told without a dated column`, {
          code: "EXPORT_NOT_POSSIBLE",
          path: `${name}.dated`,
        });
      }
      return `${name} WHERE ${dated.column} ${load === "delta" ? "=" : "<="} TO_DATE('${DATE_PLACE}', 'YYYY-MM-DD')`;
  }
}

export interface ProcedureSettings {
  readonly stage: string;
  readonly fileFormat: string;
  readonly maxFileBytes: number;
}

const quotedNames = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");

const entry = (table: Table) =>
  `    { name: "${table.name}", from: "${fromSql(table)}", columns: [
      ${quotedNames(table.columnNames)}
    ], totals: [${quotedNames([...totalColumns(table).keys()])}] }`;

/**
 * JavaScript over Snowflake's `snowflake` and the argument `BUSINESS_DATE`; returns the manifest. What COPY says about its
 * files (DETAILED_OUTPUT: name, bytes, rows, in this order) becomes the manifest, which is written last: a date is there
 * whole or not at all.
 */
export const procedureBody = (
  tables: readonly Table[],
  { stage, fileFormat, maxFileBytes }: ProcedureSettings,
): string => `
  const tables = [
${tables.map(entry).join(",\n")}
  ];
  const date = BUSINESS_DATE;
  if (!/^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/.test(date)) throw new Error("no day written YYYY-MM-DD: " + date);
  // A folder of its own: OVERWRITE would leave the parts of a longer, earlier export behind.
  const exportId = new Date().toISOString().replace(/[^0-9TZ]/g, "");
  const text = (value) => "'" + value.replace(/\\\\/g, "\\\\\\\\").replace(/'/g, "''") + "'";

  function copy(to, select, options) {
    const result = snowflake.execute({ sqlText: "COPY INTO '@${stage}/" + to + "' FROM (" + select + ") " + options });
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

  const csv = "FILE_FORMAT = (FORMAT_NAME = '${fileFormat}') OVERWRITE = TRUE DETAILED_OUTPUT = TRUE ";
  const files = [];
  const totals = {};
  for (const table of tables) {
    const folder = table.name + "/dt=" + date + "/export=" + exportId + "/";
    const prefix = folder + table.name + "_" + date;
    // Plain columns: a cast would repair silently what the checks are there to reject.
    const select = "SELECT " + table.columns.join(", ") + " FROM " + table.from.replace("${DATE_PLACE}", date);
    const counted = count(table, table.from.replace("${DATE_PLACE}", date));
    let unloaded = copy(prefix, select, csv + "HEADER = TRUE MAX_FILE_SIZE = ${maxFileBytes}");
    if (unloaded.length === 0) {
      // COPY writes no file for no row; the header alone says that the day had none, and is no data row itself.
      const header = "SELECT " + table.columns.map(text).join(", ");
      unloaded = copy(prefix + ".csv.gz", header, csv + "HEADER = FALSE SINGLE = TRUE").map((file) => ({ ...file, rows: 0 }));
    }
    if (unloaded.length === 0) throw new Error("COPY named no file of " + table.name);
    // Each statement reads what is committed at its own time: only if nothing moved do the sums belong to the files.
    const again = count(table, table.from.replace("${DATE_PLACE}", date));
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
`;
