export {
  type Exporter,
  type ExportFormat,
  type ExportPlace,
  exportContract,
  exporters,
  exportFormats,
} from "./exporters.ts";
export { type GlueSettings, type RawTableInput, rawTableInput } from "./glue.ts";
export { athenaDdl, type IcebergSettings, sparkDdl } from "./iceberg.ts";
export { rowSchema } from "./json-schema.ts";
export { beforeText, rulesOf } from "./markdown.ts";
export { odcsContract } from "./odcs.ts";
export {
  allRelations,
  isInLake,
  lakeOperations,
  lakeRelations,
  operationsRelations,
  publishedRelations,
} from "./published.ts";
export {
  type Field,
  partitionOf,
  type Relation,
  type RelationKind,
  relationOf,
  relationsOf,
  storedFields,
} from "./relation.ts";
export {
  PROCEDURE_ARGUMENT,
  type SnowflakeObjects,
  type SnowflakeSettings,
  snowflakeCsv,
  snowflakeObjects,
  snowflakeSql,
} from "./snowflake.ts";
export { structType } from "./spark.ts";
export { supersetDataset } from "./superset.ts";
export { supersetLoads } from "./superset-loads.ts";
export { supersetUuid } from "./superset-parts.ts";
export { type View, viewsOf } from "./views.ts";
