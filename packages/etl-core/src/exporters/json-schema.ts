/**
 * JSON Schema (draft 2020-12) of one row, in the shape of the row types: every column is there, decimals are text because
 * they are exact, days are `YYYY-MM-DD`.
 */
import { type Dataset, decimalOf, unknownType } from "../contract/index.ts";
import type { Field, Relation } from "./relation.ts";
import { defined, Exact, generatedBy, jsonText } from "./text.ts";

const limits = { int: [-(2n ** 31n), 2n ** 31n - 1n], bigint: [-(2n ** 63n), 2n ** 63n - 1n] } as const;

const exact = (value: bigint | string) => new Exact(String(value));

function typeOf(field: Field): Record<string, unknown> {
  const { type, min, max, nullable } = field;
  const decimal = decimalOf(type);
  if (decimal !== null) {
    const { precision, scale } = decimal;
    const fraction = scale === 0 ? "" : `([.][0-9]{1,${scale}})?`;
    // A schema cannot compare numbers in a text: the bounds are for readers.
    return {
      type: "string",
      pattern: `^-?[0-9]{1,${precision - scale}}${fraction}$`,
      "x-minimum": min,
      "x-maximum": max,
    };
  }
  switch (type) {
    case "int":
    case "bigint": {
      const [lowest, highest] = limits[type];
      return { type: "integer", minimum: exact(min ?? lowest), maximum: exact(max ?? highest) };
    }
    case "boolean":
      return { type: "boolean" };
    case "date":
      return {
        type: "string",
        format: "date",
        pattern: "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$",
        "x-minimum": min,
        "x-maximum": max,
      };
    case "string":
      // An empty field is a missing value.
      return {
        type: "string",
        ...(nullable ? {} : { minLength: 1 }),
        ...(field.pattern === undefined ? {} : { pattern: `^(?:${field.pattern})$` }),
      };
    default:
      return unknownType(type);
  }
}

function property(field: Field): object {
  const { type, ...rules } = typeOf(field);
  const values = field.oneOf?.map((value) =>
    type === "integer" ? exact(value) : type === "boolean" ? value === "true" : value,
  );
  return defined({
    description: field.description,
    type: field.nullable ? [type, "null"] : type,
    ...rules,
    enum: values === undefined ? undefined : [...values, ...(field.nullable ? [null] : [])],
    "x-unit": field.unit,
  });
}

/** @returns the schema of one row of a table or of the fact. */
export const rowSchema = (dataset: Dataset, { name, title, description, grain, fields, table }: Relation): object => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: `urn:sales-etl:${dataset.name}:${name}`,
  $comment: generatedBy,
  title,
  description: `${description.replace(/[.]$/, "")}; ${grain}.`,
  type: "object",
  properties: Object.fromEntries(fields.map((field) => [field.name, property(field)])),
  required: fields.map((field) => field.name),
  additionalProperties: table !== null && table.drift !== "reject",
});

/** `<table>.schema.json` of each. */
export const jsonSchemaFiles = (dataset: Dataset, relations: readonly Relation[]): ReadonlyMap<string, string> =>
  new Map(relations.map((relation) => [`${relation.name}.schema.json`, jsonText(rowSchema(dataset, relation))]));
