/** The job of the cluster, started on this machine over a folder. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { contractVersion, sparkContract } from "@sales-etl/etl-core/generate";
import { ensureJars, jarsFolder } from "./jars.ts";
import { sparkJava } from "./java.ts";
import { sparkPython } from "./python.ts";
import { type LogLine, type Submitted, submit } from "./submit.ts";

export interface JobArgs {
  readonly dataset: Dataset;
  readonly warehouse: string;
  /** What is installed or started, in words. */
  readonly say?: (text: string) => void;
  /** Further settings of Spark. @default none */
  readonly conf?: Readonly<Record<string, string>>;
}

/**
 * @param options of the job beside those of the contract and the warehouse
 * @throws {SalesEtlError} PYTHON_MISSING, SPARK_NOT_INSTALLED, JAR_NOT_FETCHED
 */
export async function startJob(
  { dataset, warehouse, say = () => {}, conf = {} }: JobArgs,
  onLine: (line: LogLine) => void,
  options: readonly string[],
): Promise<Submitted> {
  const python = await sparkPython(say);
  const javaHome = await sparkJava(say);
  const jars = await ensureJars(jarsFolder());
  const folder = await mkdtemp(path.join(tmpdir(), "sales-etl-spark-"));
  try {
    const contract = path.join(folder, "contract.json");
    await writeFile(contract, JSON.stringify(sparkContract(dataset)));
    return await submit({
      ...{ python, javaHome, jars, conf, onLine },
      args: [
        ...["--contract", contract, "--contract-version", contractVersion(dataset)],
        ...["--warehouse", path.resolve(warehouse), "--wait-seconds", "0", ...options],
      ],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
