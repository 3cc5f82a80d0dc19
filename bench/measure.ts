/** Runs what is measured in processes of its own, and compares it with what it is measured by. */
import { execFileSync } from "node:child_process";
import path from "node:path";

export interface Measurement {
  readonly seconds: number;
  /** Of all cores. */
  readonly cpuSeconds: number;
  /** The peak. */
  readonly megabytes: number;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const child = (file: string, args: readonly string[]) =>
  execFileSync(process.execPath, ["--conditions=@sales-etl/source", file, ...args], { encoding: "utf8" });

export const measure = (name: string, ...args: readonly string[]): Measurement =>
  JSON.parse(child(path.join(import.meta.dirname, "cases.ts"), [name, ...args])) as Measurement;

export interface Compared {
  readonly ours: readonly Measurement[];
  readonly limit: readonly Measurement[];
}

/** In turn, as a shared machine is now faster and now slower. */
export function inTurn(runs: number, ours: () => Measurement, limit: () => Measurement): Compared {
  const pairs = Array.from({ length: runs }, () => [ours(), limit()] as const);
  return { ours: pairs.map(([one]) => one), limit: pairs.map(([, one]) => one) };
}

/** The median of the ratios of pairs. */
export const ratio = ({ ours, limit }: Compared, of: (one: Measurement) => number): number =>
  median(ours.map((one, index) => of(one) / of(limit[index] as Measurement)));

export const COMPARED = ["compared", "runs", "ratio", "ratio of CPU", "s", "limit s", "peak MB", "limit MB"] as const;

export function comparedLine(title: string, compared: Compared): readonly string[] {
  const { ours, limit } = compared;
  const seconds = (all: readonly Measurement[]) => median(all.map((one) => one.seconds)).toFixed(2);
  const peak = (all: readonly Measurement[]) => Math.max(...all.map((one) => one.megabytes)).toFixed(0);
  const wall = ratio(compared, (one) => one.seconds).toFixed(2);
  const cpu = ratio(compared, (one) => one.cpuSeconds).toFixed(2);
  return [title, String(ours.length), wall, cpu, seconds(ours), seconds(limit), peak(ours), peak(limit)];
}
