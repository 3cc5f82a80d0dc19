/** A contract as a document: the same declarations as in TypeScript. */
import {
  Column,
  type ColumnSpec,
  type Dataset,
  decimalOf,
  defineDataset,
  defineTable,
  type SourceType,
  type StoredType,
} from "@sales-etl/etl-core/contract";
import { InvalidPropertiesError, SalesEtlError } from "@sales-etl/etl-core/errors";
import { defineFact, type Fact } from "@sales-etl/etl-core/measures";
import * as z from "zod";
import { parsed } from "./problems.ts";

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, "is no name: lower-case letters, digits and _ only");
const decimalText = z.string().regex(/^-?[0-9]+([.][0-9]+)?$/, 'is no decimal in plain digits, as a text: "10.00"');
const type = z
  .string()
  .refine((text) => /^(?:int|bigint|string|boolean|date)$/.test(text) || decimalOf(text) !== null, {
    message: "is no type: int, bigint, string, boolean, date or decimal(18,2)",
  })
  .refine((text) => (decimalOf(text)?.precision ?? 0) <= 18, { message: "a decimal has at most 18 digits" })
  .transform((text) => text as StoredType);

const column = z.strictObject({
  type,
  required: z.boolean().optional(),
  description: z.string(),
  unit: z.string().optional(),
  min: decimalText.optional(),
  max: decimalText.optional(),
  oneOf: z.array(z.string()).optional(),
  pattern: z.string().optional(),
});

const table = z.strictObject({
  name,
  title: z.string(),
  description: z.string(),
  grain: z.string(),
  load: z.enum(["delta", "snapshot", "cumulative"]),
  key: z.array(name).min(1).optional(),
  dated: z.strictObject({ column: name, lateness: z.int().min(0) }).optional(),
  label: name.optional(),
  tolerance: z.number().min(0).max(1),
  owner: z.string().optional(),
  drift: z.enum(["reject", "ignore", "keep"]).optional(),
  freshness: z.int().min(0).optional(),
  history: z.literal("type-2").optional(),
  rules: z.array(z.strictObject({ description: z.string(), check: z.string(), column: name.optional() })).optional(),
  columns: z.record(name, column),
});

const ref = z.strictObject({ table: name, column: name });
const described = { name, title: z.string(), formula: z.string(), unit: z.string(), why: z.string().optional() };
const fourPlaces = z.literal("decimal(18,4)");

const measure = z.discriminatedUnion("kind", [
  z.strictObject({ ...described, kind: z.literal("sum"), of: ref, type }),
  z.strictObject({ ...described, kind: z.literal("daily-sum"), of: z.array(name).min(1), type }),
  z.strictObject({ ...described, kind: z.literal("last"), of: ref, type }),
  z.strictObject({ ...described, kind: z.literal("last-day"), type: z.literal("date") }),
  z.strictObject({ ...described, kind: z.literal("days"), type: z.literal("int") }),
  z.strictObject({ ...described, kind: z.literal("flag-days"), of: ref, type: z.literal("int") }),
  z.strictObject({
    ...described,
    kind: z.literal("ratio"),
    numerator: name,
    less: name.nullable(),
    denominator: z.union([name, z.int().min(1)]),
    type: fourPlaces,
  }),
]);

const daily = z.discriminatedUnion("kind", [
  z.strictObject({ ...described, kind: z.literal("below"), stock: ref, flow: ref, type: z.literal("int") }),
  z.strictObject({ ...described, kind: z.literal("shortfall"), below: name, type }),
  z.strictObject({ ...described, kind: z.literal("shortfall-value"), shortfall: name, value: ref, type: fourPlaces }),
  z.strictObject({ ...described, kind: z.literal("flow-where"), flag: name, of: ref, type }),
]);

const day = { table: name, date: name };

const fact = z.strictObject({
  name,
  title: z.string(),
  calendar: z.strictObject({ ...day, period: name, mostDays: z.int().min(1), word: z.string().optional() }),
  keys: z.array(name).min(1),
  flow: z.strictObject({
    ...day,
    rowsPerDay: z.int().min(1),
    perDay: z.record(name, z.strictObject({ min: decimalText, max: decimalText })).optional(),
  }),
  stock: z.strictObject(day).nullable(),
  daily: z.array(daily).optional(),
  measures: z.array(measure).min(1),
});

export const contractSchema = z.strictObject({
  name,
  title: z.string(),
  attribution: z.string().nullable().optional(),
  tables: z.array(table).min(1),
  fact,
  ledger: z
    .strictObject({ onHand: name, onOrder: name, waste: name, outOfStock: name, quantity: name })
    .nullable()
    .optional(),
});

export type ContractDocument = z.input<typeof contractSchema>;

const SOURCE: Readonly<Record<string, SourceType>> = {
  ...{ int: "int", bigint: "int", string: "varchar", boolean: "boolean", date: "date" },
};

const sourceType = (stored: string): SourceType => SOURCE[stored] ?? `numeric(38,${decimalOf(stored)?.scale ?? 0})`;

type ParsedTable = z.output<typeof table>;

function tableFrom({ columns, ...rest }: ParsedTable) {
  const specs = Object.entries(columns).map(([key, { required, type: stored, ...more }]) => {
    const spec = { ...more, type: stored, sourceType: sourceType(stored), nullable: required !== true } as ColumnSpec;
    return [key, new Column(spec)] as const;
  });
  return defineTable({ ...rest, columns: Object.fromEntries(specs) } as Parameters<typeof defineTable>[0]);
}

/**
 * @param value what stands in the file
 * @throws {SalesEtlError} that names the file and the property
 */
export function contractFrom(value: unknown, file: string): Dataset {
  const { tables, fact: declared, ...rest } = parsed(contractSchema, value, file);
  try {
    return defineDataset({
      ...rest,
      ledger: rest.ledger ?? null,
      attribution: rest.attribution ?? null,
      tables: tables.map(tableFrom),
      fact: defineFact(declared as Fact),
    });
  } catch (error) {
    if (!(error instanceof SalesEtlError)) throw error;
    const problem = { path: error.path ?? "fact", message: error.message };
    throw new InvalidPropertiesError(file, [problem], error.code);
  }
}
