/** How an Iceberg table gets from the columns that it has to those of the contract, without losing a row. */
export { type ColumnShape, evolveTable, type TableEvolution, type TableShape } from "./table-evolution.ts";
