/** Which table and column of a contract each of somebody's tables and columns becomes. */
import type { StoredType } from "@sales-etl/etl-core/contract";
import { contractName, type KnownTable, knownColumns, namesKey } from "./names.ts";
import type { SeenColumn, SeenTable } from "./tables.ts";

export interface MappedColumn {
  /** In the contract. */
  readonly to: string;
  readonly seen: SeenColumn;
  readonly type: StoredType;
  /** Its name is known: it means what the retail contract's column means. */
  readonly known: boolean;
}

export interface MappedTable {
  readonly to: string;
  /** The table of the retail contract that it is taken for. */
  readonly known: KnownTable | null;
  readonly seen: SeenTable;
  readonly columns: readonly MappedColumn[];
}

const numeric = (type: StoredType) => type === "int" || type === "bigint" || type.startsWith("decimal");

/** What a known column must at least be. */
function suits(column: string, { type, oneOf }: SeenColumn): boolean {
  if (/_dt$/.test(column)) return type === "date";
  if (column === "promotion_flg") return type === "boolean" || oneOf !== undefined;
  if (column === "out_of_stock_flg") return type === "int";
  if (/_key$|_id$/.test(column)) return type === "int" || type === "bigint" || type === "string";
  if (/qty|amt|price|discount|cost|mgrn/.test(column)) return numeric(type);
  if (/_num$|_time$/.test(column)) return type === "int";
  return true;
}

/** Quantities and money are decimals, also where all of them happen to be whole. */
const typeFor = (column: string | undefined, type: StoredType): StoredType =>
  column !== undefined && /qty|amt|price|discount|cost|mgrn/.test(column) && (type === "int" || type === "bigint")
    ? "decimal(18,2)"
    : type;

function mapped(seen: SeenTable, to: string, known: KnownTable | null): MappedTable {
  const names = seen.columns.map(({ name }) => name);
  const meant = known === null ? new Map<string, string>() : knownColumns(known, names);
  const taken = new Set<string>();
  const columns = seen.columns.map((column): MappedColumn => {
    const meaning = meant.get(column.name);
    // A day column that was not taken for the day of the row is another one.
    const isKnown = meaning !== undefined && suits(meaning, column);
    const target = isKnown ? meaning : contractName(column.name, new Set([...taken, ...meant.values()]));
    taken.add(target);
    return { to: target, seen: column, type: typeFor(isKnown ? meaning : undefined, column.type), known: isKnown };
  });
  return { to, known, seen, columns };
}

function dimensionKind({ columns, key }: SeenTable): KnownTable | null {
  // A list by store and product is no list of stores.
  if (key?.length !== 1) return null;
  const names = columns.map(({ name }) => name);
  for (const kind of ["store", "product"] as const) {
    if (knownColumns(kind, names).get(key[0] ?? "") === `${kind === "store" ? "store" : "prod"}_key`) return kind;
  }
  return null;
}

/** How much a table speaks of sales. */
function salesWords({ columns, name }: SeenTable): number {
  const known = [
    ...knownColumns(
      "sales",
      columns.map((one) => one.name),
    ).values(),
  ];
  const words = ["sales_qty", "sales_amt", "prod_key", "store_key", "trans_id"].filter((one) => known.includes(one));
  return words.length + (/sale|trans|verk|umsatz|order|receipt|invoice|venta|vent/i.test(name) ? 2 : 0);
}

/** Keys that two tables share must be of one type to be joined. */
function sameKeys(tables: readonly MappedTable[]): readonly MappedTable[] {
  const types = new Map<string, StoredType>();
  const rank = (type: StoredType) => ["int", "bigint", "string"].indexOf(type);
  for (const { columns } of tables) {
    for (const { to, type, seen, known } of columns) {
      if (rank(type) < 0 || !(known ? /_key$/.test(to) : namesKey(seen.name))) continue;
      const before = types.get(to);
      if (before === undefined || rank(type) > rank(before)) types.set(to, type);
    }
  }
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => {
      const type = types.get(column.to);
      return type === undefined || rank(column.type) < 0 ? column : { ...column, type };
    }),
  }));
}

export interface Mapping {
  readonly tables: readonly MappedTable[];
  /** null: no table has a day and numbers. */
  readonly flow: MappedTable | null;
  readonly stock: MappedTable | null;
  readonly calendar: MappedTable | null;
  readonly leftOut: readonly SeenTable[];
}

export function mappingOf(seen: readonly SeenTable[]): Mapping {
  const flows = seen
    .filter(({ role }) => role === "flow")
    .sort((a, b) => salesWords(b) - salesWords(a) || b.rows - a.rows);
  const flowTable = flows[0];
  const stockTable = seen.find(({ role }) => role === "stock");
  const calendarTable = seen.find(({ role }) => role === "calendar");
  const taken = new Set<string>();
  const tables: MappedTable[] = [];
  const add = (table: SeenTable, kind: KnownTable | null) => {
    const known = kind !== null && !taken.has(kind) ? kind : null;
    const to =
      known ?? contractName(table.name, new Set([...taken, "sales", "inventory", "store", "product", "calendar"]));
    taken.add(to);
    tables.push(mapped(table, to, known));
  };
  if (flowTable !== undefined) add(flowTable, "sales");
  if (stockTable !== undefined) add(stockTable, "inventory");
  for (const table of seen.filter(({ role }) => role === "dimension")) add(table, dimensionKind(table));
  if (calendarTable !== undefined) add(calendarTable, "calendar");
  for (const table of seen) {
    const isMore = table !== stockTable && table.role === "stock";
    if ((table.role === "flow" && table !== flowTable) || isMore) add(table, null);
  }
  const same = sameKeys(tables);
  const found = (name: string) => same.find(({ to }) => to === name) ?? null;
  return {
    tables: same,
    flow: found("sales"),
    stock: found("inventory"),
    calendar: found("calendar"),
    leftOut: seen.filter((table) => !tables.some((one) => one.seen === table)),
  };
}
