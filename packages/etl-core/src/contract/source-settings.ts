/** What a deployment's source does otherwise than the contract says: one form for the command, the gate and the cluster. */
import * as z from "zod/mini";
import { didYouMean, InvalidPropertiesError, type PropertyProblem, SalesEtlError } from "../errors.ts";
import { plausibilityNames } from "../sql/plausible.ts";
import type { Dataset } from "./dataset.ts";
import { withLoads } from "./loads.ts";
import type { Table } from "./table.ts";

/** A row that comes later than a year is an error of its day. */
const MOST_DAYS = 366;

const daysMessage = { error: `takes a whole number of days from 0 to ${MOST_DAYS}` };
const days = z.int(daysMessage).check(z.minimum(0, daysMessage), z.maximum(MOST_DAYS, daysMessage));
const byTable = <Value extends z.ZodMiniType>(value: Value) =>
  z.exactOptional(z.record(z.string(), value, { error: "takes an object: a value by the name of a table" }));

/** What a check that warns may be made. */
const severities = ["warning", "error", "off"] as const;

const severity = z.enum(severities, {
  // To YAML, off is a boolean.
  error: ({ input }) =>
    `takes one of ${severities.join(", ")}${input === false ? '; write "off" in quotes' : didYouMean(String(input), severities)}`,
});

/** The properties, for schemas of settings files. What is left out is as the contract says. */
export const sourceSettings = {
  /** What an export brings: `{ "sales": "cumulative" }`. */
  loads: byTable(z.enum(["delta", "snapshot", "cumulative"], { error: "takes one of delta, snapshot, cumulative" })),
  /** How many days before its file's date a row's own day may lie: `{ "sales": 14 }`. */
  lateness: byTable(days),
  /** How old a snapshot may be before a date waits for a new one: `{ "store": 3 }`. */
  freshness: byTable(days),
  /** What becomes of columns that the contract does not know: `{ "sales": "ignore" }`. */
  drift: byTable(z.enum(["reject", "ignore", "keep"], { error: "takes one of reject, ignore, keep" })),
  /** Of checks that warn, by their names: make one an error, or leave it out: `{ "store_key_known": "error" }`. */
  severities: z.exactOptional(
    z.record(z.string(), severity, { error: "takes an object: warning, error or off by the name of a check" }),
  ),
} as const;

const schema = z.strictObject(sourceSettings);

export type SourceSettings = Readonly<z.output<typeof schema>>;

/** These alone, of an object that has more. */
export const pickSourceSettings = (settings: SourceSettings): SourceSettings => {
  const { loads, lateness, freshness, drift, severities } = settings;
  return {
    ...(loads === undefined ? {} : { loads }),
    ...(lateness === undefined ? {} : { lateness }),
    ...(freshness === undefined ? {} : { freshness }),
    ...(drift === undefined ? {} : { drift }),
    ...(severities === undefined ? {} : { severities }),
  };
};

/**
 * @param text JSON, as a Lambda's environment carries it; empty: as the contract says
 * @throws {InvalidPropertiesError} SETTINGS_INVALID
 */
export function parseSourceSettings(text: string): SourceSettings {
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch (error) {
    throw invalid([{ path: "the whole", message: `is no JSON: ${(error as Error).message}` }]);
  }
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  throw invalid(error.issues.flatMap(problemsOf));
}

const problemsOf = (issue: z.core.$ZodIssue): PropertyProblem[] =>
  issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({ path: [...issue.path, key].join("."), message: "is not known here" }))
    : [{ path: issue.path.join(".") || "the whole", message: issue.message }];

const invalid = (problems: readonly PropertyProblem[]) =>
  new InvalidPropertiesError("the settings of the source", problems, "SETTINGS_INVALID");

/**
 * The data set as a deployment's source delivers it.
 * @throws {InvalidPropertiesError} SETTINGS_INVALID with all that a table cannot be (`lateness.store: ...`), and all checks
 *   that do not warn
 *
 * @example
 * const dataset = withSourceSettings(retail, { lateness: { sales: 14 }, drift: { sales: "ignore" } });
 */
export function withSourceSettings<D extends Dataset>(dataset: D, settings: SourceSettings): D {
  const { loads = {}, lateness = {}, freshness = {}, drift = {}, severities = {} } = settings;
  const problems = unknownTables(dataset, { loads, lateness, freshness, drift });
  problems.push(...unknownChecks(dataset, severities));
  let loaded = dataset;
  for (const [name, load] of Object.entries(loads)) {
    if (!dataset.tables.some((table) => table.name === name)) continue;
    try {
      loaded = withLoads(loaded, { [name]: load });
    } catch (error) {
      if (!(error instanceof SalesEtlError)) throw error;
      problems.push({ path: `loads.${name}`, message: error.message });
    }
  }
  const tables = loaded.tables.map((table) => {
    const { name } = table;
    const refuse = (property: string, message: string) => problems.push({ path: `${property}.${name}`, message });
    return {
      ...table,
      ...(lateness[name] === undefined ? {} : late(table, lateness[name], refuse)),
      ...(freshness[name] === undefined ? {} : fresh(table, freshness[name], refuse)),
      ...(drift[name] === undefined ? {} : { drift: drift[name] }),
    };
  });
  if (problems.length > 0) throw invalid(problems);
  return { ...loaded, tables, severities: { ...loaded.severities, ...severities } };
}

type Refuse = (property: string, message: string) => void;

function late({ name, load, dated }: Table, lateness: number, refuse: Refuse): Partial<Table> {
  if (dated === null) refuse("lateness", `the rows of ${name} have no day of their own that could be late`);
  else if (load === "cumulative")
    refuse("lateness", `a row of a cumulative export of ${name} may be of any day before`);
  return dated === null ? {} : { dated: { ...dated, lateness } };
}

function fresh({ name, load }: Table, freshness: number, refuse: Refuse): Partial<Table> {
  if (load !== "snapshot" && freshness > 0)
    refuse("freshness", `${name} is no snapshot: the rows of a day come from nowhere else`);
  return { freshness };
}

const unknownTables = (
  { name, tables }: Dataset,
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): PropertyProblem[] =>
  Object.entries(settings).flatMap(([property, value]) =>
    Object.keys(value)
      .filter((table) => !tables.some((known) => known.name === table))
      .map((table) => ({
        path: `${property}.${table}`,
        message: `${name} has no such table: ${tables.map((known) => known.name).join(", ")}`,
      })),
  );

/** What the numbers stand on is always an error, and has no severity to choose. */
function unknownChecks(dataset: Dataset, severities: Readonly<Record<string, string>>): PropertyProblem[] {
  const known = plausibilityNames(dataset);
  return Object.keys(severities)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: `severities.${name}`,
      message: `is no check that warns: ${known.join(", ") || "none"}${didYouMean(name, known)}`,
    }));
}
