/** Ratios in portable SQL: exact, rounded once, the same to the last digit on every engine. */
import { SalesEtlError } from "../errors.ts";
import { RATIO_SCALE, type Ratio } from "../measures/measure.ts";

/** The columns of one ratio, step by step; each step reads the columns of the one before. */
export interface RatioSql {
  readonly steps: Readonly<Record<RatioStep, readonly string[]>>;
  /** The measure, from the columns of the last step. */
  readonly value: string;
}

export const RATIO_STEPS = ["whole_numbers", "dividends", "estimates", "quotients"] as const;
export type RatioStep = (typeof RATIO_STEPS)[number];

/**
 * Engines divide decimals differently in type and rounding, so the division is done on whole numbers. They differ
 * there, too: some divide whole numbers in binary floating point, which is exact for a small quotient only. So the
 * quotient is estimated first, and what the estimate leaves over, a small multiple of the divisor, is divided again:
 * long division in two digits, exact for all of 64 bits. What leaves 64 bits raises an error on every engine.
 * @param scales digits after the point of the measures computed so far
 */
export function ratioSql(ratio: Ratio, scales: ReadonlyMap<string, number>): RatioSql {
  const { name, numerator, less, denominator } = ratio;
  const scale = (measure: string) => scales.get(measure) ?? 0;
  const whole = (measure: string) =>
    scale(measure) === 0 ? `CAST(${measure} AS BIGINT)` : `CAST(${measure} * ${10 ** scale(measure)} AS BIGINT)`;
  if (less !== null && scale(less) !== scale(numerator)) {
    throw new SalesEtlError(`${name}: ${numerator} and ${less} have different scales`, {
      code: "MEASURE_INVALID",
      path: name,
    });
  }
  const [n, d, x, e, q] = ["n", "d", "x", "e", "q"].map((part) => `${name}_${part}`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const factor = 10 ** (RATIO_SCALE + scale(denominator) - scale(numerator));
  const difference = less === null ? whole(numerator) : `(${whole(numerator)} - ${whole(less)})`;
  // Half of the divisor added before cutting off is rounding half up; the sign comes back at the end.
  const doubled = `2 * ABS(${n}) + ${d}`;
  const unit = `CAST(${(10 ** -RATIO_SCALE).toFixed(RATIO_SCALE)} AS DECIMAL(${RATIO_SCALE + 1},${RATIO_SCALE}))`;
  return {
    steps: {
      whole_numbers: [`${difference} * ${factor} AS ${n}`, `${whole(denominator)} AS ${d}`],
      dividends: [`CASE WHEN ${d} > 0 THEN ${doubled} - MOD(${doubled}, 2 * ${d}) END AS ${x}`],
      estimates: [`CASE WHEN ${d} > 0 THEN CAST(FLOOR(CAST(${x} AS DOUBLE) / (2 * ${d})) AS BIGINT) END AS ${e}`],
      quotients: [
        `CASE WHEN ${d} > 0 THEN ${e} + CAST(FLOOR(CAST(${x} - ${e} * 2 * ${d} AS DOUBLE) / (2 * ${d}) + 0.5) AS BIGINT) END AS ${q}`,
      ],
    },
    value: `CAST(CAST(CASE WHEN ${n} < 0 THEN -${q} ELSE ${q} END AS DECIMAL(18,0)) * ${unit} AS DECIMAL(18,${RATIO_SCALE})) AS ${name}`,
  };
}
