/** Reads a file of settings or a contract: JSON in which whole lines may be comments, or a module's default export. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { SalesEtlError } from "@sales-etl/etl-core/errors";

const invalid = (file: string, message: string, cause?: unknown) =>
  new SalesEtlError(`${file}: ${message}`, { code: "SETTINGS_INVALID", path: file, cause });

/** Lines that begin with `//` become empty ones, so that a fault keeps its line. */
const withoutComments = (text: string) => text.replaceAll(/^[ \t]*\/\/.*$/gm, "");

/** @throws {SalesEtlError} SETTINGS_NOT_FOUND, SETTINGS_INVALID */
export async function readSettingsFile(file: string): Promise<unknown> {
  if (/[.](?:[mc]?js|[mc]?ts)$/.test(file)) {
    try {
      const { default: value } = (await import(pathToFileURL(path.resolve(file)).href)) as { default?: unknown };
      if (value !== undefined) return value;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      throw invalid(file, `cannot be loaded: ${code === undefined ? "" : `${code}: `}${message}`, cause);
    }
    throw invalid(file, "the module has no default export");
  }
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause;
    throw new SalesEtlError(`there is no file ${file}`, { code: "SETTINGS_NOT_FOUND", path: file, cause });
  });
  try {
    return JSON.parse(withoutComments(text));
  } catch (cause) {
    throw invalid(file, `is no JSON: ${(cause as Error).message}`, cause);
  }
}
