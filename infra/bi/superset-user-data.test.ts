import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { supersetUserData } from "./superset-user-data.ts";

const folder = path.resolve(import.meta.dirname, "../../superset/host");
const names = {
  region: "eu-central-1",
  supersetImage: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/superset@sha256:0a",
  logGroup: "/sales-etl/superset",
  secretId: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:own-1a2b3c",
  workGroup: "queries",
  database: "retail",
};
const oidc = { issuer: "https://login.example.com", clientId: "superset", clientSecret: "sales-etl/oidc" };

const filesOf = (script: string) =>
  new Map(
    [...script.matchAll(/^cat >(\S+) <<'END_OF_FILE'\n([\s\S]*?)\nEND_OF_FILE$/gm)].map(([, name = "", text = ""]) => [
      name,
      text,
    ]),
  );

describe("the user data of Superset's host", () => {
  const script = supersetUserData(names);
  const files = filesOf(script);

  it("is a script that bash understands, within what EC2 takes", () => {
    execFileSync("bash", ["-n"], { input: script });
    for (const name of ["boot.sh", "common.sh"]) {
      execFileSync("bash", ["-n"], { input: files.get(`/opt/sales-etl/${name}`) });
    }
    expect(Buffer.byteLength(supersetUserData({ ...names, oidc }))).to.be.lessThan(16_384);
  });

  it("writes the files of superset/host as they are, and starts at every boot", () => {
    for (const [target, name] of [
      ["/etc/sales-etl/compose.yaml", "compose.yaml"],
      ["/opt/sales-etl/boot.sh", "boot.sh"],
      ["/opt/sales-etl/common.sh", "../../infra/host/common.sh"],
      ["/etc/systemd/system/sales-etl.service", "../../infra/host/sales-etl.service"],
    ] as const) {
      expect(files.get(target), target).to.equal(readFileSync(path.join(folder, name), "utf8").trimEnd());
    }
    expect(script).to.include("systemctl enable --now sales-etl.service");
  });

  it("sets every variable that compose and the boot script use", () => {
    const set = [...(files.get("/etc/sales-etl/host.env") ?? "").matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    const compose = [...(files.get("/etc/sales-etl/compose.yaml") ?? "").matchAll(/\$\{(\w+)\}/g)];
    const boot = [...(files.get("/opt/sales-etl/boot.sh") ?? "").matchAll(/\$\{?([A-Z][A-Z_]+)\b/g)];
    const common = [...(files.get("/opt/sales-etl/common.sh") ?? "").matchAll(/\$\{?([A-Z][A-Z_]+)\b/g)];
    const used = new Set([...compose, ...boot, ...common].map(([, name]) => name));
    for (const own of ["SALES_ETL_CONFIGURATION", "SALES_ETL_RUNTIME", "SALES_ETL_PROGRAMS"]) used.delete(own);
    expect([...used]).to.have.members(set);
  });

  it("gives Superset the warehouse, and opens it to the host alone", () => {
    const lines = files.get("/etc/sales-etl/deployment.env")?.split("\n");
    expect(lines).to.deep.equal([
      "AWS_DEFAULT_REGION=eu-central-1",
      "WAREHOUSE_URI=awsathena+rest://@athena.eu-central-1.amazonaws.com:443/retail?work_group=queries",
      "WAREHOUSE_ENGINE_PARAMS={}",
      "GUNICORN_CMD_ARGS=--bind 127.0.0.1:8088",
    ]);
  });

  it("behind a balancer listens to it, and signs people in at the identity provider", () => {
    const behind = filesOf(supersetUserData({ ...names, oidc }));
    expect(behind.get("/etc/sales-etl/host.env")).to.include("OIDC_SECRET_ID=sales-etl/oidc");
    expect(behind.get("/etc/sales-etl/deployment.env")?.split("\n")).to.include.members([
      "GUNICORN_CMD_ARGS=--bind 0.0.0.0:8088",
      "SUPERSET_BEHIND_BALANCER=1",
      "OIDC_ISSUER=https://login.example.com",
      "OIDC_CLIENT_ID=superset",
      "OIDC_GROUPS_CLAIM=groups",
      "OIDC_ROLES=",
    ]);
    const roles = { "bi admins": "Admin", planners: "Alpha" };
    const grouped = filesOf(supersetUserData({ ...names, oidc: { ...oidc, roles, groupsClaim: "teams" } }));
    expect(grouped.get("/etc/sales-etl/deployment.env")?.split("\n")).to.include.members([
      "OIDC_GROUPS_CLAIM=teams",
      "OIDC_ROLES=bi admins=Admin;planners=Alpha",
    ]);
  });

  it("holds no secret", () => {
    for (const [name, text] of filesOf(supersetUserData({ ...names, oidc }))) {
      expect(text, name).not.to.match(/(PASSWORD|SECRET_KEY|CLIENT_SECRET)=[^%$/\n]/);
    }
  });
});
