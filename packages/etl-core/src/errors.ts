/** The errors of sales-etl: a stable `code`, a `path` to what is wrong, and a message that says what to do. */
export { closest, didYouMean } from "./closest.ts";

export interface ErrorDetails {
  /** Stable, for programs: `SETTINGS_INVALID`, `LANDING_NOT_FOUND` ... */
  readonly code: string;
  /** Where: a property (`instances.core.count`), a file, `table/file:line`. */
  readonly path?: string;
  readonly cause?: unknown;
}

/** The base class. `exitCode` 2 of the command: the input data is not to blame, the call or the system is. */
export class SalesEtlError extends Error {
  readonly code: string;
  readonly path: string | undefined;

  constructor(message: string, { code, path, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.path = path;
  }

  /** The shape that `--json` promises. */
  toJSON(): { code: string; message: string; path?: string } {
    return { code: this.code, message: this.message, ...(this.path === undefined ? {} : { path: this.path }) };
  }
}

export interface PropertyProblem {
  /** From the root of the arguments: `instances.core.count`. */
  readonly path: string;
  readonly message: string;
}

/** All that is wrong with some arguments, at once: one line a property. */
export class InvalidPropertiesError extends SalesEtlError {
  readonly problems: readonly PropertyProblem[];

  /** @param what the thing described by the arguments, as in "the job flow" */
  constructor(what: string, problems: readonly PropertyProblem[], code = "PROPERTIES_INVALID") {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    const count = problems.length === 1 ? "1 property" : `${problems.length} properties`;
    super(`${what}: ${count} cannot be used\n${lines.join("\n")}`, {
      code,
      ...(problems[0] === undefined ? {} : { path: problems[0].path }),
    });
    this.problems = problems;
  }
}
