/** What exporters see: the tables and the fact of a data set in one shape. */
import type { ColumnSpec, Dataset, SourceType, Table } from "../contract/index.ts";
import { decimalOf, type StoredType, storedTable, tableOf, unknownType } from "../contract/index.ts";
import { SalesEtlError } from "../errors.ts";
import type { Fact, Measure } from "../measures/index.ts";
import { LOAD_DATE } from "../sql/cumulative.ts";

/** A column of a table or of the fact. */
export interface Field extends Omit<ColumnSpec, "sourceType"> {
  readonly name: string;
  /** null where the column is computed. */
  readonly sourceType: SourceType | null;
}

/** A table that lands, the fact, a dimension of the warehouse, what the warehouse says of its own making, or a view of these. */
export type RelationKind = "table" | "fact" | "dimension" | "operations" | "view";

export interface Relation {
  readonly name: string;
  readonly kind: RelationKind;
  readonly title: string;
  readonly description: string;
  readonly grain: string;
  readonly fields: readonly Field[];
  /** Columns that name one row; null where repeats are data. */
  readonly key: readonly string[] | null;
  /** null for what is computed. */
  readonly table: Table | null;
}

/** The file that a stored row came from (Iceberg keeps `_file` for itself), and that file's date, by which stored rows are replaced. */
export const FILE_COLUMN = "source_file";
export { LOAD_DATE };

/** A column that no source has. */
export const stored = (name: string, type: StoredType, description: string): Field => ({
  name,
  type,
  description,
  nullable: false,
  sourceType: null,
});

/** The columns in the warehouse: those of a table are followed by what it keeps of others and by where the row came from. */
export const storedFields = ({ fields, table }: Relation): readonly Field[] =>
  table === null
    ? fields
    : [
        ...fields,
        ...Object.entries(storedTable(table).columns).flatMap(([name, spec]) =>
          fields.some((field) => field.name === name) ? [] : [{ ...spec, name, sourceType: null }],
        ),
        stored(FILE_COLUMN, "string", "File that the row came from"),
        stored(LOAD_DATE, "date", "Business date of that file"),
      ];

/** The column by which the warehouse's rows are replaced; null where all of them are, or none. */
export function partitionOf({ kind, fields }: Relation): string | null {
  switch (kind) {
    case "table":
      return LOAD_DATE;
    case "fact":
      return fields[0]?.name ?? null;
    case "dimension":
    case "view":
      return null;
    case "operations":
      return fields.find(({ name }) => name === BUSINESS_DATE)?.name ?? null;
  }
}

/** Of operations: the business date that a row is about. */
export const BUSINESS_DATE = "business_date";

export const tableRelation = (table: Table): Relation => ({
  name: table.name,
  kind: "table",
  title: table.title,
  description: table.description,
  grain: table.grain,
  fields: Object.entries(table.columns).map(([name, spec]) => ({ ...spec, name })),
  key: table.key,
  table,
});

/** As the fact's SQL has it: a sum is unknown where all that it adds up is. */
function mayBeNull(dataset: Dataset, measure: Measure): boolean {
  switch (measure.kind) {
    case "sum":
      return tableOf(dataset, measure.of.table).columns[measure.of.column]?.nullable !== false;
    case "daily-sum":
    case "days":
    case "flag-days":
      return false;
    case "last":
    case "last-day":
    case "ratio":
      return true;
  }
}

export function factRelation(dataset: Dataset): Relation {
  const { fact } = dataset;
  const key = (table: string, name: string): Field => {
    const { type, description } = tableOf(dataset, table).columns[name] ?? unknownType(`${table}.${name}`);
    return { name, type, description, nullable: false, sourceType: null };
  };
  const measure = (one: Fact["measures"][number]): Field => ({
    name: one.name,
    type: one.type,
    nullable: mayBeNull(dataset, one),
    description: `${one.title}: ${one.formula}`,
    unit: one.unit,
    sourceType: null,
  });
  const keys = [fact.calendar.period, ...fact.keys];
  return {
    name: fact.name,
    kind: "fact",
    title: fact.title,
    description: fact.title,
    grain: `one row per ${keys.join(", ")}`,
    fields: [
      key(fact.calendar.table, fact.calendar.period),
      ...fact.keys.map((name) => key(fact.flow.table, name)),
      ...fact.measures.map(measure),
    ],
    key: keys,
    table: null,
  };
}

/** All tables in order, then the fact. */
export const relationsOf = (dataset: Dataset): readonly Relation[] => [
  ...dataset.tables.map(tableRelation),
  factRelation(dataset),
];

/**
 * @param relations to look in
 * @throws {SalesEtlError} CONTRACT_NO_TABLE with the names that exist; the fact is one of them.
 */
export function relationOf(dataset: Dataset, name: string, relations = relationsOf(dataset)): Relation {
  const found = relations.find((relation) => relation.name === name);
  if (found !== undefined) return found;
  const names = relations.map((relation) => relation.name).join(", ");
  throw new SalesEtlError(`there is no table ${name} in ${dataset.name}: ${names}`, {
    code: "CONTRACT_NO_TABLE",
    path: name,
  });
}

/** The tables among the relations, for exporters that the fact means nothing to. */
export const tablesOf = (relations: readonly Relation[]): readonly Table[] =>
  relations.flatMap(({ table }) => (table === null ? [] : [table]));

/** @returns the type in the words that Hive, Iceberg and the contract share. */
export function storedTypeName(type: StoredType): string {
  if (decimalOf(type) !== null) return type;
  switch (type) {
    case "int":
    case "bigint":
    case "string":
    case "boolean":
    case "date":
      return type;
    default:
      return unknownType(type);
  }
}
