/** Whether somebody's tables are the retail contract under other names. */
import { type Dataset, decimalOf, type StoredType, tableOf } from "@sales-etl/etl-core/contract";
import type { MappedColumn, Mapping } from "./mapping.ts";

/** Every value of the one is a value of the other. */
function holds(wanted: StoredType, { seen }: MappedColumn): boolean {
  const { type, oneOf } = seen;
  if (wanted === "string" || wanted === type) return true;
  if (wanted === "bigint") return type === "int";
  if (wanted === "boolean") return oneOf !== undefined;
  const scale = decimalOf(wanted)?.scale;
  if (scale === undefined) return false;
  return type === "int" || type === "bigint" || (decimalOf(type)?.scale ?? scale + 1) <= scale;
}

export const holdsColumn = (dataset: Dataset, table: string, column: MappedColumn): boolean => {
  const spec = tableOf(dataset, table).columns[column.to];
  return column.known && spec !== undefined && holds(spec.type, column) && (spec.nullable || column.seen.required);
};

/** @returns why not, one reason a table; empty where they fit */
export function whyNotRetail(retail: Dataset, { tables }: Mapping): readonly string[] {
  return retail.tables.flatMap(({ name, columns }) => {
    const own = tables.find(({ to }) => to === name);
    // A calendar can be made.
    if (own === undefined) return name === retail.fact.calendar.table ? [] : [`no table is ${name}`];
    const missing = Object.entries(columns)
      .filter(([, spec]) => !spec.nullable)
      .filter(([column]) => !own.columns.some((one) => one.to === column && holdsColumn(retail, name, one)))
      .map(([column]) => column);
    return missing.length === 0
      ? []
      : [`${own.seen.name} has nothing for ${name}.${missing.join(", ")} that always fits`];
  });
}
