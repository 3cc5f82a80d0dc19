/** A gap that a person has accepted: a table that is missing on a date, or cannot be used, and will not come. */
import type { Dataset } from "../contract/index.ts";
import { tableOf } from "../contract/table-of.ts";
import { SalesEtlError } from "../errors.ts";
import type { Fault } from "./presence.ts";
import type { DateProblem } from "./report.ts";

export interface Gap {
  readonly table: string;
  /** The person who accepted it. */
  readonly by: string;
  readonly reason: string;
}

/**
 * Only what is then unknown may be missing, such as the stock of a day. A sum without a day of its rows would be wrong and
 * look right; a snapshot may be older instead, as the contract says.
 */
export const mayBeGap = ({ tables, fact }: Dataset): readonly string[] =>
  tables.filter(({ name, load }) => load !== "snapshot" && name !== fact.flow.table).map(({ name }) => name);

/** @throws {SalesEtlError} CONTRACT_NO_TABLE; GAP_NOT_POSSIBLE with the tables that may be missing */
export function requireGap(dataset: Dataset, name: string): void {
  tableOf(dataset, name);
  const possible = mayBeGap(dataset);
  if (possible.includes(name)) return;
  const why =
    name === dataset.fact.flow.table
      ? "the sums of the period would be too low and look right"
      : "an older export of it is used, as far as the contract allows";
  throw new SalesEtlError(
    `a gap in ${name} cannot be accepted: ${why}. Deliver the file. ${possible.length === 0 ? "No table may be missing." : `Only ${possible.join(", ")} may be missing.`}`,
    { code: "GAP_NOT_POSSIBLE", path: name },
  );
}

/** @param hidden what would be said of the table without the gap */
export const gapProblem = ({ table, by, reason }: Gap, hidden: readonly (DateProblem | Fault)[]): DateProblem => {
  const codes = [...new Set(hidden.map(({ code }) => code))];
  const what = codes.length === 0 ? "its file is rejected" : codes.join(", ");
  return {
    code: "GAP_ACCEPTED",
    severity: "warning",
    table,
    file: null,
    message: `${table} is not loaded (${what}); accepted by ${by}: ${reason}`,
  };
};
