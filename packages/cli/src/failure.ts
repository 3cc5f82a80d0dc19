/** What a command that fails says: `{"error": {code, message, path}}` for programs, the message for people. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { CommanderError } from "commander";
import type { ExitCode } from "./command.ts";
import { QualityError } from "./engine/quality.ts";

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What is wrong: an option, an argument, a file, a property; null where it is nothing that has a name. */
  readonly path: string | null;
}

export const INTERRUPTED: Failure = {
  code: "INTERRUPTED",
  message: "interrupted; nothing is published by halves: the same command again does what is left",
  path: null,
};

/** The option or argument that the parser speaks of stands in quotes. */
function ofParser({ message }: CommanderError): Failure {
  const [, quoted = null] = /'([^']*)'/.exec(message) ?? [];
  return { code: "USAGE", message: message.replace(/^error: /, ""), path: quoted?.split(/[ ,=]/)[0] ?? null };
}

/** @returns null where the parser did what it was asked for: help, or the version */
export function failureOf(error: unknown): { readonly failure: Failure; readonly exit: ExitCode } | null {
  if (error instanceof CommanderError) return error.exitCode === 0 ? null : { failure: ofParser(error), exit: 2 };
  if (error instanceof SalesEtlError) {
    const { code, message, path = null } = error;
    return { failure: { code, message, path }, exit: error instanceof QualityError ? 1 : 2 };
  }
  const { code = "INTERNAL", message = String(error), path = null } = error as Partial<NodeJS.ErrnoException>;
  return { failure: { code, message, path }, exit: 2 };
}
