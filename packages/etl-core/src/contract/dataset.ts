import { SalesEtlError } from "../errors.ts";
import type { Fact } from "../measures/fact.ts";
import type { Table } from "./table.ts";

/** Tables that are exported, checked and published together, and the fact that is made of them. */
export interface Dataset {
  /** Lower case; names generated files. */
  readonly name: string;
  readonly title: string;
  /** Where the numbers come from; shown beside them. */
  readonly attribution: string | null;
  readonly tables: readonly Table[];
  readonly fact: Fact;
}

/** Declares a data set; everything the fact names must exist. */
export function defineDataset(args: Omit<Dataset, "attribution"> & { readonly attribution?: string }): Dataset {
  const dataset = { ...args, attribution: args.attribution ?? null };
  const { fact } = dataset;
  const expect = (table: string, columns: readonly string[]) => {
    const found = tableOf(dataset, table);
    for (const column of columns) {
      if (found.columns[column] === undefined) {
        throw new SalesEtlError(`${fact.name}: the table ${table} has no column ${column}`, {
          code: "CONTRACT_INVALID",
          path: `${fact.name}.${table}.${column}`,
        });
      }
    }
  };
  expect(fact.calendar.table, [fact.calendar.date, fact.calendar.period]);
  expect(fact.flow.table, [fact.flow.date, ...fact.keys]);
  if (fact.stock !== null) expect(fact.stock.table, [fact.stock.date, ...fact.keys]);
  for (const { table, column } of fact.measures.flatMap((measure) => ("of" in measure ? [measure.of] : []))) {
    expect(table, [column]);
  }
  return dataset;
}

/** @throws {SalesEtlError} CONTRACT_NO_TABLE with the names that exist. */
export function tableOf(dataset: Dataset, name: string): Table {
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
