/**
 * What real exports bring: one day of the sample with a few faults, so that a first run shows what happens to them.
 * Each replaces the text of one field of one line in the exported CSV.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export const FAULTY_DATE = "2017-12-29";

interface Fault {
  readonly table: "sales" | "inventory";
  /** Physical line, the header being 1. */
  readonly line: number;
  readonly column: string;
  readonly value: string;
}

export const faults: readonly Fault[] = [
  // A till that writes thousands with a comma; a basket without its store.
  { table: "sales", line: 18, column: "sales_amt", value: '"1,050.00"' },
  { table: "sales", line: 57, column: "store_key", value: "" },
  // A scale that counts in grams; a person's date; a flag of another system.
  { table: "inventory", line: 102, column: "inventory_on_hand_qty", value: "3.125" },
  { table: "inventory", line: 731, column: "next_delivery_dt", value: "02/01/2018" },
  { table: "inventory", line: 1200, column: "out_of_stock_flg", value: "Y" },
];

/** Applies the faults to the exported files of {@link FAULTY_DATE}; no field in front of them has a comma. */
export function spoil(landing: string): void {
  for (const table of ["sales", "inventory"] as const) {
    const folder = path.join(landing, table, `dt=${FAULTY_DATE}`);
    const file = path.join(folder, `${table}_${FAULTY_DATE}.csv`);
    const lines = readFileSync(file, "utf8").split("\n");
    const header = lines[0]?.split(",") ?? [];
    for (const fault of faults.filter((one) => one.table === table)) {
      const fields = lines[fault.line - 1]?.split(",") ?? [];
      fields[header.indexOf(fault.column)] = fault.value;
      lines[fault.line - 1] = fields.join(",");
    }
    writeFileSync(file, lines.join("\n"));
  }
  // A second export of the day under a name without the zero: named in the report, not read.
  const sales = path.join(landing, "sales", `dt=${FAULTY_DATE}`);
  writeFileSync(path.join(sales, "sales_2017-12-9.csv"), readFileSync(path.join(sales, `sales_${FAULTY_DATE}.csv`)));
}
