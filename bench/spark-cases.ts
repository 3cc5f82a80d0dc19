/** The cases of the Spark bench, each in a process of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sparkContract } from "@sales-etl/etl-core/generate";
import { retail } from "@sales-etl/etl-core/retail";
import { say } from "../packages/cli/src/people.ts";
import { ensureJars, jarsFolder } from "../packages/cli/src/spark/jars.ts";
import { sparkJava } from "../packages/cli/src/spark/java.ts";
import { sparkPython } from "../packages/cli/src/spark/python.ts";
import { submit } from "../packages/cli/src/spark/submit.ts";
import type { Measurement } from "./measure.ts";

const program = path.join(import.meta.dirname, "spark_cases.py");

interface Answer {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
}

/** `bare`: the SQL alone; `job`: the daily job with its checks. Dates: one, or the first and the last. */
export type SparkCase = (
  name: "bare" | "job",
  landing: string,
  warehouse: string,
  dates: readonly string[],
) => Promise<Measurement>;

/** @param home an own folder of the bench */
export async function sparkCases(home: string): Promise<SparkCase> {
  const contract = path.join(home, "contract.json");
  mkdirSync(home, { recursive: true });
  writeFileSync(contract, JSON.stringify(sparkContract(retail)));
  const spark = {
    python: await sparkPython(say),
    javaHome: await sparkJava(say),
    jars: await ensureJars(jarsFolder()),
  };
  return async (name, landing, warehouse, dates) => {
    let answer = "";
    const { code, output } = await submit({
      ...spark,
      program,
      args: [name, contract, landing, warehouse, ...dates],
      // Only its last line is an answer.
      onOutput: (line) => {
        answer = line.startsWith('{"seconds"') ? line : answer;
      },
      onLine: ({ event, seconds }) => {
        const steps = ["table_loaded", "fact_computed", "date_published", "run_failed"];
        if (steps.includes(event)) process.stderr.write(`\r  ${event} after ${seconds} s          `);
      },
    });
    process.stderr.write("\r");
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
    const { seconds, cpu, megabytes } = JSON.parse(answer) as Answer;
    return { seconds, cpuSeconds: cpu, megabytes };
  };
}
