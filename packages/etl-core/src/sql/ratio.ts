/** Ratios in portable SQL: exact, rounded once, the same to the last digit on every engine. */
import { SalesEtlError } from "../errors.ts";
import { RATIO_SCALE, type Ratio } from "../measures/measure.ts";

export interface RatioSql {
  /** Columns to add first: numerator (in units of 10^-RATIO_SCALE) and denominator as whole numbers. */
  readonly parts: readonly string[];
  /** Then: the quotient's absolute value, rounded half up; NULL unless the denominator is above 0. */
  readonly quotient: string;
  /** Last: the measure. */
  readonly value: string;
}

/**
 * Engines divide decimals differently in type and rounding, whole numbers alike. The dividend is first made a multiple
 * of the divisor, so that the quotient is whole: an engine that divides in binary floating point is then off by less
 * than one half for every quotient below 2^51, and FLOOR(.. + 0.5) takes that away. What leaves 64 bits raises an error
 * on every engine.
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
  const [above, below, rounded] = [`${name}_n`, `${name}_d`, `${name}_q`];
  const factor = 10 ** (RATIO_SCALE + scale(denominator) - scale(numerator));
  const difference = less === null ? whole(numerator) : `(${whole(numerator)} - ${whole(less)})`;
  const dividend = `2 * ABS(${above}) + ${below}`;
  const unit = `CAST(${(10 ** -RATIO_SCALE).toFixed(RATIO_SCALE)} AS DECIMAL(${RATIO_SCALE + 1},${RATIO_SCALE}))`;
  return {
    parts: [`${difference} * ${factor} AS ${above}`, `${whole(denominator)} AS ${below}`],
    quotient: `CASE WHEN ${below} > 0
      THEN CAST(FLOOR(CAST(${dividend} - MOD(${dividend}, 2 * ${below}) AS DOUBLE) / (2 * ${below}) + 0.5) AS BIGINT) END AS ${rounded}`,
    value: `CAST(CAST(CASE WHEN ${above} < 0 THEN -${rounded} ELSE ${rounded} END AS DECIMAL(18,0)) * ${unit} AS DECIMAL(18,${RATIO_SCALE})) AS ${name}`,
  };
}
