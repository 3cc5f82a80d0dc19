/** superset/host/boot.sh, with stand-ins for `aws` and `docker` on the path. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";

const script = path.resolve(import.meta.dirname, "../../superset/host/boot.sh");

const aws = `#!/bin/bash
echo "aws $*" >>"$STORE/calls"
case "$2" in
  get-secret-value)
    if [ -e "$STORE/denied" ]; then echo "An error occurred (AccessDeniedException)" >&2; exit 254; fi
    if [ ! -e "$STORE/$4" ]; then echo "An error occurred (ResourceNotFoundException)" >&2; exit 254; fi
    cat "$STORE/$4" ;;
  put-secret-value) cat "\${6#file://}" >"$STORE/$4" ;;
  get-login-password) echo token ;;
esac
`;
const docker = `#!/bin/bash
echo "docker $*" >>"$STORE/calls"
[ "$1" != login ] || cat >/dev/null
`;

describe("the boot of Superset's host", () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  function makeHost(oidcSecretId = "") {
    const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-superset-"));
    folders.push(folder);
    const at = (...parts: string[]) => path.join(folder, ...parts);
    for (const name of ["bin", "etc", "store"]) mkdirSync(at(name));
    for (const [name, text] of Object.entries({ aws, docker })) {
      writeFileSync(at("bin", name), text);
      chmodSync(at("bin", name), 0o755);
    }
    const names = {
      AWS_REGION: "eu-central-1",
      SUPERSET_IMAGE: "registry/superset@sha256:0a",
      COMPOSE_IMAGE: "compose",
    };
    const env = { ...names, SECRET_ID: "own", OIDC_SECRET_ID: oidcSecretId };
    const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(at("etc/host.env"), lines.join(""));
    const boot = () =>
      execFileSync("bash", [script], {
        env: {
          PATH: `${at("bin")}:${process.env.PATH}`,
          STORE: at("store"),
          SALES_ETL_CONFIGURATION: at("etc"),
          SALES_ETL_RUNTIME: at("run"),
          SALES_ETL_PROGRAMS: path.resolve(import.meta.dirname, "../host"),
        },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    return { boot, at, read: (...parts: string[]) => readFileSync(at(...parts), "utf8") };
  }

  const variables = (text: string) =>
    Object.fromEntries(
      text
        .trim()
        .split("\n")
        .map((line) => line.split(/=(.*)/s)),
    );

  it("makes the secret once, prints nothing of it, and starts Superset with it", () => {
    const { boot, at, read } = makeHost();
    const first = boot();
    const { secretKey, adminPassword } = JSON.parse(read("store/own"));
    expect(secretKey).to.match(/^[A-Za-z0-9]{56}$/);
    expect(adminPassword).to.match(/^[A-Za-z0-9]{24}$/);
    const { SUPERSET_SECRET_KEY, SUPERSET_ADMIN_PASSWORD, SUPERSET_DATABASE_URI } = variables(read("run/secrets.env"));
    expect([SUPERSET_SECRET_KEY, SUPERSET_ADMIN_PASSWORD]).to.deep.equal([secretKey, adminPassword]);
    const { POSTGRES_PASSWORD } = variables(read("etc/postgres.env"));
    expect(SUPERSET_DATABASE_URI).to.equal(`postgresql+psycopg2://superset:${POSTGRES_PASSWORD}@127.0.0.1/superset`);

    const second = boot();
    expect(JSON.parse(read("store/own"))).to.deep.equal({ secretKey, adminPassword });
    expect(variables(read("run/secrets.env")).SUPERSET_DATABASE_URI).to.equal(SUPERSET_DATABASE_URI);
    for (const secret of [secretKey, adminPassword, POSTGRES_PASSWORD]) {
      expect(`${first}${second}${read("store/calls")}`).not.to.include(secret);
    }
    expect(existsSync(at("run/superset.json"))).to.equal(false);
    const calls = read("store/calls").trim().split("\n");
    expect(calls.at(-1)).to.match(/^docker run .* docker compose --file .*\/compose.yaml up --detach/);
  });

  it("takes a value that somebody wrote, and the secret of the client", () => {
    const { boot, at, read } = makeHost("oidc");
    writeFileSync(at("store/own"), '{\n  "adminPassword": "chosen-1",\n  "secretKey": "k-2"\n}\n');
    writeFileSync(at("store/oidc"), "of-the-client");
    boot();
    const { SUPERSET_ADMIN_PASSWORD, SUPERSET_SECRET_KEY, OIDC_CLIENT_SECRET } = variables(read("run/secrets.env"));
    expect([SUPERSET_ADMIN_PASSWORD, SUPERSET_SECRET_KEY, OIDC_CLIENT_SECRET]).to.deep.equal([
      ...["chosen-1", "k-2", "of-the-client"],
    ]);
  });

  it("does not take a refusal for a secret without a value, nor anything else for ours", () => {
    const denied = makeHost();
    writeFileSync(denied.at("store/denied"), "");
    expect(() => denied.boot()).to.throw("AccessDenied");
    expect(existsSync(denied.at("store/own"))).to.equal(false);
    const other = makeHost();
    writeFileSync(other.at("store/own"), '{"password": "x"}');
    expect(() => other.boot()).to.throw("holds no JSON with secretKey and adminPassword");
  });
});
