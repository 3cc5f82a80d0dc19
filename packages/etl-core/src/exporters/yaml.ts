/**
 * YAML 1.2 in block style, of plain data only. Every text is written as a JSON string, which YAML reads unchanged, so no
 * word (`no`, `1.0`, `2020-01-06`) can turn into something else.
 */
import { Exact } from "./text.ts";

const PLAIN_KEY = /^[a-z][A-Za-z0-9]*$/;
/** Words that YAML 1.1 readers take for something else. */
const TRAPS = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null"]);

const key = (name: string) => (PLAIN_KEY.test(name) && !TRAPS.has(name) ? name : JSON.stringify(name));

function scalar(value: unknown): string | null {
  if (value instanceof Exact) return value.text;
  if (value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value)) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value) && value.length === 0) return "[]";
  if (typeof value === "object" && Object.keys(value).length === 0) return "{}";
  if (typeof value === "object") return null;
  throw new TypeError(`YAML cannot hold ${String(value)}`);
}

function lines(value: unknown): string[] {
  const text = scalar(value);
  if (text !== null) return [text];
  if (Array.isArray(value)) {
    return value.flatMap((item) => lines(item).map((line, index) => `${index === 0 ? "- " : "  "}${line}`));
  }
  return Object.entries(value as object).flatMap(([name, part]) => {
    const inside = scalar(part);
    return inside === null ? [`${key(name)}:`, ...lines(part).map((line) => `  ${line}`)] : [`${key(name)}: ${inside}`];
  });
}

/** @throws TypeError for what is no plain data, undefined included */
export const yamlText = (value: unknown): string => `${lines(value).join("\n")}\n`;
