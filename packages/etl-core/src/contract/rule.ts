/**
 * Rules over several columns as one short text: compiled to SQL that DuckDB, Spark and Athena read alike, and to the same
 * over the texts of a file. Numbers are exact; a comparison with an empty value is neither true nor false, as in SQL.
 */
import { SalesEtlError } from "../errors.ts";
import { canonicalOf } from "../validate/canonical.ts";
import type { ColumnSpec } from "./column.ts";
import { parseRule, type RuleNode, ruleFault } from "./rule-parse.ts";
import type { RowRule } from "./table.ts";
import { decimalOf, type StoredType } from "./types.ts";

export interface RuleText {
  /** In words: what must hold. */
  readonly description: string;
  /** Such as `sales_amt <= sales_qty * 1000 or promotion_flg`; docs/contract.md says what may stand in it. */
  readonly check: string;
  /** The column that the fault is reported under. @default the first one that is named */
  readonly column?: string;
}

type Columns = Readonly<Record<string, ColumnSpec>>;
type TextOf = (column: string) => string;

interface Units {
  readonly units: bigint;
  readonly scale: number;
}

/** A number is {@link Units}, a day its number since 1970; null is unknown. */
type Value = Units | string | number | boolean | null;

interface Compiled {
  readonly kind: "number" | "text" | "date" | "boolean";
  /** Of a number: digits at most, and those behind the point. */
  readonly precision: number;
  readonly scale: number;
  readonly sql: string;
  readonly value: (text: TextOf) => Value;
}

/** What the engines' exact numbers hold. */
const MOST_DIGITS = 38;
/** Beyond what DuckDB keeps in 64 bits. */
const NARROW = 19;
const DAY = 86_400_000;

const kindOf = (type: StoredType): Compiled["kind"] =>
  type === "string" ? "text" : type === "date" || type === "boolean" ? type : "number";

/** Digits of the whole numbers. */
const WHOLE = { int: 10, bigint: 19 } as const;

const unitsOf = (text: string): Units => {
  const [whole = "", fraction = ""] = text.split(".");
  return { units: BigInt(whole + fraction), scale: fraction.length };
};
const scaled = ({ units, scale }: Units, to: number): bigint => units * 10n ** BigInt(to - scale);

function compared(left: Value, right: Value): number | null {
  if (left === null || right === null) return null;
  if (typeof left !== "object" || typeof right !== "object") return left < right ? -1 : left > right ? 1 : 0;
  const scale = Math.max(left.scale, right.scale);
  const [a, b] = [scaled(left, scale), scaled(right, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const truths: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const literalText = (text: string) => `'${text.replaceAll("'", "''")}'`;
const numberType = ({ precision, scale }: Pick<Compiled, "precision" | "scale">) => `DECIMAL(${precision},${scale})`;

/** Engines widen numbers each in its own way: it is said how. */
const widened = (of: Compiled, scale: number, whole: number): string => {
  const to = { precision: whole + scale, scale };
  return `CAST(${of.sql} AS ${numberType(to)})`;
};

/** @throws {SalesEtlError} CONTRACT_INVALID where the rule's text cannot be read or makes no sense */
export function ruleOf({ description, check, column }: RuleText, columns: Columns): RowRule {
  const named: string[] = [];
  const fail = (node: RuleNode, message: string): never => ruleFault(check, node.at, message);

  function columnOf(node: RuleNode & { kind: "column" }): Compiled {
    const { name } = node;
    const spec = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (spec === undefined) return fail(node, `there is no column ${name}: ${Object.keys(columns).join(", ")}`);
    named.push(name);
    const { type } = spec;
    const canonical = canonicalOf(type);
    const kind = kindOf(type);
    const read: Record<Compiled["kind"], (text: string) => Value> = {
      number: (text) => unitsOf(canonical(text)),
      text: (text) => text,
      date: (text) => Date.parse(`${text}T00:00:00Z`) / DAY,
      boolean: (text) => canonical(text) === "true",
    };
    const { precision, scale } = decimalOf(type) ?? { precision: WHOLE[type as "int"] ?? 0, scale: 0 };
    const value = (text: TextOf) => (text(name) === "" ? null : read[kind](text(name)));
    return { kind, precision, scale, sql: name, value };
  }

  function literal(node: RuleNode & { kind: "number" | "text" | "date" }): Compiled {
    const { kind, text } = node;
    if (kind === "number") {
      const [whole = "", fraction = ""] = text.split(".");
      const size = { precision: whole.length + fraction.length, scale: fraction.length };
      if (size.precision > 18) fail(node, "a number has at most 18 digits");
      const units = unitsOf(text);
      return { kind, ...size, sql: `CAST(${text} AS ${numberType(size)})`, value: () => units };
    }
    if (kind === "date") {
      const day = Date.parse(`${text}T00:00:00Z`) / DAY;
      const isDay = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/.test(text) && Number.isInteger(day);
      if (!isDay || new Date(day * DAY).toISOString().slice(0, 10) !== text)
        fail(node, `${text} is no day written YYYY-MM-DD`);
      return { kind, precision: 0, scale: 0, sql: `DATE '${text}'`, value: () => day };
    }
    // Spark reads a backslash as the beginning of another sign; an empty text is no value at all.
    if (text === "" || !/^[^\\\p{Cc}]+$/u.test(text))
      fail(
        node,
        text === "" ? "an empty text is null: write `is null`" : "a text has no backslash and no control sign",
      );
    return { kind, precision: 0, scale: 0, sql: literalText(text), value: () => text };
  }

  const truth = (sql: string, value: (text: TextOf) => boolean | null): Compiled => ({
    ...{ kind: "boolean", precision: 0, scale: 0, sql, value },
  });
  const condition = (node: RuleNode): Compiled => {
    const compiled = compile(node);
    return compiled.kind === "boolean" ? compiled : fail(node, `a condition is expected, not a ${compiled.kind}`);
  };

  function comparison(node: RuleNode & { kind: "compare" }, left: Compiled, right: Compiled): Compiled {
    const { operator } = node;
    if (left.kind !== right.kind) fail(node, `a ${left.kind} cannot be compared with a ${right.kind}`);
    const isOrder = operator !== "=" && operator !== "<>";
    if (isOrder && (left.kind === "text" || left.kind === "boolean"))
      fail(node, `a ${left.kind} is equal or not: its order differs between engines`);
    const value = (text: TextOf) => {
      const order = compared(left.value(text), right.value(text));
      return order === null ? null : (truths[operator]?.(order) ?? null);
    };
    if (left.kind !== "number") return truth(`(${left.sql} ${operator} ${right.sql})`, value);
    const scale = Math.max(left.scale, right.scale);
    const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
    if (whole + scale > MOST_DIGITS) fail(node, `numbers of more than ${MOST_DIGITS} digits would be compared`);
    return truth(`(${widened(left, scale, whole)} ${operator} ${widened(right, scale, whole)})`, value);
  }

  function days(node: RuleNode & { kind: "arithmetic" }, of: Compiled): Compiled {
    const { operator, right } = node;
    if (right.kind !== "number" || !/^[0-9]{1,5}$/.test(right.text) || operator === "*")
      return fail(node, "to a day only a number of days is added, as in order_dt + 30");
    const count = (operator === "-" ? -1 : 1) * Number(right.text);
    const value = (text: TextOf) => {
      const day = of.value(text);
      return day === null ? null : (day as number) + count;
    };
    const sql = `(${of.sql} ${operator} INTERVAL '${Number(right.text)}' DAY)`;
    return { kind: "date", precision: 0, scale: 0, sql, value };
  }

  function arithmetic(node: RuleNode & { kind: "arithmetic" }): Compiled {
    const { operator } = node;
    const left = compile(node.left);
    if (left.kind === "date") return days(node, left);
    const right = compile(node.right);
    if (left.kind !== "number" || right.kind !== "number")
      return fail(node, `${operator} takes numbers, not a ${left.kind === "number" ? right.kind : left.kind}`);
    const isProduct = operator === "*";
    const scale = isProduct ? left.scale + right.scale : Math.max(left.scale, right.scale);
    const whole = (one: Compiled) => one.precision - one.scale;
    // DuckDB leaves the result of two numbers of up to 18 digits with 18: it is told to take more.
    const widen = Math.max(left.precision, right.precision) < NARROW;
    const wide = { ...left, precision: widen ? NARROW : left.precision };
    // As Spark reckons; beyond its limit it would round.
    const made = isProduct ? wide.precision + right.precision + 1 : Math.max(whole(wide), whole(right)) + scale + 1;
    if (made > MOST_DIGITS) fail(node, `the result may have more than ${MOST_DIGITS} digits`);
    const precision = isProduct ? left.precision + right.precision : Math.max(whole(left), whole(right)) + scale + 1;
    const value = (text: TextOf) => {
      const [a, b] = [left.value(text) as Units | null, right.value(text) as Units | null];
      if (a === null || b === null) return null;
      if (isProduct) return { units: a.units * b.units, scale: a.scale + b.scale };
      const to = Math.max(a.scale, b.scale);
      return { units: scaled(a, to) + (operator === "-" ? -1n : 1n) * scaled(b, to), scale: to };
    };
    const operands = [wide, right].map((one) => widened(one, one.scale, whole(one)));
    const sql = `CAST(${operands.join(` ${operator} `)} AS ${numberType({ precision, scale })})`;
    return { kind: "number", precision, scale, sql, value };
  }

  function compile(node: RuleNode): Compiled {
    switch (node.kind) {
      case "column":
        return columnOf(node as RuleNode & { kind: "column" });
      case "number":
      case "text":
      case "date":
        return literal(node as RuleNode & { kind: "number" });
      case "boolean":
        return truth(node.value ? "TRUE" : "FALSE", () => node.value);
      case "minus": {
        const of = compile(node.of);
        if (of.kind !== "number") return fail(node, `- takes a number, not a ${of.kind}`);
        const value = (text: TextOf) => {
          const units = of.value(text) as Units | null;
          return units === null ? null : { ...units, units: -units.units };
        };
        return { ...of, sql: `(-${of.sql})`, value };
      }
      case "not": {
        const of = condition(node.of);
        const value = (text: TextOf) => {
          const known = of.value(text);
          return known === null ? null : !known;
        };
        return truth(`(NOT ${of.sql})`, value);
      }
      case "empty": {
        const of = compile(node.of);
        const value = (text: TextOf) => (of.value(text) === null) === node.is;
        return truth(`(${of.sql} IS ${node.is ? "" : "NOT "}NULL)`, value);
      }
      case "and":
      case "or": {
        const [left, right] = [condition(node.left), condition(node.right)];
        // What decides alone: false of `and`, true of `or`.
        const decides = node.kind === "or";
        const value = (text: TextOf) => {
          const [a, b] = [left.value(text), right.value(text)];
          if (a === decides || b === decides) return decides;
          return a === null || b === null ? null : !decides;
        };
        return truth(`(${left.sql} ${node.kind.toUpperCase()} ${right.sql})`, value);
      }
      case "compare":
        return comparison(node as RuleNode & { kind: "compare" }, compile(node.left), compile(node.right));
      case "arithmetic":
        return arithmetic(node as RuleNode & { kind: "arithmetic" });
    }
  }

  const compiled = condition(parseRule(check));
  const [first] = named;
  if (first === undefined) return ruleFault(check, 0, "a rule names a column at least");
  const under = column ?? first;
  if (!Object.hasOwn(columns, under))
    throw new SalesEtlError(`the rule's column ${under} does not exist`, { code: "CONTRACT_INVALID" });
  return { description, column: under, sql: compiled.sql, holds: (text) => compiled.value(text) !== false };
}
