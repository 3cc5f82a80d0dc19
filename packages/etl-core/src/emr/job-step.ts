import type { ActionOnFailure } from "@aws-sdk/client-emr";
import { defaultCatalogName } from "./iceberg.ts";
import { isS3Uri, isWhole, type Problems } from "./problems.ts";
import type { SparkStepArgs } from "./spark-step.ts";

/** The files of the Spark program in the folder `program`. */
export const programFiles = {
  entryPoint: "main.py",
  pyFiles: "sales_etl_spark.zip",
  contract: "contract.json",
} as const;

/** The job waits, and dies, by the hour at most: longer is a mistake of the unit. */
const longestSeconds = 86_400;

/** What every step of the Spark program is told. */
export interface JobStepArgs {
  /** Names the run in receipts, branches and logs; the same id again goes on where the first one ended. */
  readonly runId: string;
  /** The folder of the Spark program and its contract: an `s3://` URI, as the pipeline stack lays it. */
  readonly program: string;
  /** Where the tables lie: an `s3://` URI. */
  readonly warehouse: string;
  /** The Glue database of the tables. */
  readonly database: string;
  /**
   * Lease, intents and receipts: an `s3://` URI. All who write to the tables must name the same one, or their leases do not
   * see each other; a deployment's is `spark` in its control bucket.
   */
  readonly control: string;
  /** The name of the Iceberg catalog, as `jobFlow` set it up. @default "glue_catalog" */
  readonly catalog?: string;
  /** Refuses a contract of another version, for a caller that was built with one. @default any */
  readonly contractVersion?: string;
  /** How long to wait for another run to end, 0 to 86400. @default the job's: 600 */
  readonly waitSeconds?: number;
  /** After how long a run that does not move is dead, 1 to 86400. @default the job's: 300 */
  readonly leaseSeconds?: number;
  /** `--conf` settings of this step alone. @default none */
  readonly sparkConf?: Readonly<Record<string, string>>;
  /** What EMR does when the step fails, see {@link SparkStepArgs}. */
  readonly actionOnFailure?: ActionOnFailure;
}

export const optional = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [name, String(value)];

/** @param own the arguments of this kind of step alone */
export function jobStep(name: string, args: JobStepArgs, own: readonly string[]): SparkStepArgs {
  const program = args.program.replace(/\/*$/, "/");
  return {
    name,
    entryPoint: `${program}${programFiles.entryPoint}`,
    pyFiles: [`${program}${programFiles.pyFiles}`],
    sparkConf: {
      // YARN would start a failed driver again by itself; whoever added the step decides about a second try.
      "spark.yarn.maxAppAttempts": "1",
      ...args.sparkConf,
    },
    args: [
      ...["--contract", `${program}${programFiles.contract}`],
      ...["--warehouse", args.warehouse],
      ...["--catalog", args.catalog ?? defaultCatalogName],
      ...["--database", args.database],
      ...["--control", args.control],
      ...["--run-id", args.runId],
      ...own,
      ...optional("--contract-version", args.contractVersion),
      ...optional("--wait-seconds", args.waitSeconds),
      ...optional("--lease-seconds", args.leaseSeconds),
    ],
    ...(args.actionOnFailure === undefined ? {} : { actionOnFailure: args.actionOnFailure }),
  };
}

/** @param folders the arguments that are `s3://` URIs, by name; those that may be missing are left out where they are */
export function checkJob(args: JobStepArgs, folders: Readonly<Record<string, string | undefined>>, problems: Problems) {
  const { runId, program, database, catalog = defaultCatalogName, contractVersion } = args;
  problems.require(
    runId.trim() !== "" && runId.length <= 256,
    "runId",
    `has ${runId.length} characters; it takes 1 to 256`,
  );
  const all = { ...folders, warehouse: args.warehouse, control: args.control };
  for (const [name, uri] of Object.entries({ program, ...all })) {
    problems.require(isS3Uri(uri ?? ""), name, uri === undefined ? "is missing" : `${uri} is no s3:// URI`);
  }
  for (const [name, uri] of Object.entries(all)) {
    // "//" is another key in S3.
    problems.require(uri?.endsWith("/") !== true, name, `${uri} ends in /; the job appends it by itself`);
  }
  // Glue takes more, but Athena and Spark quote everything else differently.
  problems.require(/^[a-z_][a-z0-9_]*$/.test(database), "database", `${database} is no name of a-z, 0-9, _`);
  problems.require(/^[A-Za-z_]\w*$/.test(catalog), "catalog", `${catalog} is no name of a catalog of Spark's`);
  problems.require(contractVersion !== "", "contractVersion", "is empty; leave it out to take any");
  for (const [name, least] of [
    ["waitSeconds", 0],
    ["leaseSeconds", 1],
  ] as const) {
    const seconds = args[name];
    if (seconds === undefined) continue;
    const message = `${seconds} is no whole number of seconds from ${least} to ${longestSeconds}`;
    problems.require(isWhole(seconds, least, longestSeconds), name, message);
  }
}
