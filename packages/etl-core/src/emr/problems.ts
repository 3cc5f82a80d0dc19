import { InvalidPropertiesError, type PropertyProblem } from "../errors.ts";

/** Gathers what is wrong, so that a caller hears all of it at once. */
export class Problems {
  readonly #found: PropertyProblem[] = [];

  /** Notes a problem at `path` unless `ok`. */
  require(ok: boolean, path: string, message: string): void {
    if (!ok) this.#found.push({ path, message });
  }

  /** @throws InvalidPropertiesError when anything was noted; `what` begins its message. */
  throwIfAny(what: string): void {
    if (this.#found.length > 0) throw new InvalidPropertiesError(what, this.#found);
  }
}

/** `s3://bucket/key`; anything that is no bucket name after `s3://` is a mistake that EMR reports minutes later. */
export const isS3Uri = (text: string): boolean => /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/\S*)?$/.test(text);

export const isWhole = (value: number, minimum: number, maximum: number): boolean =>
  Number.isInteger(value) && value >= minimum && value <= maximum;
