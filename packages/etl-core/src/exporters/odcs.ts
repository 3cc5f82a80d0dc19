/**
 * The Open Data Contract Standard 3.1 (https://bitol-io.github.io/open-data-contract-standard), as YAML: what other
 * tools read, with everything that this contract says about the tables and the fact.
 */
import { type Dataset, decimalOf, type StoredType, unknownType } from "../contract/index.ts";
import { contractVersion } from "../generate/version.ts";
import { beforeText } from "./markdown.ts";
import { type Field, partitionOf, type Relation, storedTypeName, tablesOf } from "./relation.ts";
import { defined, Exact, generatedBy } from "./text.ts";
import { yamlText } from "./yaml.ts";

type LogicalType = "integer" | "number" | "string" | "boolean" | "date";

function logicalType(type: StoredType): LogicalType {
  if (decimalOf(type) !== null) return "number";
  switch (type) {
    case "int":
    case "bigint":
      return "integer";
    case "string":
    case "boolean":
    case "date":
      return type;
    default:
      return unknownType(type);
  }
}

/** The standard has no word for these. */
const custom = (values: Readonly<Record<string, string | number | null | undefined>>) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? undefined : given.map(([property, value]) => ({ property, value }));
};

function options(field: Field): object | undefined {
  const logical = logicalType(field.type);
  if (logical === "date") return defined({ format: "yyyy-MM-dd", minimum: field.min, maximum: field.max });
  if (logical === "string") {
    if (field.nullable && field.pattern === undefined) return undefined;
    return defined({ minLength: field.nullable ? undefined : 1, pattern: field.pattern && `^(?:${field.pattern})$` });
  }
  if (field.min === undefined && field.max === undefined) return undefined;
  const bound = (text: string | undefined) => (text === undefined ? undefined : new Exact(text));
  return defined({ minimum: bound(field.min), maximum: bound(field.max) });
}

function enumeration({ oneOf, type }: Field): object[] | undefined {
  if (oneOf === undefined) return undefined;
  const numeric = ["integer", "number"].includes(logicalType(type));
  const validValues = oneOf.map((text) => (numeric ? new Exact(text) : text));
  return [{ type: "library", metric: "invalidValues", arguments: { validValues }, mustBe: 0, dimension: "conformity" }];
}

function property(relation: Relation, field: Field): object {
  const position = relation.key?.indexOf(field.name) ?? -1;
  const partitioned = partitionOf(relation) === field.name;
  return defined({
    name: field.name,
    description: field.description,
    logicalType: logicalType(field.type),
    logicalTypeOptions: options(field),
    physicalType: storedTypeName(field.type),
    required: !field.nullable,
    primaryKey: position < 0 ? undefined : true,
    primaryKeyPosition: position < 0 ? undefined : position + 1,
    partitioned: partitioned || undefined,
    partitionKeyPosition: partitioned ? 1 : undefined,
    quality: enumeration(field),
    customProperties: custom({ unit: field.unit, sourceType: field.sourceType }),
  });
}

/** The rules of whole tables and across columns: for tools, and for people where the standard has no word. */
function quality({ key, table }: Relation): object[] | undefined {
  const rules: object[] = [];
  if (key !== null) {
    const unique = { type: "library", metric: "duplicateValues", arguments: { properties: key }, mustBe: 0 };
    rules.push({ ...unique, dimension: "uniqueness" });
  }
  if (table?.dated) {
    const description = `${table.dated.column} is the business date of the file${beforeText(table)}.`;
    rules.push({ type: "text", description, dimension: "timeliness" });
  }
  for (const { description, sql } of table?.rules ?? []) {
    const query = `SELECT COUNT(*) FROM ${table?.name} WHERE NOT (${sql})`;
    rules.push({ type: "sql", query, mustBe: 0, description, dimension: "consistency" });
  }
  return rules.length === 0 ? undefined : rules;
}

const schemaObject = (relation: Relation): object =>
  defined({
    name: relation.name,
    physicalType: "table",
    businessName: relation.title,
    description: relation.description,
    dataGranularityDescription: relation.grain,
    logicalType: "object",
    properties: relation.fields.map((field) => property(relation, field)),
    quality: quality(relation),
    customProperties: custom({
      load: relation.table?.load,
      drift: relation.table?.drift,
      owner: relation.table?.owner,
    }),
  });

function serviceLevels(relations: readonly Relation[]): object[] {
  return tablesOf(relations).flatMap(({ name, load, dated, tolerance, freshness }) => [
    { property: "frequency", value: 1, unit: "d", element: name },
    {
      property: "freshness",
      value: freshness,
      unit: "d",
      element: name,
      description: "Days that an export may be missing",
    },
    ...(dated === null || load === "cumulative"
      ? []
      : [{ property: "latency", value: dated.lateness, unit: "d", element: `${name}.${dated.column}` }]),
    { property: "errorRate", value: tolerance, element: name, description: "Share of rows that may be rejected" },
  ]);
}

/** @returns the contract as plain data; numbers beyond JavaScript's are {@link Exact}. */
export function odcsContract(dataset: Dataset, relations: readonly Relation[]): object {
  const owners = new Set(tablesOf(relations).map(({ owner }) => owner));
  const [owner] = owners.size === 1 ? owners : [null];
  const levels = serviceLevels(relations);
  return defined({
    version: contractVersion(dataset),
    kind: "DataContract",
    apiVersion: "v3.1.0",
    id: `urn:sales-etl:${dataset.name}`,
    name: dataset.name,
    status: "active",
    description: defined({ purpose: dataset.title, limitations: dataset.attribution ?? undefined }),
    schema: relations.map(schemaObject),
    team: owner ? { name: owner } : undefined,
    slaProperties: levels.length === 0 ? undefined : levels,
  });
}

/** `<data set>.odcs.yaml`. */
export const odcsFiles = (dataset: Dataset, relations: readonly Relation[]): ReadonlyMap<string, string> =>
  new Map([[`${dataset.name}.odcs.yaml`, `# ${generatedBy}\n${yamlText(odcsContract(dataset, relations))}`]]);
