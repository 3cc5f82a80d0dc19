/** Airflow's processes as the host runs them in containers, without the containers. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const processes = [
  ["api-server"],
  ["scheduler", "--skip-serve-logs"],
  ["dag-processor"],
  ["triggerer", "--skip-serve-logs"],
];

export interface AirflowArgs {
  /** Of Airflow's environment. */
  readonly python: string;
  /** Its home: logs and the database, which lives on. */
  readonly folder: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface AirflowProcesses {
  readonly url: string;
  /** As a machine that is turned off: asked first, ended then. */
  stop(): Promise<void>;
  /** At once, without waiting for it. */
  kill(): void;
}

export function startAirflow({ python, folder, port, env }: AirflowArgs): AirflowProcesses {
  const at = (name: string) => path.join(folder, name);
  const url = `http://127.0.0.1:${port}`;
  const own = {
    ...env,
    ...{ HOME: folder, AIRFLOW_HOME: folder },
    // Where the host's settings cannot be a test's: a database and a port that nobody else uses.
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${at("airflow.db")}`,
    ...{ AIRFLOW__API__HOST: "127.0.0.1", AIRFLOW__API__PORT: String(port) },
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    ...{ AIRFLOW__LOGGING__LOGGING_LEVEL: "WARNING", PYTHONDONTWRITEBYTECODE: "1", NO_PROXY: "127.0.0.1" },
  };
  const bin = path.join(path.dirname(python), "airflow");
  if (!existsSync(at("airflow.db"))) {
    execFileSync(python, [bin, "db", "migrate"], { env: own, cwd: folder, stdio: "ignore" });
  }
  // It ends them when this process ends, however it does.
  const supervisor = spawn(
    python,
    [path.join(import.meta.dirname, "supervise.py"), folder, JSON.stringify(processes)],
    {
      ...{ env: own, cwd: folder, stdio: ["pipe", "inherit", "inherit"] },
    },
  );
  const exit = new Promise((resolve) => supervisor.once("exit", resolve));
  return {
    url,
    kill: () => supervisor.stdin?.end(),
    async stop() {
      supervisor.stdin?.end("end\n");
      await exit;
    },
  };
}

/** Of an environment file. */
export const variablesOf = (file: string): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(file, "utf8").matchAll(/^(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
