export { checkSql, rawRelation } from "./check.ts";
export { type Dialect, duckdb, spark, sqlType, trino } from "./dialect.ts";
export { aggregateSql, factSources, factSql, TOUCHED } from "./fact.ts";
export { type QualityCheck, qualityChecks } from "./quality.ts";
