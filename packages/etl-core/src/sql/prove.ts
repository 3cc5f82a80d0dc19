/** Proves a fact by compiling it: every expression is written together with the bounds that hold for it. */
import type { Dataset } from "../contract/dataset.ts";
import { briefSql } from "./brief.ts";
import { dailySql } from "./daily.ts";
import { factSql } from "./fact.ts";

/** @throws {SalesEtlError} MEASURE_INVALID, MEASURE_UNBOUNDED */
export function proveFact(dataset: Dataset): void {
  dailySql(dataset);
  factSql(dataset);
  briefSql(dataset);
}
