import path from "node:path";

/** The files of a fact by period, absolute. */
export type FactFiles = ReadonlyMap<string, readonly string[]>;

/** Those of a state of the embedded engine. */
export const factFiles = (folder: string, fact: Readonly<Record<string, string>>): FactFiles =>
  new Map(Object.entries(fact).map(([period, file]) => [period, [path.resolve(folder, ...file.split("/"))]]));

/** The periods whose files are others, in order. */
export function otherPeriods(before: FactFiles, after: FactFiles): readonly string[] {
  const filesOf = (fact: FactFiles, period: string) => String(fact.get(period)?.toSorted());
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((period) => filesOf(before, period) !== filesOf(after, period))
    .sort((a, b) => Number(a) - Number(b));
}
