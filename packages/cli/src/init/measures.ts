/** The measures that can be computed of somebody's columns: the retail ones where the columns mean the same, else sums. */
import type { Dataset, StoredType } from "@sales-etl/etl-core/contract";
import { decimalOf } from "@sales-etl/etl-core/contract";
import { columnsOf, type Daily, type Measure, partsOf } from "@sales-etl/etl-core/measures";
import type { MappedColumn, MappedTable } from "./mapping.ts";
import { namesKey } from "./names.ts";

export interface ProposedMeasures {
  readonly daily: readonly Daily[];
  readonly measures: readonly Measure[];
}

const scaleOf = (type: StoredType | undefined) => decimalOf(type ?? "")?.scale ?? 2;

/** A price or a share adds up to nothing. */
const ADDS_NOT = /price|preis|prix|rate|pct|percent|share|ratio|quote|%|year|jahr|month|monat|week|woche|hour/i;

/** Numbers of the flow that a sum makes sense of, as far as their names say. */
const addable = (columns: readonly MappedColumn[], knows: (column: string) => boolean) =>
  columns.filter(({ to, known, type, seen }) => {
    if (known || namesKey(seen.name) || ADDS_NOT.test(seen.name)) return false;
    // Where quantity and amount are known, other whole numbers are more likely numbers of something.
    return (
      type.startsWith("decimal") || (type === "int" && seen.oneOf === undefined && !knows("sales_qty") && to !== "")
    );
  });

const sumOf = ({ to, seen, type }: MappedColumn): Measure => ({
  ...{ name: to, title: seen.name, kind: "sum", of: { table: "sales", column: to } },
  type: type === "int" ? "bigint" : type,
  ...{ unit: seen.name, formula: `sum of ${seen.name}` },
});

export function measuresFor(retail: Dataset, flow: MappedTable, stock: MappedTable | null): ProposedMeasures {
  const tables = new Map([flow, ...(stock === null ? [] : [stock])].map((table) => [table.to, table]));
  const columnOf = ({ table, column }: { table: string; column: string }) =>
    tables.get(table)?.columns.find(({ to, known }) => known && to === column);
  const there = (one: Measure | Daily) => columnsOf(one).every((ref) => columnOf(ref) !== undefined);
  const daily: Daily[] = [];
  const flag = (name: string) =>
    daily.some((one) => one.name === name) || columnOf({ table: "inventory", column: name }) !== undefined;
  const quantity = scaleOf(columnOf({ table: "sales", column: "sales_qty" })?.type);
  const money = scaleOf(columnOf({ table: "sales", column: "sales_amt" })?.type);
  for (const one of retail.fact.daily ?? []) {
    if (stock === null || !there(one)) continue;
    if (one.kind === "flow-where" && flag(one.flag)) daily.push({ ...one, type: `decimal(18,${money})` });
    if (one.kind === "below") daily.push(one);
    if (one.kind === "shortfall" && flag(one.below)) daily.push({ ...one, type: `decimal(18,${quantity})` });
    if (one.kind === "shortfall-value" && flag(one.shortfall)) daily.push(one);
  }
  const measures: Measure[] = [];
  for (const one of retail.fact.measures) {
    if (!there(one) || (stock === null && one.kind !== "sum" && one.kind !== "ratio")) continue;
    if (!partsOf(one).every((part) => measures.some(({ name }) => name === part))) continue;
    if (one.kind === "daily-sum") {
      if (!one.of.every(flag)) continue;
      const from = daily.find(({ name }) => name === one.of[0]);
      measures.push({ ...one, type: from?.type ?? one.type });
    } else if (one.kind === "sum" || one.kind === "last") {
      measures.push({ ...one, type: columnOf(one.of)?.type ?? one.type });
    } else measures.push(one);
  }
  const knows = (column: string) => columnOf({ table: "sales", column }) !== undefined;
  const names = new Set([...measures.map(({ name }) => name), ...daily.map(({ name }) => name)]);
  const more = addable(flow.columns, knows).filter(({ to }) => !names.has(to));
  return {
    daily,
    measures: [...measures.slice(0, sums(measures)), ...more.map(sumOf), ...measures.slice(sums(measures))],
  };
}

/** How many sums stand first. */
const sums = (measures: readonly Measure[]) => {
  const at = measures.findIndex(({ kind }) => kind !== "sum");
  return at < 0 ? measures.length : at;
};
