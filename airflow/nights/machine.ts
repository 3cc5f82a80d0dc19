/**
 * The machine behind the EC2 instance of Airflow's host: on while the instance runs, off while it does not. What it does is
 * what the deployment's user data and airflow/host/boot.sh say; of its containers, the processes.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { LocalAws } from "@sales-etl/local-aws";
import { type AirflowProcesses, startAirflow, variablesOf } from "../tests/processes.ts";

export interface MachineArgs {
  readonly aws: LocalAws;
  /** Airflow's. */
  readonly python: string;
  readonly folder: string;
  readonly instanceId: string;
  readonly userData: string;
  /** Where its Airflow listens, on 127.0.0.1. */
  readonly port: number;
}

export interface Machine {
  /** The instance's state, as EC2 has it. */
  state(): Promise<string>;
  /** How often it was turned on. */
  boots(): number;
  stop(): Promise<void>;
}

const LOOK_MS = 300;

export async function plugIn(args: MachineArgs): Promise<Machine> {
  const { aws, instanceId } = args;
  const ec2 = new EC2Client(aws.clientConfig);
  const state = async () => {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name ?? "";
  };
  install(args);
  let [processes, boots, ended]: [AirflowProcesses | null, number, boolean] = [null, 0, false];
  const follow = async () => {
    while (!ended) {
      const isOn = (await state()) === "running";
      if (isOn && processes === null) {
        boots++;
        processes = boot(args);
      } else if (!isOn && processes !== null) {
        await processes.stop();
        processes = null;
      }
      await sleep(LOOK_MS);
    }
    await processes?.stop();
  };
  const following = follow();
  following.catch(() => {});
  return {
    state,
    boots: () => boots,
    async stop() {
      ended = true;
      await following;
    },
  };
}

/** The script of the first boot, with this folder in the place of the machine's root. */
function install({ folder, userData, python }: MachineArgs): void {
  const at = (...parts: string[]) => path.join(folder, ...parts);
  for (const name of ["bin", "etc/systemd/system", "etc/sales-etl", "opt/sales-etl", "run", "dags"])
    mkdirSync(at(name), { recursive: true });
  for (const name of ["dnf", "systemctl", "install", "chown"]) stub("true", name);
  stub("cat >/dev/null", "docker");
  // Not on every machine: of its commands those that boot.sh uses.
  stub(`exec '${python}' '${path.join(import.meta.dirname, "aws.py")}' "$@"`, "aws");
  function stub(body: string, name: string) {
    writeFileSync(at("bin", name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  }
  const script = userData.replaceAll(/ >?\/(etc|opt)\//g, (found) => found.replace("/", `${folder}/`));
  execFileSync("bash", ["-c", script], { env: { PATH: `${at("bin")}:${process.env.PATH}` }, stdio: "inherit" });

  // What takes half a minute on AWS takes a moment here.
  cpSync(path.resolve(import.meta.dirname, "../dags"), at("dags"), { recursive: true });
  const dag = readFileSync(at("dags/sales_daily.py"), "utf8");
  const quick = dag
    .replace("\nPOLL_SECONDS = 30\n", "\nPOLL_SECONDS = 1\n")
    .replace("CRAWL_POLL_SECONDS = 5", "CRAWL_POLL_SECONDS = 1");
  if (quick.length !== dag.length - 1) throw new Error("sales_daily.py does not poll as it did");
  writeFileSync(at("dags/sales_daily.py"), quick);
}

function boot({ aws, folder, python, port }: MachineArgs): AirflowProcesses {
  const at = (...parts: string[]) => path.join(folder, ...parts);
  const own = { ...aws.env, PATH: `${at("bin")}:${path.dirname(python)}:${process.env.PATH}`, NO_PROXY: "127.0.0.1" };
  const runtime = {
    SALES_ETL_CONFIGURATION: at("etc/sales-etl"),
    SALES_ETL_RUNTIME: at("run"),
    SALES_ETL_PROGRAMS: at("opt/sales-etl"),
  };
  execFileSync("bash", [at("opt/sales-etl/boot.sh")], {
    env: { ...own, ...runtime },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return startAirflow({
    ...{ python, folder, port },
    env: {
      ...own,
      ...variablesOf(at("etc/sales-etl/airflow.env")),
      ...variablesOf(at("etc/sales-etl/deployment.env")),
      ...variablesOf(at("run/secrets.env")),
      AIRFLOW__CORE__DAGS_FOLDER: at("dags"),
    },
  });
}
