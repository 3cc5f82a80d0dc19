/** Settings for tests: planning, compiling and optimising a query of a few rows costs more than running it as it is. */
export const fewRows: Readonly<Record<string, string>> = {
  "spark.sql.shuffle.partitions": "1",
  "spark.sql.codegen.wholeStage": "false",
  "spark.sql.codegen.factoryMode": "NO_CODEGEN",
  "spark.sql.adaptive.enabled": "false",
  "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
};
