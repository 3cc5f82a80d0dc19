export { acceptedRow } from "./accepted.ts";
export { type AggregateOptions, aggregateMeasures, aggregateSql } from "./aggregate.ts";
export { type BriefNames, briefName, briefSql } from "./brief.ts";
export { checkSql } from "./check.ts";
export { rawRelation } from "./column-checks.ts";
export {
  cumulativeSources,
  cumulativeSql,
  LOAD_DATE,
  ROW_ADDED,
  ROW_CHANGE,
  ROW_GONE,
} from "./cumulative.ts";
export { dailySql } from "./daily.ts";
export { type Dialect, duckdb, spark, sqlType, trino } from "./dialect.ts";
export {
  DUMP_DATE,
  DUMP_SINCE,
  dumpChangesSql,
  dumpHistorySources,
  dumpHistorySql,
  GONE_DATE,
  NEXT_DUMP,
  SINCE_BEFORE,
} from "./dump-history.ts";
export { factSql } from "./fact.ts";
export {
  dimensionName,
  historySources,
  historySql,
  IS_CURRENT,
  SNAPSHOT_DAY,
  VALID_FROM,
  VALID_TO,
} from "./history.ts";
export { factSources, MOVED, type SqlNames, TOUCHED, TRACKED } from "./movements.ts";
export { CANDIDATE } from "./own-names.ts";
export { type QualityCheck, qualityChecks } from "./quality.ts";
