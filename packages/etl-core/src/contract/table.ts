import { SalesEtlError } from "../errors.ts";
import type { Column, ColumnSpec } from "./column.ts";
import { type RuleText, ruleOf } from "./rule.ts";
import { EXTRA_COLUMNS } from "./stored.ts";

// biome-ignore lint/suspicious/noExplicitAny: a table of columns of whatever value types
type Columns = Readonly<Record<string, Column<any>>>;

/**
 * `delta`: the rows of the date; `snapshot`: the whole table as of the date, replacing the one before; `cumulative`: the
 * rows of all days up to the date, of which what is new or changed counts.
 */
export type Load = "delta" | "snapshot" | "cumulative";

/** `type-2`: the warehouse keeps every version of a row, with the days that it held. */
export type History = "type-2";

/** A column that the contract does not know: `reject` the file, `ignore` the column, or `keep` it, both with a warning. */
export type Drift = "reject" | "ignore" | "keep";

/**
 * A rule over several columns of a row, looked at where each of them is right by itself. Both forms must mean the same.
 */
export interface RowRule {
  /** In words: what must hold. */
  readonly description: string;
  /** The column that the fault is reported under. */
  readonly column: string;
  /** Portable SQL over the columns' stored types; NULL counts as held. */
  readonly sql: string;
  /** The same over the texts of the file; an empty one is NULL. */
  readonly holds: (text: (column: string) => string) => boolean;
}

export interface TableArgs<C extends Columns> {
  /** Lower case; the folder in the landing and the name in the warehouse. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What one row is, in words. */
  readonly grain: string;
  /** As most sources deliver it; a deployment may say otherwise: `withLoads`. */
  readonly load: Load;
  readonly columns: C;
  /** Columns that name one row; two rows with the same key are both rejected. Left out where repeats are data. */
  readonly key?: readonly (keyof C & string)[];
  /** The column with the row's own day, and how many days before the file's date it may lie; any number in a cumulative file. */
  readonly dated?: { readonly column: keyof C & string; readonly lateness: number };
  /** In words that are compiled ({@link RuleText}), or in both forms by hand. */
  readonly rules?: readonly ((RowRule | RuleText) & { readonly column?: keyof C & string })[];
  /** The column that names a row to a person. */
  readonly label?: keyof C & string;
  /** The share of rows (0 to 1) that may be rejected before the whole file is. */
  readonly tolerance: number;
  /** Who answers for the data: a team or a person. */
  readonly owner?: string;
  /** What becomes of a column that the contract does not know; see {@link EXTRA_COLUMNS} for one that is kept. @default "reject" */
  readonly drift?: Drift;
  /**
   * Of a snapshot: how many days old the newest accepted export may be; 0: every business date brings one.
   * @default 0
   */
  readonly freshness?: number;
  /** Only for a snapshot with a key. @default none: the warehouse has the newest snapshot alone */
  readonly history?: History;
}

/** A table of the contract. */
export interface Table {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly grain: string;
  readonly load: Load;
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  readonly columnNames: readonly string[];
  readonly key: readonly string[] | null;
  readonly dated: { readonly column: string; readonly lateness: number } | null;
  readonly rules: readonly RowRule[];
  readonly label: string | null;
  readonly tolerance: number;
  readonly owner: string | null;
  readonly drift: Drift;
  readonly freshness: number;
  readonly history: History | null;
}

/** A table that still knows its row type. */
export interface TypedTable<Row> extends Table {
  /** Only for inference: never set. */
  readonly _row?: Row;
}

/** The row type of a table: `RowOf<typeof sales>`. */
export type RowOf<T> = T extends TypedTable<infer Row> ? Row : never;

/** A table's day column. */
export interface DayColumn {
  readonly table: string;
  readonly date: string;
}

const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * What JavaScript, RE2 and Java read alike: printable ASCII without backslashes, anchors, a dot for "any", groups with
 * (?, classes in classes, empty classes, set operations or repeats of 1000 and more.
 */
const DIFFERENT = /\\|[(][?]|[.^$](?![^[]*\])|&&|\[[^\]]*\[|\[\^?\]|\{[^}]*[0-9]{4}/;

function isSharedPattern(pattern: string): boolean {
  if (!/^[ -~]+$/.test(pattern) || DIFFERENT.test(pattern)) return false;
  try {
    new RegExp(`^(?:${pattern})$`, "u");
    return true;
  } catch {
    return false;
  }
}

/** Which days of a dump are said again can only be told by the rows' own days. */
export function requireLoad(load: Load, dated: Table["dated"], fail: (message: string) => void): void {
  if (load === "cumulative" && dated === null) fail("only a table with a dated column can be cumulative");
}

/** How many days before its file's date a row's day may lie; null: any number. */
export const latenessOf = ({ load, dated }: Pick<Table, "load" | "dated">): number | null =>
  load === "cumulative" ? null : (dated?.lateness ?? 0);

/**
 * Declares a table once; checks, readers, schemas and SQL are all derived from it.
 *
 * @example
 * const visits = defineTable({
 *   name: "visits", title: "Visits", description: "People through the door", grain: "one row per site and day",
 *   load: "delta", key: ["day", "site"], dated: { column: "day", lateness: 0 }, tolerance: 0.01,
 *   columns: { day: date("Day").required(), site: int("Site").required(), people: int("People").required().between(0) },
 * });
 */
export function defineTable<C extends Columns>(args: TableArgs<C>): TypedTable<{ [K in keyof C]: C[K]["_value"] }> {
  const columns = Object.fromEntries(Object.entries(args.columns).map(([name, { spec }]) => [name, spec]));
  const fail = (path: string, message: string): never => {
    throw new SalesEtlError(`table ${args.name}: ${message}`, {
      code: "CONTRACT_INVALID",
      path: `${args.name}.${path}`,
    });
  };
  for (const name of [args.name, ...Object.keys(columns)]) {
    if (!NAME.test(name)) fail(name, `"${name}" is no name: lower-case letters, digits and _ only`);
  }
  for (const [name, { type, pattern }] of Object.entries(columns)) {
    if (pattern === undefined) continue;
    if (type !== "string") fail(name, `only a text can have a pattern, not ${type}`);
    if (!isSharedPattern(pattern))
      fail(name, `the pattern ${pattern} is not written so that all engines read it alike`);
  }
  for (const name of args.key ?? []) {
    if (columns[name]?.nullable !== false) fail(name, `the key column ${name} must be required()`);
  }
  if (args.dated !== undefined) {
    const column = columns[args.dated.column];
    if (column?.type !== "date" || column.nullable) fail(args.dated.column, "the dated column must be a required date");
  }
  const rules = (args.rules ?? []).map((rule, index): RowRule => {
    if (!("check" in rule)) return rule;
    try {
      return ruleOf(rule, columns);
    } catch (cause) {
      if (!(cause instanceof SalesEtlError)) throw cause;
      return fail(`rules[${index}]`, cause.message);
    }
  });
  requireLoad(args.load, args.dated ?? null, (message) => fail("load", message));
  if (columns[EXTRA_COLUMNS] !== undefined)
    fail(EXTRA_COLUMNS, "the name is taken: stored rows keep unknown columns in it");
  if (!(args.tolerance >= 0 && args.tolerance <= 1)) fail("tolerance", "tolerance is a share from 0 to 1");
  const freshness = args.freshness ?? 0;
  if (args.load !== "snapshot" && freshness > 0) {
    fail("freshness", "only a snapshot may be missing: the rows of a day come from nowhere else");
  }
  if (!(Number.isInteger(freshness) && freshness >= 0)) fail("freshness", "freshness is a number of whole days");
  if (args.history !== undefined && (args.load !== "snapshot" || args.key === undefined))
    fail("history", "history is kept of snapshots with a key");
  for (const name of args.history === undefined ? [] : ["valid_from", "valid_to", "is_current"]) {
    if (columns[name] !== undefined) fail(name, `the history has a column ${name} of its own`);
  }
  return {
    name: args.name,
    title: args.title,
    description: args.description,
    grain: args.grain,
    load: args.load,
    columns,
    columnNames: Object.keys(columns),
    key: args.key ?? null,
    dated: args.dated ?? null,
    rules,
    label: args.label ?? null,
    tolerance: args.tolerance,
    owner: args.owner ?? null,
    drift: args.drift ?? "reject",
    freshness,
    history: args.history ?? null,
  };
}
