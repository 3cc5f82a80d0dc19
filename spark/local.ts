/** Runs the job on this machine, as `spark-submit` would: for tests that compare engines and for `--engine spark`. */
import { spawn } from "node:child_process";
import path from "node:path";

const folder = import.meta.dirname;

export interface LocalSparkArgs {
  /** The python of the environment `spark`, from `pythonEnvironment("spark", "spark/requirements.txt")`. */
  readonly python: string;
  /** The job's options, e.g. `["--contract", file, "--landing", folder, ...]`. */
  readonly args: readonly string[];
  /** Iceberg's. */
  readonly jars: readonly string[];
  /** Another program than the job, and what it reads on stdin. @default "main.py" */
  readonly program?: string;
  readonly stdin?: string;
  /** Further settings of Spark. */
  readonly conf?: Readonly<Record<string, string>>;
  /** @default 2 */
  readonly cores?: number;
}

export interface LocalSparkResult {
  /** 0 loaded, 1 the data cannot be loaded as it is, 2 wrong usage or system fault. */
  readonly code: number;
  /** The job's log, one object a line. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Everything else that was written, for messages. */
  readonly output: string;
}

const local = {
  "spark.ui.enabled": "false",
  "spark.driver.host": "127.0.0.1",
  "spark.driver.bindAddress": "127.0.0.1",
  "spark.log.level": "ERROR",
};

/** Settings for tests: planning, compiling and optimising a query of a few rows costs more than running it as it is. */
export const fewRows: Readonly<Record<string, string>> = {
  "spark.sql.shuffle.partitions": "1",
  "spark.sql.codegen.wholeStage": "false",
  "spark.sql.codegen.factoryMode": "NO_CODEGEN",
  "spark.sql.adaptive.enabled": "false",
  "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
};

const asRecord = (line: string): Record<string, unknown> | null => {
  if (!line.startsWith('{"event":')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
};

/** Nothing listens beyond 127.0.0.1; the working directory stays as it is. */
export function runLocalSpark({
  python,
  args,
  jars,
  program = "main.py",
  stdin = "",
  conf = {},
  cores = 2,
}: LocalSparkArgs): Promise<LocalSparkResult> {
  const settings = Object.entries({ ...local, ...conf }).flatMap(([key, value]) => ["--conf", `${key}=${value}`]);
  const submit = ["--master", `local[${cores}]`, "--jars", jars.join(","), ...settings, "pyspark-shell"].join(" ");
  return new Promise((resolve, reject) => {
    const child = spawn(python, [path.join(folder, program), ...args], {
      env: {
        ...process.env,
        PYSPARK_SUBMIT_ARGS: submit,
        PYSPARK_PYTHON: python,
        SPARK_LOCAL_IP: "127.0.0.1",
        PYTHONPATH: folder,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on("error", () => {}).end(stdin);
    child.once("error", reject);
    child.once("close", (code) => {
      const lines = Buffer.concat(chunks).toString().split("\n");
      resolve({
        code: code ?? 2,
        log: lines.map(asRecord).filter((record) => record !== null),
        output: lines.filter((line) => asRecord(line) === null).join("\n"),
      });
    });
  });
}
