/** What a deployment tells a Lambda: environment variables, read once when it starts. */
import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";

/**
 * @param names the variables that must be set and not empty
 * @throws {InvalidPropertiesError} SETTINGS_INVALID that names all missing ones at once
 */
export function readVariables<Name extends string>(
  lambda: string,
  env: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Record<Name, string> {
  const missing = names.filter((name) => !env[name]?.trim());
  if (missing.length > 0) {
    const problems = missing.map((name) => ({ path: name, message: "is not set" }));
    throw new InvalidPropertiesError(`the environment of ${lambda}`, problems, "SETTINGS_INVALID");
  }
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string>;
}

/** @throws {InvalidPropertiesError} SETTINGS_INVALID unless the variable holds a number of at least 0 */
export function readNumber<Name extends string>(
  lambda: string,
  variables: Readonly<Record<Name, string>>,
  name: Name,
): number {
  const number = Number(variables[name]);
  if (Number.isFinite(number) && number >= 0) return number;
  const problems = [{ path: name, message: `"${variables[name]}" is no number of at least 0` }];
  throw new InvalidPropertiesError(`the environment of ${lambda}`, problems, "SETTINGS_INVALID");
}
