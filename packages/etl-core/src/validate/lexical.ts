/** How each stored type is written in a CSV: shared by the stream checker and the check SQL, so that both mean the same. */
import { decimalOf, type StoredType, unknownType } from "../contract/types.ts";
import type { ProblemCode } from "./codes.ts";

export interface Lexical {
  /** Matches the whole text; the syntax that JavaScript, RE2 and Java share, without backslashes. */
  readonly pattern: string;
  readonly code: ProblemCode;
  /** For decimals: the part of `pattern` with no digit that would have to be rounded away (zeros may follow). */
  readonly scalePattern?: string;
}

/** @returns null for text, which may be anything. */
export function lexicalOf(type: StoredType): Lexical | null {
  const decimal = decimalOf(type);
  if (decimal !== null) {
    return {
      pattern: "-?[0-9]+([.][0-9]+)?",
      code: "VALUE_NOT_DECIMAL",
      scalePattern: decimal.scale === 0 ? "-?[0-9]+([.]0+)?" : `-?[0-9]+([.][0-9]{1,${decimal.scale}}0*)?`,
    };
  }
  switch (type) {
    case "int":
    case "bigint":
      return { pattern: "-?[0-9]+", code: "VALUE_NOT_INTEGER" };
    case "boolean":
      return { pattern: "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1", code: "VALUE_NOT_BOOLEAN" };
    case "date":
      return { pattern: "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", code: "VALUE_NOT_DATE" };
    case "string":
      return null;
    default:
      return unknownType(type);
  }
}
