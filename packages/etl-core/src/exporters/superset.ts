/**
 * The fact with its dimensions as a dataset of Superset (YAML of its bundles): columns with their titles, and each measure as
 * a metric that is right for any selection of rows.
 */
import type { Dataset, Table } from "../contract/index.ts";
import type { Measure } from "../measures/index.ts";
import { supersetLoads } from "./superset-loads.ts";
import { datasetColumn, datasetText } from "./superset-parts.ts";
import { dimensionsOf, startOf, type View, viewsOf } from "./views.ts";

/** `product_line` -> `Product line`: tables are named for one of their rows. */
const wordOf = ({ name }: Table): string => `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;

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

function columnsOf(dataset: Dataset, { relation }: View): readonly object[] {
  const joined = dimensionsOf(dataset);
  // "Name" says too little beside other tables' columns: a row's name stands for the row.
  const words = joined.flatMap(({ table, columns }) =>
    [...columns].flatMap(([shown, name]) => (name === table.label ? [[shown, wordOf(table)] as const] : [])),
  );
  const titles = new Map([...dataset.fact.measures.map(({ name, title }) => [name, title] as const), ...words]);
  return relation.fields.map((field) => {
    const title = titles.get(field.name);
    if (title !== undefined) return datasetColumn(field, { title });
    const dimension = joined.find(({ table }) => table.key?.[0] === field.name)?.table;
    const described = dimension === undefined ? field : { ...field, ...dimension.columns[field.name] };
    return datasetColumn(described, { isTime: field.name === startOf(dataset) });
  });
}

/** @returns the dataset's YAML: the view of the fact with its dimensions, which is of one publish alone */
export function supersetDataset(dataset: Dataset): string {
  const { fact } = dataset;
  const [view] = viewsOf(dataset);
  const { name, description, fields } = view.relation;
  return datasetText(dataset, {
    name: fact.name,
    day: startOf(dataset),
    sql: `SELECT\n  ${fields.map((field) => field.name).join(",\n  ")}\nFROM ${name}\n`,
    description,
    columns: columnsOf(dataset, view),
    metrics: fact.measures.flatMap((measure) => metric(measure, fact.measures, fact.calendar.word ?? "period")),
  });
}

/** `<fact>.yaml`, and `loads.yaml` of what was loaded. */
export const supersetFiles = (dataset: Dataset): ReadonlyMap<string, string> =>
  new Map([
    [`${dataset.fact.name}.yaml`, supersetDataset(dataset)],
    ["loads.yaml", supersetLoads(dataset)],
  ]);
