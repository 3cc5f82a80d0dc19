/** Reads the text of a rule over several columns: `sales_amt <= sales_qty * 1000 or not promotion_flg`. */
import { SalesEtlError } from "../errors.ts";

export const COMPARISONS = ["=", "<>", "<", "<=", ">", ">="] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type RuleNode =
  | { readonly kind: "column"; readonly name: string; readonly at: number }
  | { readonly kind: "number" | "text" | "date"; readonly text: string; readonly at: number }
  | { readonly kind: "boolean"; readonly value: boolean; readonly at: number }
  | {
      readonly kind: "and" | "or" | "compare" | "arithmetic";
      readonly operator: string;
      readonly left: RuleNode;
      readonly right: RuleNode;
      readonly at: number;
    }
  | { readonly kind: "not" | "minus"; readonly of: RuleNode; readonly at: number }
  | { readonly kind: "empty"; readonly of: RuleNode; readonly is: boolean; readonly at: number };

interface Token {
  readonly kind: "text" | "number" | "name" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

/** Of a rule's text, and of brackets in brackets. */
const LONGEST = 1000;
const DEEPEST = 50;

const KEYWORDS = ["and", "or", "not", "is", "null", "true", "false"];

/** @param at from 0 @throws {SalesEtlError} CONTRACT_INVALID */
export function ruleFault(rule: string, at: number, message: string): never {
  throw new SalesEtlError(`"${rule}", character ${at + 1}: ${message}`, { code: "CONTRACT_INVALID" });
}

function tokensOf(rule: string): Token[] {
  const tokens: Token[] = [];
  const one =
    /(?<text>'(?:[^']|'')*')|(?<number>[0-9]+(?:[.][0-9]+)?)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign><=|>=|<>|!=|[=<>+*()-])/y;
  for (let at = 0; at < rule.length; at = one.lastIndex) {
    if (/\s/.test(rule[at] ?? "")) {
      one.lastIndex = at + 1;
      continue;
    }
    one.lastIndex = at;
    const found = one.exec(rule);
    if (found === null) return ruleFault(rule, at, `cannot be read from ${JSON.stringify(rule.slice(at, at + 10))} on`);
    const [kind = "sign"] = Object.entries(found.groups ?? {}).flatMap(([key, value]) => (value ? [key] : []));
    const text = found[0];
    tokens.push({ kind: kind as Token["kind"], text: kind === "name" ? text.toLowerCase() : text, at });
  }
  return [...tokens, { kind: "end", text: "the end", at: rule.length }];
}

/** From the loosest bond to the tightest. */
const LEVELS = [
  { kind: "or", operators: ["or"] },
  { kind: "and", operators: ["and"] },
  { kind: "not", operators: [] },
  { kind: "compare", operators: [...COMPARISONS, "!=", "is"] },
  { kind: "arithmetic", operators: ["+", "-"] },
  { kind: "arithmetic", operators: ["*"] },
] as const;

/** @throws {SalesEtlError} CONTRACT_INVALID with the character that cannot be read */
export function parseRule(rule: string): RuleNode {
  if (rule.length > LONGEST) ruleFault(rule.slice(0, 40), LONGEST, `a rule has at most ${LONGEST} characters`);
  const tokens = tokensOf(rule);
  let next = 0;
  let depth = 0;
  const peek = () => tokens[next] as Token;
  const take = () => tokens[next++] as Token;
  const takes = (text: string) => {
    const isIt = peek().text === text && peek().kind !== "text";
    if (isIt) next += 1;
    return isIt;
  };
  const expected = (what: string): never => ruleFault(rule, peek().at, `${what} is expected, not ${peek().text}`);

  const deeper = <T>(read: () => T): T => {
    depth += 1;
    if (depth > DEEPEST) ruleFault(rule, peek().at, "too many brackets in each other");
    const result = read();
    depth -= 1;
    return result;
  };

  const single = (): RuleNode => {
    const { kind, text, at } = take();
    if (kind === "number") return { kind, text, at };
    if (kind === "text") return { kind, text: text.slice(1, -1).replaceAll("''", "'"), at };
    if (text === "(") {
      const inner = deeper(() => level(0));
      if (!takes(")")) expected(")");
      return inner;
    }
    if (text === "-") return { kind: "minus", of: deeper(single), at };
    if (text === "true" || text === "false") return { kind: "boolean", value: text === "true", at };
    if (text === "date" && peek().kind === "text") return { kind: "date", text: take().text.slice(1, -1), at };
    if (kind === "name" && !KEYWORDS.includes(text)) return { kind: "column", name: text, at };
    next -= 1;
    return expected("a column or a value");
  };

  const level = (index: number): RuleNode => {
    const here = LEVELS[index];
    if (here === undefined) return single();
    const { at } = peek();
    if (here.kind === "not")
      return takes("not") ? { kind: "not", of: deeper(() => level(index)), at } : level(index + 1);
    let left = level(index + 1);
    while ((here.operators as readonly string[]).includes(peek().text) && peek().kind !== "text") {
      const operator = take().text;
      if (operator === "is") {
        const is = !takes("not");
        if (!takes("null")) expected("null");
        left = { kind: "empty", of: left, is, at };
      } else {
        const right = level(index + 1);
        left = { kind: here.kind, operator: operator === "!=" ? "<>" : operator, left, right, at };
      }
      // a < b < c would compare a truth with a value.
      if (here.kind === "compare") break;
    }
    return left;
  };

  const whole = level(0);
  if (peek().kind !== "end") expected("and, or, or the end");
  return whole;
}
