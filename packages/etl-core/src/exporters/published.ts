/** What a warehouse publishes besides the base rows: fact, dimensions, and the operations that made them. */
import { type Dataset, type StoredType, storedTable, type Table } from "../contract/index.ts";
import { dimensionName, IS_CURRENT, VALID_FROM, VALID_TO } from "../sql/history.ts";
import { BUSINESS_DATE, type Field, factRelation, type Relation, stored, tableRelation } from "./relation.ts";

const nullable = (name: string, type: StoredType, description: string): Field => ({
  ...stored(name, type, description),
  nullable: true,
});

const historyFields: readonly Field[] = [
  stored(VALID_FROM, "date", "Business date of the first snapshot with this content"),
  nullable(
    VALID_TO,
    "date",
    "Business date of the first later snapshot where it is gone or differs; empty: it still holds",
  ),
  stored(IS_CURRENT, "boolean", "The newest snapshot has it so"),
];

/** @returns the dimension of a snapshot table, with the days of each version where the contract keeps history */
export function dimensionRelation(table: Table): Relation {
  const kept = table.history !== null;
  const columns = Object.entries(storedTable(table).columns).map(([name, spec]) => ({
    ...spec,
    name,
    sourceType: null,
  }));
  return {
    name: dimensionName(table),
    kind: "dimension",
    title: kept ? `${table.title}, with history` : table.title,
    description: table.description,
    grain: kept ? `${table.grain} and version of its content` : table.grain,
    fields: kept ? [...columns, ...historyFields] : columns,
    key: table.key === null ? null : kept ? [...table.key, VALID_FROM] : table.key,
    table: null,
  };
}

const RUN_ID = stored("run_id", "string", "Run, sortable by time");
const DATE = stored(BUSINESS_DATE, "date", "Business date");
const ACCEPTED = stored("rows_accepted", "bigint", "Rows accepted");
const REJECTED = stored("rows_rejected", "bigint", "Rows rejected");

const operations = (
  name: string,
  title: string,
  description: string,
  grain: string,
  key: readonly string[] | null,
  fields: readonly Field[],
): Relation => ({ name, kind: "operations", title, description, grain, fields, key, table: null });

/** How the warehouse came to be what it is: the same four relations for every data set. */
export const operationsRelations: readonly Relation[] = [
  operations(
    "quarantine",
    "Rejected rows",
    "Every fault of every rejected row of the dates as they are published; the row itself stays in the landing.",
    "one row per fault",
    null,
    [
      DATE,
      stored("run_id", "string", "Run that checked it"),
      stored("table_name", "string", "Table"),
      stored("file_name", "string", "File, as a key of the landing"),
      nullable("line_num", "bigint", "Physical line of the file from 1, the header being 1"),
      nullable("column_name", "string", "Column"),
      stored("problem_code", "string", "What is wrong, as the checks name it"),
      nullable("field_value", "string", "The text as it stands in the file, shortened"),
      stored("message", "string", "What is wrong and what to do, in words"),
    ],
  ),
  operations(
    "runs",
    "Runs",
    "Every run that published something.",
    "one row per run",
    ["run_id"],
    [
      RUN_ID,
      stored("kind", "string", "run or rollback"),
      stored("published_at", "string", "Time of the publish, UTC, ISO 8601"),
      stored("contract_version", "string", "Contract that it ran under"),
      nullable("rolled_back_to", "string", "Of a rollback: the run whose state it published again"),
      stored("dates_loaded", "int", "Business dates loaded or loaded again"),
      stored("dates_refused", "int", "Business dates that were not accepted"),
      stored("periods_restated", "int", "Periods of the fact computed again"),
      ACCEPTED,
      REJECTED,
      stored("warnings", "int", "Quality checks that warned"),
      nullable("run_by", "string", "Who ran it"),
      nullable("landing", "string", "Where its dates came from"),
    ],
  ),
  operations(
    "receipts",
    "Receipts of business dates",
    "What each run did with each business date that it loaded or refused.",
    "one row per run and business date",
    ["run_id", "business_date"],
    [
      RUN_ID,
      DATE,
      stored("verdict", "string", "accepted, rejected or incomplete"),
      ACCEPTED,
      REJECTED,
      stored("periods_restated", "string", "Periods of the fact computed again because of it, with commas"),
      stored("report", "string", "Report of the checks, a file of the warehouse"),
    ],
  ),
  operations(
    "quality_warnings",
    "Warnings of the quality checks",
    "Rules that rows of a run broke without stopping its publish.",
    "one row per run and check",
    ["run_id", "check_name"],
    [
      RUN_ID,
      stored("check_name", "string", "Check"),
      stored("rule", "string", "What should hold"),
      stored("broken_rows", "bigint", "Rows that break it"),
      stored("examples", "string", "The first of them, as JSON"),
    ],
  ),
];

/** The fact, every dimension and the operations: the tables of a published state. */
export const publishedRelations = (dataset: Dataset): readonly Relation[] => [
  factRelation(dataset),
  ...dataset.tables.filter(({ load }) => load === "snapshot").map(dimensionRelation),
  ...operationsRelations,
];

/** All that the contract says: the tables that land, then what a warehouse publishes of them. */
export const allRelations = (dataset: Dataset): readonly Relation[] => [
  ...dataset.tables.map(tableRelation),
  ...publishedRelations(dataset),
];

/** What the lake keeps of each load: more than the embedded warehouse, whose list of runs says the rest. */
const lakeReceipts = operations(
  "receipts",
  "Receipts of business dates",
  "The last load of each business date: what it read, what it changed, how long it took.",
  "one row per business date",
  ["business_date"],
  [
    nullable("run_id", "string", "Run that loaded the date"),
    nullable(BUSINESS_DATE, "date", "Business date"),
    nullable("verdict", "string", "accepted: a date that is not leaves the receipt of its last load"),
    nullable("rows_accepted", "bigint", "Rows accepted"),
    nullable("rows_rejected", "bigint", "Rows rejected"),
    nullable("periods_restated", "string", "Periods of the fact computed again because of it, with commas"),
    nullable("rows_read", "bigint", "Rows of all files"),
    nullable("bytes_read", "bigint", "Size of all files"),
    nullable("loaded_at", "string", "When, UTC, ISO 8601"),
    nullable("seconds", "decimal(12,3)", "From the start of the run until its tables were written"),
    nullable("contract_version", "string", "Contract that the rows were checked under"),
    nullable("fingerprint", "string", "Of the manifest and its files: equal means that nothing has changed"),
    nullable(
      "dumps_since",
      "string",
      "By table whose files hold all days the first day of its file, as JSON; empty: loaded before that was noted",
    ),
  ],
);

/** How the lake's tables came to be what they are; every engine can add a row that lacks a value. */
export const lakeOperations: readonly Relation[] = [
  ...operationsRelations
    .filter(({ name }) => name === "quarantine")
    .map((one) => ({ ...one, fields: one.fields.map((field) => ({ ...field, nullable: true })) })),
  lakeReceipts,
];

/** The tables of the lake, in the order of {@link allRelations}: what the cluster writes and Athena reads. */
export const lakeRelations = (dataset: Dataset): readonly Relation[] => [
  ...allRelations(dataset).filter(({ kind }) => kind !== "operations"),
  ...lakeOperations,
];

/** Whether a relation is a table of the lake, and not of the embedded warehouse alone. */
export const isInLake = ({ kind, name }: Relation): boolean =>
  kind !== "operations" || lakeOperations.some((one) => one.name === name);
