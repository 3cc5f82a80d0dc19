/**
 * The fact with its dimensions as a dataset of Superset (YAML of its bundles): columns with their titles, and each measure as
 * a metric that is right for any selection of rows.
 */
import type { Dataset, Table } from "../contract/index.ts";
import type { Measure } from "../measures/index.ts";
import { dimensionName, IS_CURRENT } from "../sql/history.ts";
import { type Field, factRelation, type Relation } from "./relation.ts";
import { supersetLoads } from "./superset-loads.ts";
import { datasetColumn, datasetText } from "./superset-parts.ts";

interface Joined {
  readonly table: Table;
  /** Its columns besides the key, by the name that they have in the dataset. */
  readonly columns: ReadonlyMap<string, string>;
}

/** The snapshot tables that describe one key of the fact each. */
function dimensionsOf(dataset: Dataset, fact: Relation): readonly Joined[] {
  const taken = new Set(fact.fields.map(({ name }) => name));
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

/** `product_line` -> `Product line`: tables are named for one of their rows. */
const wordOf = ({ name }: Table): string => `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;

const startOf = ({ fact }: Dataset) => `${fact.calendar.word ?? "period"}_start_dt`;

/** Portable: Athena and DuckDB read it alike. */
function datasetSql(dataset: Dataset, fact: Relation, joined: readonly Joined[]): string {
  const { calendar } = dataset.fact;
  const days = dataset.tables.find(({ name }) => name === calendar.table) as Table;
  const current = (table: Table, alias: string) => (table.history === null ? "" : ` AND ${alias}.${IS_CURRENT}`);
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
  return `SELECT
  ${columns.join(",\n  ")}
FROM ${fact.name} f
JOIN (
  SELECT d.${calendar.period}, MIN(d.${calendar.date}) AS ${startOf(dataset)}
  FROM ${dimensionName(days)} d
  WHERE d.${calendar.date} IS NOT NULL${current(days, "d")}
  GROUP BY d.${calendar.period}
) p ON p.${calendar.period} = f.${calendar.period}
${joins.join("\n")}
`;
}

/** A word of D3 for a unit. */
function formatOf({ unit, kind }: Measure): string {
  if (kind === "ratio" && unit.startsWith("share")) return ".1%";
  if (unit.startsWith("USD per")) return "$,.2f";
  if (unit === "USD") return "$,.0f";
  return kind === "ratio" ? ",.2f" : ",.0f";
}

/**
 * Over any rows: sums are added up, a ratio is that of the sums (never a mean of ratios), over the rows where all of it is
 * known. What is of one moment adds up over stores and products, but not over periods.
 */
function expressionOf(measure: Measure): string | null {
  if (measure.kind === "last-day") return null;
  if (measure.kind !== "ratio") return `SUM(${measure.name})`;
  const { numerator, less, denominator } = measure;
  if (typeof denominator === "number") return `SUM(${numerator}) * 1.0 / (COUNT(*) * ${denominator})`;
  const above = less === null ? `SUM(${numerator})` : `SUM(${numerator} - ${less})`;
  const below = `SUM(CASE WHEN ${numerator} IS NOT NULL THEN ${denominator} END)`;
  return `CASE WHEN ${below} > 0 THEN CAST(${above} AS DOUBLE) / CAST(${below} AS DOUBLE) END`;
}

const isOfOneMoment = (measure: Measure, all: readonly Measure[]): boolean =>
  measure.kind === "last" ||
  (measure.kind === "ratio" && all.some(({ name, kind }) => name === measure.numerator && kind === "last"));

const metric = (measure: Measure, all: readonly Measure[], period: string) => {
  const expression = expressionOf(measure);
  if (expression === null) return [];
  const warning = `Of one ${period}: over several it adds up to nothing`;
  return [
    {
      metric_name: `m_${measure.name}`,
      verbose_name: measure.title,
      expression,
      d3format: formatOf(measure),
      metric_type: null,
      description: measure.formula,
      warning_text: isOfOneMoment(measure, all) ? warning : null,
      extra: null,
    },
  ];
};

/** @returns the dataset's YAML: the fact, the first day of its period, and what the dimensions say of its keys */
export function supersetDataset(dataset: Dataset): string {
  const { fact } = dataset;
  const relation = factRelation(dataset);
  const joined = dimensionsOf(dataset, relation);
  const period = fact.calendar.word ?? "period";
  const start = { name: startOf(dataset), type: "date" as const, description: `First day of the ${period}` };
  const attributes = joined.flatMap(({ table, columns }) =>
    [...columns].map(([shown, name]) => {
      const { type, description } = table.columns[name] as Field;
      const column = { name: shown, type, description };
      // "Name" says too little beside other tables' columns: a row's name stands for the row.
      return name === table.label ? datasetColumn(column, { title: wordOf(table) }) : datasetColumn(column);
    }),
  );
  const columns = relation.fields.map((field) => {
    const measure = fact.measures.find(({ name }) => name === field.name);
    if (measure !== undefined) return datasetColumn(field, { title: measure.title });
    const dimension = joined.find(({ table }) => table.key?.[0] === field.name)?.table;
    return datasetColumn(dimension === undefined ? field : { ...field, ...dimension.columns[field.name] });
  });
  return datasetText(dataset, {
    name: fact.name,
    day: start.name,
    sql: datasetSql(dataset, relation, joined),
    description: `${fact.title}, with what is current of ${joined.map(({ table }) => table.name).join(" and ")}`,
    columns: [datasetColumn(start, { isTime: true }), ...columns, ...attributes],
    metrics: fact.measures.flatMap((measure) => metric(measure, fact.measures, period)),
  });
}

/** `<fact>.yaml`, and `loads.yaml` of what was loaded. */
export const supersetFiles = (dataset: Dataset): ReadonlyMap<string, string> =>
  new Map([
    [`${dataset.fact.name}.yaml`, supersetDataset(dataset)],
    ["loads.yaml", supersetLoads(dataset)],
  ]);
