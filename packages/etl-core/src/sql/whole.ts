/**
 * Whole numbers in SQL together with the bounds that hold for them: whoever writes an expression proves at the same
 * time that it fits into 64 bits, which is what every engine has for exact arithmetic on whole numbers.
 */
import { SalesEtlError } from "../errors.ts";

/** Inclusive. */
export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

/** An expression of type BIGINT. Its range is null where nothing is known of the rows (groups of a fact). */
export interface Whole {
  readonly sql: string;
  readonly range: Range | null;
}

const LIMIT = 2n ** 63n - 1n;

export const magnitude = ({ min, max }: Range): bigint => (-min > max ? -min : max);

export const spanOf = (...values: readonly bigint[]): Range => ({
  min: values.reduce((a, b) => (b < a ? b : a)),
  max: values.reduce((a, b) => (b > a ? b : a)),
});

/** The range with 0 in it: of what counts as 0 where there is none. */
export const withZero = ({ min, max }: Range): Range => spanOf(0n, min, max);

const grouped = (value: bigint) => value.toString().replace(/\B(?=(\d{3})+$)/g, ",");

/** Writes the expressions of one measure (or daily column). */
export class Proof {
  readonly #fact: string;
  readonly #measure: string;
  /** What is declared of the columns that the measure is computed from, for the message. */
  readonly #declared: readonly string[];

  constructor(fact: string, measure: string, declared: readonly string[]) {
    this.#fact = fact;
    this.#measure = measure;
    this.#declared = declared;
  }

  #fail(what: string, reached: bigint, limit: string): never {
    const declared = this.#declared.map((line) => `\n  ${line}`).join("");
    throw new SalesEtlError(
      `measure ${this.#measure}: ${what} can reach ${grouped(reached)}, ${limit}; declare narrower bounds of what it is computed from:${declared}`,
      { code: "MEASURE_UNBOUNDED", path: `${this.#fact}.${this.#measure}` },
    );
  }

  /** @throws {SalesEtlError} MEASURE_UNBOUNDED where the range leaves 64 bits */
  whole(sql: string, range: Range | null): Whole {
    if (range !== null && magnitude(range) > LIMIT) {
      this.#fail(`the intermediate ${sql}`, magnitude(range), "more than 64 bits hold (9,223,372,036,854,775,807)");
    }
    return { sql, range };
  }

  /** @throws {SalesEtlError} MEASURE_UNBOUNDED where a value of the range has more digits than the type */
  fits(sql: string, range: Range | null, type: string, most: bigint): void {
    if (range !== null && magnitude(range) > most) {
      this.#fail(`${sql} (without the point)`, magnitude(range), `more than ${type} holds`);
    }
  }

  minus(a: Whole, b: Whole): Whole {
    const range = a.range && b.range && { min: a.range.min - b.range.max, max: a.range.max - b.range.min };
    return this.whole(`(${a.sql} - ${b.sql})`, range);
  }

  times(a: Whole, b: Whole): Whole {
    const [x, y] = [a.range, b.range];
    const range = x && y && spanOf(x.min * y.min, x.min * y.max, x.max * y.min, x.max * y.max);
    return this.whole(`${a.sql} * ${b.sql}`, range);
  }

  /** Times a power of ten; nothing is written for 10^0. */
  shifted(a: Whole, places: number): Whole {
    const factor = 10n ** BigInt(places);
    return places === 0 ? a : this.times(a, { sql: String(factor), range: { min: factor, max: factor } });
  }
}
