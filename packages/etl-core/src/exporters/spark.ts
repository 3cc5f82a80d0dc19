/** Spark's StructType as JSON (`StructType.fromJson`, `DataType.fromJson`): the rows as they are stored. */
import { type Dataset, decimalOf, type StoredType, unknownType } from "../contract/index.ts";
import { type Relation, storedFields } from "./relation.ts";
import { jsonText } from "./text.ts";

/** Spark's JSON has other words than its SQL. */
function sparkType(type: StoredType): string {
  if (decimalOf(type) !== null) return type;
  switch (type) {
    case "int":
      return "integer";
    case "bigint":
      return "long";
    case "string":
    case "boolean":
    case "date":
      return type;
    default:
      return unknownType(type);
  }
}

/** @returns what `StructType.fromJson` reads; descriptions are the columns' comments. */
export const structType = (relation: Relation): object => ({
  type: "struct",
  fields: storedFields(relation).map(({ name, type, nullable, description }) => ({
    name,
    type: sparkType(type),
    nullable,
    metadata: { comment: description },
  })),
});

/** `<table>.struct.json` of each, tables of the lake. */
export const sparkFiles = (_: Dataset, relations: readonly Relation[]): ReadonlyMap<string, string> =>
  new Map(relations.map((relation) => [`${relation.name}.struct.json`, jsonText(structType(relation))]));
