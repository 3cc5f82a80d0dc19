/** The names under which relations stand beside the tables while a fact is computed and checked. */
import type { Dataset } from "../contract/dataset.ts";
import { TOUCHED } from "./movements.ts";
import { qualityChecks } from "./quality.ts";

/** Under which the engine and the Spark job keep the fact's new rows until they are published. */
export const CANDIDATE = "fact_candidate";

/** A table of such a name would be hidden by the relation, and gone with it. */
export const ownNames = (dataset: Dataset): ReadonlySet<string> =>
  new Set([
    ...[CANDIDATE, TOUCHED],
    ...qualityChecks(dataset, CANDIDATE).flatMap(({ over, overAll }) =>
      [over, overAll].flatMap((shared) => shared?.name ?? []),
    ),
  ]);
