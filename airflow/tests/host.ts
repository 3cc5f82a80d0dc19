/** The host of Airflow without its containers: the boot script as it is, and Airflow's processes with what it made. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../packages/local-aws/src/emulator.ts";
import { type AirflowProcesses, startAirflow, variablesOf } from "./processes.ts";

const airflow = path.dirname(import.meta.dirname);

export interface Host {
  /** Runs the boot script; a second time is the next night. */
  boot(): void;
  /** The object in the control bucket. */
  credential(): string;
  /** What the boot script called of Docker and AWS, one line each. */
  calls(): string[];
  /** What the boot script printed. */
  output(): string;
  /** Starts Airflow's processes. @param more variables, such as where AWS is for the tasks */
  start(more?: Readonly<Record<string, string>>): Promise<string>;
  read(file: string): string;
  stop(): void;
}

/** @param python of Airflow's environment */
export function makeHost(python: string): Host {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-host-"));
  const at = (...parts: string[]) => path.join(folder, ...parts);
  for (const name of ["bin", "etc", "run", "s3/control/airflow", "s3/artifacts/airflow"])
    mkdirSync(at(name), { recursive: true });
  for (const name of ["airflow.env", "compose.yaml"]) copyFileSync(path.join(airflow, "host", name), at("etc", name));
  writeFileSync(at("s3/artifacts/airflow/job_flow.json"), "{}");
  writeFileSync(
    at("etc/host.env"),
    [
      ...["AWS_REGION=eu-central-1", "AIRFLOW_IMAGE=registry.example/airflow@sha256:0a", "AIRFLOW_UID=0"],
      ...["POSTGRES_IMAGE=postgres", "COMPOSE_IMAGE=compose", "LOG_GROUP=logs", "CREDENTIAL_HOURS=18"],
      ...["JOB_FLOW_URI=s3://artifacts/airflow/job_flow.json", "CONTROL_BUCKET=control", ""],
    ].join("\n"),
  );
  // S3 is a folder; of the rest only the call counts.
  stub(
    "aws",
    `[ "$1" = s3 ] || exit 0; for a; do case $a in s3://*|/*) p="$p \${a/s3:\\/\\//${at("s3")}/}";; esac; done; cp $p`,
  );
  stub("docker", "cat >/dev/null");
  stub("chown", "true");
  function stub(name: string, body: string) {
    const text = `#!/bin/bash\necho "${name} $*" >>${at("calls")}\n${body}\n`;
    writeFileSync(at("bin", name), text, { mode: 0o755 });
  }

  let running: AirflowProcesses | null = null;
  let output = "";

  return {
    boot() {
      output += execFileSync("bash", [path.join(airflow, "host/boot.sh")], {
        env: {
          PATH: `${at("bin")}:${process.env.PATH}`,
          SALES_ETL_CONFIGURATION: at("etc"),
          SALES_ETL_RUNTIME: at("run"),
          SALES_ETL_PROGRAMS: path.join(airflow, "../infra/host"),
        },
        encoding: "utf8",
        input: "",
      });
    },
    credential: () => readFileSync(at("s3/control/airflow/credential.json"), "utf8"),
    calls: () => readFileSync(at("calls"), "utf8").trim().split("\n"),
    output: () => output,
    read: (file) => readFileSync(at(file), "utf8"),
    async start(more = {}) {
      running = startAirflow({
        ...{ python, folder, port: await freePort() },
        env: {
          PATH: `${path.dirname(python)}:${process.env.PATH}`,
          ...variablesOf(at("etc/airflow.env")),
          ...variablesOf(at("run/secrets.env")),
          AIRFLOW__CORE__DAGS_FOLDER: path.join(airflow, "dags"),
          // What the gate begins is not run here: see nights/nights.test.ts.
          AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: "True",
          ...more,
        },
      });
      return running.url;
    },
    stop() {
      running?.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
