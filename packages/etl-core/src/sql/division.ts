/** Division in portable SQL: exact, rounded once half away from zero, the same to the last digit on every engine. */
import { type Field, mostOf } from "./field.ts";
import { magnitude, type Proof, type Range, type Whole } from "./whole.ts";

/** Steps of a calculation, each a CTE that adds columns to the one before. */
export const DIVISION_STEPS = ["wholes", "remainders", "estimates", "quotients"] as const;

/** n / d, without its point. */
export interface Quotient {
  readonly steps: Readonly<Record<(typeof DIVISION_STEPS)[number], readonly string[]>>;
  /** From the columns of the last step; NULL where the divisor is not above 0 or a part is NULL. */
  readonly value: Field & { readonly sql: string };
}

export interface Division {
  readonly name: string;
  readonly dividend: Whole;
  /** NULL where it is not above 0. */
  readonly divisor: Whole;
  /** Digits after the point of the quotient. */
  readonly scale: number;
  /** Narrower than dividend / 1, where it is known. */
  readonly bound?: bigint | null;
}

/**
 * Engines divide decimals differently in type and rounding, so the division is done on whole numbers. They differ
 * there, too: some divide whole numbers in binary floating point, which is exact for a small quotient only. So the
 * quotient is estimated first, and what the estimate leaves over, a small multiple of the divisor, is divided again:
 * long division in two digits, exact for all of 64 bits.
 */
export function divide(proof: Proof, { name, dividend, divisor, scale, bound }: Division): Quotient {
  const [n, d, r, e, q] = ["n", "d", "r", "e", "q"].map((part) => `${name}_${part}`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const product = `ABS(${n}) - ${r} - ${e} * ${d}`;
  let range: Range | null = null;
  if (dividend.range !== null && divisor.range !== null) {
    const largest = magnitude(dividend.range);
    // The estimate is off by three roundings to 53 bits at most, and by less than 1 of the quotient.
    proof.whole(`${e} * ${d}`, { min: 0n, max: largest + largest / 2n ** 51n + divisor.range.max + 1n });
    const quotient = bound === undefined || bound === null || bound > largest ? largest : bound;
    range = { min: dividend.range.min < 0n ? -quotient - 1n : 0n, max: quotient + 1n };
    proof.fits(`the quotient ${name}`, range, `decimal(18,${scale})`, mostOf(`decimal(18,${scale})`));
  }
  const unit = `CAST(${(10 ** -scale).toFixed(scale)} AS DECIMAL(${scale + 1},${scale}))`;
  const quotient = `CAST(CASE WHEN ${n} < 0 THEN -${q} ELSE ${q} END AS DECIMAL(18,0))`;
  return {
    steps: {
      wholes: [`${dividend.sql} AS ${n}`, `CASE WHEN ${divisor.sql} > 0 THEN ${divisor.sql} END AS ${d}`],
      remainders: [`MOD(ABS(${n}), ${d}) AS ${r}`],
      estimates: [`CAST(FLOOR(CAST(ABS(${n}) - ${r} AS DOUBLE) / ${d}) AS BIGINT) AS ${e}`],
      // Half away from zero: one more where the remainder is at least what is missing to the divisor.
      quotients: [
        `${e} + CAST(FLOOR(CAST(${product} AS DOUBLE) / ${d} + 0.5) AS BIGINT) + CASE WHEN ${r} >= ${d} - ${r} THEN 1 ELSE 0 END AS ${q}`,
      ],
    },
    value: { name, scale, range, nullable: true, sql: `CAST(${quotient} * ${unit} AS DECIMAL(18,${scale}))` },
  };
}

export interface Cte {
  readonly name: string;
  /** Why it is there, in the SQL. */
  readonly note?: string;
  readonly sql: string;
}

/** The steps of some divisions, over the relation `from`; the last one has all its columns. */
export function divisionCtes(prefix: string, from: string, quotients: readonly Quotient[]): readonly Cte[] {
  if (quotients.length === 0) return [];
  let before = from;
  return DIVISION_STEPS.map((step) => {
    const name = `${prefix}_${step}`;
    const columns = quotients.flatMap(({ steps }) => steps[step]);
    const sql = `SELECT x.*,\n    ${columns.join(",\n    ")}\n  FROM ${before} x`;
    before = name;
    return { name, sql };
  });
}

export const withCtes = (ctes: readonly Cte[], select: string): string =>
  `WITH ${ctes.map(({ name, note, sql }) => `${name} AS (${note === undefined ? "" : `  -- ${note}`}\n  ${sql}\n)`).join(",\n")}\n${select}`;
