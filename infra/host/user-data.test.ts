import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { userData } from "./user-data.ts";

const folder = path.resolve(import.meta.dirname, "../../airflow/host");
const script = userData({
  region: "eu-central-1",
  airflowImage: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/airflow@sha256:0a",
  jobFlowUri: "s3://artifacts/airflow/job_flow.json",
  controlBucket: "control",
  logsBucket: "logs",
  logGroup: "/sales-etl/airflow",
  eventBus: "bus",
  crawler: "raw",
  hostName: "own",
});

/** The files that the script writes. */
const files = new Map(
  [...script.matchAll(/^cat >(\S+) <<'END_OF_FILE'\n([\s\S]*?)\nEND_OF_FILE$/gm)].map(([, name = "", text = ""]) => [
    name,
    text,
  ]),
);

describe("the host's user data", () => {
  it("is a script that bash understands, within what EC2 takes", () => {
    execFileSync("bash", ["-n"], { input: script });
    expect(Buffer.byteLength(script)).to.be.lessThan(16_384);
  });

  it("writes the files of airflow/host as they are", () => {
    for (const [target, name] of [
      ["/etc/sales-etl/airflow.env", "airflow.env"],
      ["/etc/sales-etl/compose.yaml", "compose.yaml"],
      ["/opt/sales-etl/boot.sh", "boot.sh"],
      ["/opt/sales-etl/watch.sh", "watch.sh"],
      ["/etc/systemd/system/sales-etl-watch.service", "sales-etl-watch.service"],
      ["/etc/systemd/system/sales-etl-watch.timer", "sales-etl-watch.timer"],
      ["/opt/sales-etl/common.sh", "../../infra/host/common.sh"],
      ["/etc/systemd/system/sales-etl.service", "../../infra/host/sales-etl.service"],
    ] as const) {
      expect(files.get(target), target).to.equal(readFileSync(path.join(folder, name), "utf8").trimEnd());
    }
  });

  it("sets every variable that compose and the scripts use", () => {
    const set = [...(files.get("/etc/sales-etl/host.env") ?? "").matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    const compose = [...(files.get("/etc/sales-etl/compose.yaml") ?? "").matchAll(/\$\{(\w+)\}/g)];
    const programs = ["boot.sh", "watch.sh", "common.sh"].flatMap((name) => [
      ...(files.get(`/opt/sales-etl/${name}`) ?? "").matchAll(/\$\{?([A-Z][A-Z_]+)\b/g),
    ]);
    const used = new Set([...compose, ...programs].map(([, name]) => name));
    const own = ["CONFIGURATION", "RUNTIME", "PROGRAMS", "PROC", "HEALTH_URL"];
    for (const name of own) used.delete(`SALES_ETL_${name}`);
    expect([...used]).to.have.members(set);
  });

  it("starts at every boot", () => {
    expect(script).to.include("systemctl enable --now sales-etl.service");
    // It must watch the boot, too, which ends with the line after it.
    expect(script.indexOf("enable --now sales-etl-watch.timer")).to.be.within(
      0,
      script.indexOf("enable --now sales-etl.service"),
    );
    expect(files.get("/etc/systemd/system/sales-etl.service")).to.include("WantedBy=multi-user.target");
  });

  it("holds no secret", () => {
    for (const [name, text] of files) {
      expect(text, name).not.to.match(/(PASSWORD|SECRET_KEY|JWT_SECRET)=[^%$/\n]/);
    }
  });
});
