import type { ActionOnFailure, StepConfig } from "@aws-sdk/client-emr";
import { isS3Uri, Problems } from "./problems.ts";

export interface SparkStepArgs {
  /** Shown in the EMR console; 1 to 256 characters. */
  readonly name: string;
  /** The Python file that Spark runs: an `s3://` URI that the cluster's instance role can read. */
  readonly entryPoint: string;
  /** Arguments of the Python file, passed on as they are. @default none */
  readonly args?: readonly string[];
  /** `--conf` settings of this step alone; those of the whole cluster belong to its `sparkDefaults`. @default none */
  readonly sparkConf?: Readonly<Record<string, string>>;
  /** `.zip`, `.egg` or `.py` files for the Python path: `s3://` URIs. @default none */
  readonly pyFiles?: readonly string[];
  /**
   * What EMR does when the step fails. Waiting leaves the end of the cluster to whoever started it, who first wants
   * to read why.
   * @default "CANCEL_AND_WAIT"
   */
  readonly actionOnFailure?: ActionOnFailure;
}

/**
 * A step that submits a PySpark program in cluster mode: the driver runs on a core node, so that a small primary node
 * is enough, and its log reaches the cluster's log bucket.
 *
 * @throws InvalidPropertiesError with all mistakes at once
 * @example
 * ```ts
 * const step = sparkStep({
 *   name: "weekly fact 2017-06-30",
 *   entryPoint: "s3://my-artifacts/spark/main.py",
 *   pyFiles: ["s3://my-artifacts/spark/package.zip"],
 *   args: ["--business-date", "2017-06-30"],
 * });
 * ```
 */
export function sparkStep(args: SparkStepArgs): StepConfig {
  check(args);
  const pyFiles = args.pyFiles ?? [];
  const conf = Object.entries(args.sparkConf ?? {}).flatMap(([key, value]) => ["--conf", `${key}=${value}`]);
  return {
    Name: args.name,
    ActionOnFailure: args.actionOnFailure ?? "CANCEL_AND_WAIT",
    HadoopJarStep: {
      Jar: "command-runner.jar",
      Args: [
        "spark-submit",
        "--deploy-mode",
        "cluster",
        ...(pyFiles.length > 0 ? ["--py-files", pyFiles.join(",")] : []),
        ...conf,
        args.entryPoint,
        ...(args.args ?? []),
      ],
    },
  };
}

function check({ name, entryPoint, args = [], sparkConf, pyFiles = [] }: SparkStepArgs): void {
  const problems = new Problems();
  problems.require(name.length > 0 && name.length <= 256, "name", `has ${name.length} characters; EMR takes 1 to 256`);
  problems.require(isS3Uri(entryPoint), "entryPoint", `${entryPoint} is no s3:// URI`);
  for (const [index, file] of pyFiles.entries()) {
    problems.require(
      isS3Uri(file) && /\.(zip|egg|py)$/.test(file),
      `pyFiles[${index}]`,
      `${file} is no s3:// URI of a .zip, .egg or .py file`,
    );
  }
  checkSparkConf(sparkConf, problems);
  for (const [index, argument] of args.entries()) {
    // The API refuses the whole call for an argument above this length.
    problems.require(argument.length <= 10_280, `args[${index}]`, "is longer than the 10280 characters that EMR takes");
  }
  problems.throwIfAny(name === "" ? "a Spark step" : `the Spark step "${name}"`);
}

export function checkSparkConf(sparkConf: Readonly<Record<string, string>> = {}, problems: Problems): void {
  for (const key of Object.keys(sparkConf)) {
    // spark-submit ignores other keys with no more than a line in its log.
    problems.require(key.startsWith("spark."), `sparkConf["${key}"]`, 'Spark reads only keys that begin with "spark."');
  }
}
