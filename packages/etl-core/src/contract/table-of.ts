import { SalesEtlError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import type { Table } from "./table.ts";

/** @throws {SalesEtlError} CONTRACT_NO_TABLE with the names that exist. */
export function tableOf(dataset: Pick<Dataset, "name" | "tables">, name: string): Table {
  const table = dataset.tables.find((candidate) => candidate.name === name);
  if (table === undefined) {
    const names = dataset.tables.map((candidate) => candidate.name).join(", ");
    throw new SalesEtlError(`there is no table ${name} in ${dataset.name}: ${names}`, {
      code: "CONTRACT_NO_TABLE",
      path: name,
    });
  }
  return table;
}

/** The table that says what a key of the fact is: a snapshot with this key alone. */
export const describing = ({ tables }: Pick<Dataset, "tables">, key: string): Table | undefined =>
  tables.find((table) => table.load === "snapshot" && table.key?.length === 1 && table.key[0] === key);
