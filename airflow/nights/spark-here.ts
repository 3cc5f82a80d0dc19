/** Spark on this machine in the place of a cluster: its Python, its jars, and where the tables' AWS is. */
import type { Configuration } from "@aws-sdk/client-emr";
import { ensureJars, jarsFolder } from "../../packages/cli/src/spark/jars.ts";
import { sparkJava } from "../../packages/cli/src/spark/java.ts";
import { sparkPython } from "../../packages/cli/src/spark/python.ts";

export const region = "us-east-1";
export const credentials = { accessKeyId: "test", secretAccessKey: "test" } as const;

/** Rows are few here: planning, compiling and optimising a query costs more than running it as it is. */
const fewRows = {
  "spark.driver.memory": "1g",
  "spark.sql.shuffle.partitions": "1",
  "spark.sql.codegen.wholeStage": "false",
  "spark.sql.codegen.factoryMode": "NO_CODEGEN",
  "spark.sql.adaptive.enabled": "false",
  "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
} as const;

/** What a session needs besides its program; `configurations` as in a job flow. */
export async function sparkHere(configurations: readonly Configuration[], endpoint: string) {
  const { Properties = {} } = configurations.find((one) => one.Classification === "spark-defaults") ?? {};
  const catalogs = Object.keys(Properties).filter((key) => /^spark[.]sql[.]catalog[.]\w+$/.test(key));
  const here = catalogs.flatMap((catalog) => [
    [`${catalog}.s3.endpoint`, endpoint],
    [`${catalog}.glue.endpoint`, endpoint],
    [`${catalog}.s3.path-style-access`, "true"],
    [`${catalog}.client.region`, region],
    [`${catalog}.s3.access-key-id`, credentials.accessKeyId],
    [`${catalog}.s3.secret-access-key`, credentials.secretAccessKey],
  ]);
  return {
    ...{
      python: await sparkPython(() => {}),
      javaHome: await sparkJava(() => {}),
      jars: await ensureJars(jarsFolder()),
    },
    conf: {
      ...(Properties as Record<string, string>),
      ...Object.fromEntries(here),
      ...fewRows,
    },
  };
}
