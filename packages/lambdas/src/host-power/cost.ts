/** Dollars of instances by the hour, exact: no price passes through a float. */
import type { EmrPrices } from "@sales-etl/etl-core/emr";

/** One instance that was up. */
export interface Used {
  readonly type: string;
  readonly market: "on demand" | "spot";
  readonly ms: number;
  /** Whether EMR's price is to be paid, too. */
  readonly isOfEmr: boolean;
  readonly hasPublicAddress: boolean;
}

/** Digits after the point of a price, of a share and of a sum. */
const SCALE = 8;
const PLACES = 4;
const HOUR_MS = 3_600_000n;
const ONE = 10n ** BigInt(SCALE);

/** Ten-thousandths of a dollar, rounded half up once, at the end. @returns null when a type has no price */
export function costOf(used: readonly Used[], prices: EmrPrices): bigint | null {
  let sum = 0n;
  for (const { type, market, ms, isOfEmr, hasPublicAddress } of used) {
    const price = prices.instances[type];
    if (price === undefined) return null;
    const share = (market === "spot" ? exact(prices.spotShare) : ONE) + (isOfEmr ? exact(prices.emrShare) : 0n);
    const hourly = exact(price) * share + (hasPublicAddress ? exact(prices.publicAddress) * ONE : 0n);
    sum += hourly * BigInt(Math.round(ms));
  }
  const unit = HOUR_MS * 10n ** BigInt(2 * SCALE - PLACES);
  return (2n * sum + unit) / (2n * unit);
}

/** `0.0336` as ten-thousandths. */
export const dollarsText = (cost: bigint): string => text(cost, PLACES);

/** Hours to the thousandth, half up: `0.75`. */
export const hoursText = (ms: number): string =>
  text((2n * BigInt(Math.round(ms)) * 1000n + HOUR_MS) / (2n * HOUR_MS), 3);

function text(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** @throws {RangeError} for what is no plain decimal of at most {@link SCALE} places */
function exact(decimal: string): bigint {
  const [, whole = "", fraction = ""] = /^(\d+)(?:[.](\d{1,8}))?$/.exec(decimal) ?? [];
  if (whole === "") throw new RangeError(`the price "${decimal}" is no decimal of at most ${SCALE} places`);
  return BigInt(whole) * ONE + BigInt(fraction.padEnd(SCALE, "0"));
}
