import type { ProblemCode } from "./codes.ts";

/** A fault that ends the reading of a file. */
export class FileFault extends Error {
  readonly code: ProblemCode;
  readonly line: number | null;
  readonly value: string | null;

  constructor(code: ProblemCode, message: string, line: number | null = null, value: string | null = null) {
    super(message);
    this.name = "FileFault";
    this.code = code;
    this.line = line;
    this.value = value;
  }
}
