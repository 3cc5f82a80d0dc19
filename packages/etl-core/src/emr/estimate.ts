/** What a run takes and costs, before anybody pays for it. */
import { decimalText, scaledInteger } from "../validate/totals.ts";
import { checkInstances, coresOf, type InstancesArgs } from "./instances.ts";
import { type EmrPrices, emrPrices } from "./prices.ts";
import { isWhole, Problems } from "./problems.ts";
import { type EmrSpeed, emrSpeed } from "./speed.ts";

export interface EstimateArgs {
  /** Rows of the date, over all files. */
  readonly rows: number;
  readonly instances: InstancesArgs;
  /** Whether the nodes have public addresses, as in `network: public`. @default true */
  readonly publicAddresses?: boolean;
  /** @default {@link emrPrices} */
  readonly prices?: EmrPrices;
  /** @default {@link emrSpeed} */
  readonly speed?: EmrSpeed;
}

export interface EstimateLine {
  readonly item: "primary" | "core" | "task" | "addresses";
  /** In words: `2 x m7g.xlarge, 0.1632 + 0.0408 an hour`. */
  readonly reckoning: string;
  /** Exact to four places, half up. */
  readonly dollars: string;
}

export interface Estimate {
  /** From the call until the cluster is gone: what is paid for. Rounded up. */
  readonly minutes: number;
  /** Of these, the job itself. Rounded up. */
  readonly jobMinutes: number;
  /** US dollars, exact to four places, half up. Not in it: volumes, S3, Glue, logs. */
  readonly dollars: string;
  readonly lines: readonly EstimateLine[];
  readonly prices: Pick<EmrPrices, "date" | "region" | "source">;
  readonly speed: Pick<EmrSpeed, "date" | "source">;
}

/** Digits after the point of a price and of a share while they are multiplied. */
const scale = 8;
const places = 4;

const divideUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;
const divideHalfUp = (value: bigint, by: bigint): bigint => (2n * value + by) / (2n * by);

/** A sum of dollars an hour at twice {@link scale}, over seconds, in ten-thousandths of a dollar. */
const costOf = (hourly: bigint, seconds: bigint): bigint =>
  divideHalfUp(hourly * seconds, 3600n * 10n ** BigInt(2 * scale - places));

/**
 * Dollars and minutes of one daily run on a cluster that is there for it alone. Nodes that managed scaling adds are not
 * in it: they shorten the run about as much as they cost. Of a fleet's types the dearest is what it may cost.
 *
 * @throws InvalidPropertiesError with all mistakes at once; a type without a price is one
 * @example
 * ```ts
 * const { minutes, dollars } = estimateRun({
 *   rows: 20_000_000,
 *   instances: { primary: { types: ["m7g.xlarge"] }, core: { types: ["m7g.xlarge"], count: 2 } },
 * });
 * ```
 */
export function estimateRun(args: EstimateArgs): Estimate {
  const { rows, instances, publicAddresses = true, speed = emrSpeed } = args;
  const prices: EmrPrices = args.prices ?? emrPrices;
  const { primary, core, task } = instances;
  check(args, prices);
  const one = 10n ** BigInt(scale);
  const exact = (text: string) => scaledInteger(text, scale) ?? 0n;
  const hourly = (type: string) => exact(prices.instances[type] ?? "0");
  const dearest = (types: readonly string[]) =>
    types.reduce((most, type) => (hourly(type) > hourly(most) ? type : most), types[0] ?? "");

  const cores = BigInt(coresOf(instances));
  const jobSeconds = BigInt(speed.fixedSeconds) + divideUp(BigInt(rows) * 60n, BigInt(speed.rowsPerCoreMinute) * cores);
  const seconds = BigInt(speed.startSeconds) + jobSeconds + BigInt(speed.endSeconds);

  const fleets = [
    { item: "primary", types: primary.types, count: 1, share: one },
    { item: "core", types: core.types, count: core.count ?? 1, share: one },
    { item: "task", types: task?.types ?? [], count: task?.count ?? 0, share: exact(prices.spotShare) },
  ] as const;
  const lines: { line: Omit<EstimateLine, "dollars">; hourly: bigint }[] = fleets
    .filter(({ count }) => count > 0)
    .map(({ item, types, count, share }) => {
      const type = dearest(types);
      const [instance, emr] = [hourly(type) * share, hourly(type) * exact(prices.emrShare)];
      const [own, fee] = [instance, emr].map((value) => trimmed(decimalText(value, 2 * scale)));
      const reckoning = `${count} x ${type}, ${own} + ${fee} an hour`;
      return { line: { item, reckoning }, hourly: BigInt(count) * (instance + emr) };
    });
  if (publicAddresses) {
    const nodes = fleets.reduce((sum, { count }) => sum + count, 0);
    const reckoning = `${nodes} x ${prices.publicAddress} an hour`;
    lines.push({ line: { item: "addresses", reckoning }, hourly: BigInt(nodes) * exact(prices.publicAddress) * one });
  }
  const all = lines.reduce((sum, line) => sum + line.hourly, 0n);
  return {
    minutes: Number(divideUp(seconds, 60n)),
    jobMinutes: Number(divideUp(jobSeconds, 60n)),
    dollars: decimalText(costOf(all, seconds), places),
    lines: lines.map((one) => ({ ...one.line, dollars: decimalText(costOf(one.hourly, seconds), places) })),
    prices: { date: prices.date, region: prices.region, source: prices.source },
    speed: { date: speed.date, source: speed.source },
  };
}

const trimmed = (decimal: string): string => decimal.replace(/0+$/, "").replace(/[.]$/, "");

function check({ rows, instances }: EstimateArgs, prices: EmrPrices): void {
  const problems = new Problems();
  problems.require(isWhole(rows, 0, 1e12), "rows", `${rows} is no whole number from 0 to 1000000000000`);
  checkInstances(instances, problems);
  for (const fleet of ["primary", "core", "task"] as const) {
    for (const [index, type] of (instances[fleet]?.types ?? []).entries()) {
      const price = prices.instances[type];
      const known = price !== undefined && scaledInteger(price, scale) !== null;
      const message = `${type} has no price in the table of ${prices.date} for ${prices.region}: give it with \`prices\``;
      problems.require(known, `instances.${fleet}.types[${index}]`, message);
    }
  }
  for (const name of ["emrShare", "spotShare", "publicAddress"] as const) {
    const known = scaledInteger(prices[name], scale) !== null;
    problems.require(known, `prices.${name}`, `${prices[name]} is no decimal of at most ${scale} places`);
  }
  problems.throwIfAny("the estimate of a run");
}
