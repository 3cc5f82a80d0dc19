/**
 * Views that join tables of the warehouse, for its readers. Their SQL is portable: DuckDB runs it over the tables as they
 * are, Athena over the snapshots of one publish (the Spark job writes them there).
 */
import type { Dataset, Table } from "../contract/index.ts";
import { tableOf } from "../contract/index.ts";
import { datedTables, factColumns } from "../measures/fact.ts";
import { briefName, briefSql } from "../sql/brief.ts";
import { dimensionName, IS_CURRENT } from "../sql/history.ts";
import { type Field, factRelation, type Relation, stored } from "./relation.ts";

export interface View {
  readonly relation: Relation;
  /** The tables of the warehouse that its SQL reads. */
  readonly reads: readonly string[];
  readonly sql: string;
}

export interface Joined {
  readonly table: Table;
  /** Its columns besides the key, by the name that they have in the view. */
  readonly columns: ReadonlyMap<string, string>;
}

/** The snapshot tables that describe one key of the fact each. */
export function dimensionsOf(dataset: Dataset): readonly Joined[] {
  const taken = new Set([startOf(dataset), ...factColumns(dataset.fact)]);
  return dataset.fact.keys.flatMap((key) => {
    const table = dataset.tables.find(({ load, key: of }) => load === "snapshot" && of?.length === 1 && of[0] === key);
    if (table === undefined) return [];
    const columns = table.columnNames
      .filter((name) => name !== key)
      .map((name) => {
        const shown = taken.has(name) ? `${table.name}_${name}` : name;
        taken.add(shown);
        return [shown, name] as const;
      });
    return [{ table, columns: new Map(columns) }];
  });
}

/** The column with the first day of the fact's period. */
export const startOf = ({ fact }: Dataset): string => `${fact.calendar.word ?? "period"}_start_dt`;

const current = (table: Table, alias: string) => (table.history === null ? "" : ` AND ${alias}.${IS_CURRENT}`);

function factWithDimensions(dataset: Dataset): View {
  const fact = factRelation(dataset);
  const { calendar } = dataset.fact;
  const joined = dimensionsOf(dataset);
  const days = tableOf(dataset, calendar.table);
  const columns = [
    `p.${startOf(dataset)}`,
    ...fact.fields.map(({ name }) => `f.${name}`),
    ...joined.flatMap(({ table, columns: named }) =>
      [...named].map(([shown, name]) => `${table.name}.${name}${shown === name ? "" : ` AS ${shown}`}`),
    ),
  ];
  const joins = joined.map(({ table }) => {
    const [key = ""] = table.key ?? [];
    return `LEFT JOIN ${dimensionName(table)} ${table.name} ON ${table.name}.${key} = f.${key}${current(table, table.name)}`;
  });
  const named = joined.map(({ table }) => table.name).join(" and ");
  const start = stored(startOf(dataset), "date", `First day of the ${calendar.word ?? "period"}`);
  const attributes = joined.flatMap(({ table, columns: shownAs }) =>
    [...shownAs].map(([shown, name]) => ({ ...(table.columns[name] as Field), name: shown, nullable: true })),
  );
  const title = named === "" ? fact.title : `${fact.title}, with what is current of ${named}`;
  return {
    relation: {
      ...fact,
      ...{ name: `${fact.name}_with_dimensions`, kind: "view", title, description: title },
      fields: [start, ...fact.fields, ...attributes],
    },
    reads: [...new Set([fact.name, dimensionName(days), ...joined.map(({ table }) => dimensionName(table))])],
    sql: `SELECT
  ${columns.join(",\n  ")}
FROM ${fact.name} f
JOIN (
  SELECT d.${calendar.period}, MIN(d.${calendar.date}) AS ${startOf(dataset)}
  FROM ${dimensionName(days)} d
  WHERE d.${calendar.date} IS NOT NULL${current(days, "d")}
  GROUP BY d.${calendar.period}
) p ON p.${calendar.period} = f.${calendar.period}
${joins.join("\n")}`.trimEnd(),
  };
}

/** The literal wording of the requirements beside the right numbers; null where the fact has none. */
function brief(dataset: Dataset): View | null {
  const { calendar, name, brief: variant } = dataset.fact;
  const days = tableOf(dataset, calendar.table);
  const dimension = dimensionName(days);
  const newest = days.history === null ? dimension : `(SELECT * FROM ${dimension} WHERE ${IS_CURRENT})`;
  const sql = briefSql(dataset, {
    periods: `(SELECT DISTINCT ${calendar.period} FROM ${name})`,
    relation: (table) => (table === calendar.table ? newest : table),
  });
  if (sql === null || variant === undefined) return null;
  const fact = factRelation(dataset);
  const worded = variant.measures.map(({ name: column, type, unit, title, formula }) => ({
    ...stored(column, type, `${title}: ${formula}`),
    ...{ unit, nullable: true },
  }));
  const title = `${fact.title}, beside the literal wording of the requirements`;
  return {
    relation: {
      ...fact,
      ...{ name: briefName(dataset), kind: "view", title, description: title },
      fields: [...fact.fields, ...worded],
    },
    reads: [name, dimension, ...datedTables(dataset.fact).map(({ table }) => table)],
    sql,
  };
}

/** @returns the fact with its dimensions, then what else joins tables: each reads all of its tables as one publish left them */
export const viewsOf = (dataset: Dataset): readonly [View, ...View[]] => {
  const worded = brief(dataset);
  return [factWithDimensions(dataset), ...(worded === null ? [] : [worded])];
};
