/** What the Spark job needs to know of a data set: it names no table and no column itself. */
import { type Dataset, storedTable, type Table } from "../contract/index.ts";
import { dimensionRelation, lakeOperations } from "../exporters/published.ts";
import { FILE_COLUMN, type Field, partitionOf, relationOf } from "../exporters/relation.ts";
import { viewsOf } from "../exporters/views.ts";
import {
  acceptedRow,
  CANDIDATE,
  checkSql,
  dumpChangesSql,
  dumpHistorySources,
  dumpHistorySql,
  factSources,
  factSql,
  historySources,
  historySql,
  qualityChecks,
  SNAPSHOT_DAY,
  spark,
} from "../sql/index.ts";
import { codes, type ProblemCode } from "../validate/codes.ts";
import { explainProblem } from "../validate/explain.ts";
import { canBePlain, plainFields } from "../validate/plain.ts";
import { contractVersion } from "./version.ts";

/** Of this shape; the job reads no other one. */
const FORMAT = 9;

/** Where a rejected row stands in its file goes through the check with it. */
const ORIGIN = "_origin";

const column = ({ name, type, nullable, description }: Field) => ({ name, type, nullable, comment: description });

/** What a table keeps of a file's unknown columns: stored with the row and not judged. */
const carriedOf = (table: Table): readonly Field[] =>
  Object.entries(storedTable(table).columns).flatMap(([name, spec]) =>
    table.columns[name] === undefined ? [{ ...spec, name, sourceType: null }] : [],
  );

/** The sentence for each `column=CODE` that the check SQL can give. */
function messages(table: Table, sql: string): Readonly<Record<string, string>> {
  const found = new Set(sql.match(/(?<=')[a-z0-9_+]+=[A-Z_]+(?=')/g));
  // A text that a rule compares with may look like one.
  const faults = [...found].filter((fault) => (fault.split("=")[1] ?? "") in codes);
  return Object.fromEntries(
    faults.map((fault) => {
      const [name = "", code = ""] = fault.split("=");
      const rules = table.rules.filter((rule) => rule.column === name).map(({ description }) => description);
      const message =
        code === "RULE_BROKEN"
          ? `${codes.RULE_BROKEN} Expected: ${rules.join("; ")}.`
          : explainProblem(table, code as ProblemCode, name);
      return [fault, message];
    }),
  );
}

/** The dimension of a snapshot table: with history the SELECT of all versions, else the newest snapshot as it is. */
function dimension(table: Table) {
  const { name, title, fields, key } = dimensionRelation(table);
  const history =
    table.history === null ? null : { sql: historySql(table), ...historySources(table), day: SNAPSHOT_DAY };
  return { name, table: table.name, title, key: key ?? [], columns: fields.map(column), history };
}

/** Of a table whose files hold all days: how what each of them says is taken in. */
const dumps = (table: Table) => ({
  changesSql: dumpChangesSql(table, spark, FILE_COLUMN),
  historySql: dumpHistorySql(table, spark, FILE_COLUMN),
  relations: dumpHistorySources(table),
});

export function sparkContract(dataset: Dataset): object {
  const { fact } = dataset;
  const fields = (name: string) => relationOf(dataset, name).fields.map(column);
  const table = (one: Table) => {
    const carried = carriedOf(one);
    const sql = checkSql(one, spark, [ORIGIN, ...carried.map(({ name }) => name)]);
    return {
      name: one.name,
      load: one.load,
      key: one.key ?? [],
      dated: one.dated,
      tolerance: one.tolerance,
      freshness: one.freshness,
      drift: one.drift,
      cumulative: one.load === "cumulative" ? dumps(one) : null,
      columns: fields(one.name),
      carried: carried.map(column),
      checkSql: sql,
      plain: canBePlain(one) ? { fields: plainFields(one), accepted: acceptedRow(one, spark) } : null,
      messages: messages(one, sql),
    };
  };
  return {
    generated: "by `npm run generate` from packages/etl-core/src; do not edit",
    format: FORMAT,
    dataset: dataset.name,
    contractVersion: contractVersion(dataset),
    tables: dataset.tables.map(table),
    dimensions: dataset.tables.filter(({ load }) => load === "snapshot").map(dimension),
    operations: lakeOperations.map((relation) => ({
      name: relation.name,
      title: relation.title,
      partition: partitionOf(relation),
      columns: relation.fields.map(column),
    })),
    views: viewsOf(dataset).map(({ relation, reads, sql }) => ({
      name: relation.name,
      title: relation.title,
      reads,
      columns: relation.fields.map(column),
      sql,
    })),
    fact: {
      name: fact.name,
      period: fact.calendar.period,
      keys: fact.keys,
      calendar: fact.calendar,
      flow: fact.flow,
      stock: fact.stock,
      sources: factSources(fact),
      columns: fields(fact.name),
      sql: factSql(dataset),
      candidate: CANDIDATE,
      checks: qualityChecks(dataset, CANDIDATE).map(({ by: _by, overAll, ...check }) => ({
        ...check,
        over: overAll ?? check.over,
      })),
    },
  };
}
