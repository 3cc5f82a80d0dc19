/** The script that watches the host, as it is, with stubs for Docker and AWS and a server in Airflow's place. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";

const script = path.resolve(import.meta.dirname, "../../airflow/host/watch.sh");
const compose = readFileSync(path.resolve(import.meta.dirname, "../../airflow/host/compose.yaml"), "utf8");
const running = ["postgres", "api-server", "scheduler", "dag-processor", "triggerer"];
const healthy = (...unwell: string[]) =>
  Object.fromEntries(
    ["metadatabase", "scheduler", "triggerer", "dag_processor"].map((part) => [
      part,
      // As Airflow 3 answers: a part that has never beaten has the status null.
      { status: unwell.includes(part) ? null : "healthy", latest_heartbeat: "2017-07-01T02:04:00+00:00" },
    ]),
  );

describe("airflow/host/watch.sh", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-watch-"));
  const at = (...parts: string[]) => path.join(folder, ...parts);
  let answer: object | null = healthy();
  const server = createServer((_, response) =>
    answer === null ? response.destroy() : response.end(JSON.stringify(answer)),
  );
  before((done) => {
    for (const name of ["bin", "etc", "proc"]) mkdirSync(at(name));
    const stub = (name: string, body: string) =>
      writeFileSync(at("bin", name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
    stub("aws", `printf '%s\\n' "$*" >${at("told")}`);
    stub("docker", `[ -f ${at("running")} ] && cat ${at("running")}`);
    stub("df", "printf 'Use%%\\n 87%%\\n'");
    writeFileSync(at("etc/host.env"), "AWS_REGION=eu-central-1\nHOST_NAME=own\nMETRICS_NAMESPACE=sales-etl\n");
    // Of 4,000,000 kB, 1,010,000 can be had: 74.75 % are used.
    writeFileSync(at("proc/meminfo"), "MemTotal: 4000000 kB\nMemFree: 99 kB\nMemAvailable: 1010000 kB\n");
    server.listen(0, "127.0.0.1", done);
  });
  after((done) => {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    server.close(done);
  });

  async function watch(containers: readonly string[] | null): Promise<Record<string, string>> {
    rmSync(at("running"), { force: true });
    if (containers !== null) writeFileSync(at("running"), `${containers.join("\n")}\n`);
    const child = spawn("bash", [script], {
      env: {
        PATH: `${at("bin")}:${process.env.PATH}`,
        SALES_ETL_CONFIGURATION: at("etc"),
        SALES_ETL_PROC: at("proc"),
        SALES_ETL_HEALTH_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        NO_PROXY: "127.0.0.1",
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    expect(await new Promise((resolve) => child.once("close", resolve))).to.equal(0);
    const told = readFileSync(at("told"), "utf8");
    expect(told).to.match(/^cloudwatch put-metric-data --region eu-central-1 --namespace sales-etl --metric-data /);
    const metrics = [...told.matchAll(/MetricName=(\w+),Unit=\w+,Value=(\d+),Dimensions=\[\{Name=Host,Value=own\}\]/g)];
    return Object.fromEntries(metrics.map(([, name, value]) => [name, value]));
  }

  it("tells how full the host is, and that nothing is down", async () => {
    answer = healthy();
    expect(await watch([...running, "other"])).to.deep.equal({
      ...{ DiskUsed: "87", MemoryUsed: "74", ContainersDown: "0", AirflowUnhealthy: "0" },
    });
  });

  it("counts containers that do not run, and parts that do not beat", async () => {
    answer = healthy("scheduler");
    const told = await watch(running.filter((service) => service !== "triggerer"));
    expect(told).to.include({ ContainersDown: "1", AirflowUnhealthy: "1" });
    answer = healthy("scheduler", "triggerer", "dag_processor", "metadatabase");
    expect(await watch(running)).to.include({ ContainersDown: "0", AirflowUnhealthy: "4" });
  });

  it("takes a Docker and an Airflow that do not answer for down, and tells the rest", async () => {
    answer = null;
    expect(await watch(null)).to.deep.equal({
      ...{ DiskUsed: "87", MemoryUsed: "74", ContainersDown: "5", AirflowUnhealthy: "4" },
    });
  });

  it("knows the services that compose keeps running", () => {
    const [, section = ""] = compose.match(/\nservices:\n([\s\S]*?)\nvolumes:/) ?? [];
    const services = [...section.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name);
    const [, watched = ""] = readFileSync(script, "utf8").match(/for service in (.+); do/) ?? [];
    expect(watched.split(" ")).to.have.members(services.filter((name) => name !== "migrate"));
    expect(running).to.have.members(watched.split(" "));
  });
});
