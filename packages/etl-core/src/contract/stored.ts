/** The columns of a table as they are stored: those of the contract, and what it keeps of others. */
import type { ColumnSpec } from "./column.ts";
import type { Table } from "./table.ts";

/**
 * Of tables that keep columns which the contract does not know (`drift: "keep"`): one text column with all of them as a JSON
 * object of texts, without those that are empty; NULL where there is none. One column, whatever the source adds: the stored
 * schema changes once, when the table begins to keep, and not whenever the source likes.
 */
export const EXTRA_COLUMNS = "extra_columns";

const extra: ColumnSpec = {
  sourceType: "varchar",
  type: "string",
  nullable: true,
  description: "Columns of the file that the contract does not know, as a JSON object of texts",
};

/** The table with {@link EXTRA_COLUMNS} where it keeps them; else the table itself. */
export function storedTable(table: Table): Table {
  if (table.drift !== "keep" || table.columns[EXTRA_COLUMNS] !== undefined) return table;
  return {
    ...table,
    columns: { ...table.columns, [EXTRA_COLUMNS]: extra },
    columnNames: [...table.columnNames, EXTRA_COLUMNS],
  };
}
