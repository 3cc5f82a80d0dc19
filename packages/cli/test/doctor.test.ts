import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { atLeast, type Check } from "../src/doctor/check.ts";
import type { Diagnosis } from "../src/doctor/doctor.ts";
import { warehouseChecks } from "../src/doctor/warehouse.ts";
import { openWriter } from "../src/engine/writer.ts";
import { root, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { stateOf } from "./support/warehouse.ts";
import { inProcess } from "./support/workspace.ts";

const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");

/** On a machine of its own: nothing but what `tools` says is on the PATH or in the environment. */
function doctor(cwd: string, tools: Readonly<Record<string, string>>, env: Record<string, string>, ...args: string[]) {
  const [home, folder] = [path.join(cwd, "home"), path.join(cwd, "tools")];
  rmSync(folder, { recursive: true, force: true });
  for (const one of [home, folder]) mkdirSync(one, { recursive: true });
  for (const [name, says] of Object.entries(tools)) {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${says}"\n`);
    chmodSync(file, 0o755);
  }
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [bin, "doctor", ...args], {
    cwd,
    encoding: "utf8",
    env: { HOME: home, PATH: folder, NO_COLOR: "1", ...env },
  });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}

const found = ({ checks }: Diagnosis, name: string): Check => {
  const check = checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`no check ${name}: ${checks.map((one) => one.name).join(", ")}`);
  return check;
};

describe("sales-etl doctor", function () {
  this.timeout("180s");

  it("compares versions as numbers", () => {
    expect([atLeast("v22.18.0", 22, 18), atLeast("v22.9.0", 22, 18), atLeast("v24.0.0", 22, 18)]).to.deep.equal([
      true,
      false,
      true,
    ]);
    expect([atLeast("Python 3.9.2", 3, 11), atLeast("Python 3.14.0", 3, 14), atLeast("17", 17)]).to.deep.equal([
      false,
      true,
      true,
    ]);
  });

  it("says of an empty machine what each way of use lacks, a line each, and that it can run all the same", () => {
    const cwd = scratch();
    const all = doctor(cwd, {}, {});
    expect(all.code, all.stderr).to.equal(0);
    for (const name of ["node on the PATH", "npm", "Python", "Java", "Pulumi CLI", "Docker", "AWS credentials"])
      expect(all.stdout).to.match(new RegExp(`^missing  ${name}  .+: .+`, "m"));
    const deploy = doctor(cwd, {}, {}, "--for", "deploy", "--json");
    expect(deploy.code).to.equal(1);
    const diagnosis: Diagnosis = JSON.parse(deploy.stdout);
    expect(diagnosis).to.include({ for: "deploy", ok: false });
    expect(diagnosis.checks.every(({ uses }) => uses.includes("deploy"))).to.equal(true);
    expect(found(diagnosis, "Pulumi CLI")).to.include({ state: "missing" });
    expect(doctor(cwd, {}, {}, "--for", "spark").code).to.equal(1);
    expect(doctor(cwd, {}, {}, "--for", "run").code).to.equal(0);
  });

  it("finds what is there, and prints no secret", () => {
    const tools = {
      node: "v22.18.0",
      pulumi: "v3.200.0",
      docker: "28.1.1",
      npm: "10.9.0",
      python3: "Python 3.12.1",
      java: "openjdk 21.0.1",
    };
    const env = {
      ...{ AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "verysecret", AWS_REGION: "eu-south-1" },
      PULUMI_ACCESS_TOKEN: "pul-secret",
    };
    const cwd = scratch();
    for (const use of ["deploy", "test", "spark"]) {
      const { code, stdout, stderr } = doctor(cwd, tools, env, "--for", use);
      expect(code, stdout).to.equal(0);
      expect(stdout).not.to.contain("missing");
      for (const secret of ["AKIAEXAMPLE", "verysecret", "pul-secret"]) expect(stdout + stderr).not.to.contain(secret);
    }
    const old = doctor(
      cwd,
      { ...tools, node: "v20.20.2", python3: "Python 3.9.1", java: "openjdk 11.0.2" },
      env,
      "--json",
    );
    const diagnosis: Diagnosis = JSON.parse(old.stdout);
    for (const name of ["node on the PATH", "Python", "Java"]) expect(found(diagnosis, name).state).to.equal("missing");
  });

  it("names settings that cannot be used", () => {
    const cwd = scratch();
    writeFileSync(path.join(cwd, "sales-etl.config.json"), '{ "lading": "x" }');
    const { code, stdout } = doctor(cwd, {}, {}, "--for", "run");
    expect(code).to.equal(1);
    expect(stdout).to.contain("lading: is not known here");
  });

  it("refuses a use that there is not", () => {
    expect(doctor(scratch(), {}, {}, "--for", "dance").code).to.equal(2);
  });

  describe("of a warehouse", () => {
    const { folder, landing, warehouse, run } = inProcess();
    const look = () => warehouseChecks(retail, warehouse);
    const named = (checks: readonly Check[], name: string) => found({ for: "run", ok: false, checks }, name);
    /** Looks while something is as `change` makes it, and puts it back. */
    const lookWhile = async (file: string, name: string, change: (file: string) => void) => {
      const [whole, kept] = [path.join(warehouse, file), path.join(folder, "kept")];
      copyFileSync(whole, kept);
      change(whole);
      const check = named(await look(), name);
      rmSync(whole, { force: true });
      renameSync(kept, whole);
      return check;
    };

    before(async () => {
      await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,2,5.00\n2,11,1,2020-01-06,1,1.00" });
      await land(landing, "2020-01-11", { sales: "3,10,1,2020-01-11,1,2.50" });
      await run("2020-01-06", "2020-01-11");
    });

    it("says that it is whole", () => {
      const args = ["--for", "run", "--warehouse", warehouse, "--landing", landing, "--json"];
      const { code, stdout } = doctor(folder, {}, {}, ...args);
      expect(code, stdout).to.equal(0);
      const diagnosis: Diagnosis = JSON.parse(stdout);
      for (const name of [
        "warehouse",
        "landing",
        "published state",
        "files of the warehouse",
        "rows of the warehouse",
        "runs",
      ])
        expect(found(diagnosis, name).state, name).to.equal("ok");
    });

    it("names a file that is gone, one that is damaged, and rows that are lost", async () => {
      const { fact, dates, database } = stateOf(warehouse);
      const [week = ""] = Object.values(fact);
      const [files, rows] = ["files of the warehouse", "rows of the warehouse"];
      const gone = await lookWhile(week, files, (file) => rmSync(file));
      expect([gone.state, gone.found]).to.satisfy(
        ([state, text]: string[]) => state === "missing" && text?.endsWith(week),
      );
      const cut = await lookWhile(week, rows, (file) => writeFileSync(file, readFileSync(file).subarray(0, 100)));
      expect([cut.state, cut.found]).to.deep.equal(["missing", `${week} cannot be read`]);
      const [two = "", one = ""] = ["2020-01-06", "2020-01-11"].map((date) => dates[date]?.tables.sales);
      const fewer = await lookWhile(two, rows, (file) => copyFileSync(path.join(warehouse, one), file));
      // Two sales, a store, a product and five days were accepted.
      expect([fewer.state, fewer.found]).to.deep.equal(["missing", "2020-01-06 has 8 rows, accepted were 9"]);
      const base = await lookWhile(database.file, files, (file) => rmSync(file));
      expect(base.advice).to.contain("run a date again");
      expect(named(await look(), rows).state).to.equal("ok");
    });

    it("says that a run was interrupted, or is under way", async () => {
      const marker = path.join(warehouse, "run.started");
      writeFileSync(marker, "20200101-000000-abcdef");
      const interrupted = named(await look(), "runs");
      expect([interrupted.state, interrupted.found]).to.deep.equal([
        "warning",
        "20200101-000000-abcdef was interrupted",
      ]);
      const writer = await openWriter(warehouse);
      try {
        // The lock of the operating system is seen by another process.
        const { stdout } = doctor(folder, {}, {}, "--for", "run", "--warehouse", warehouse);
        expect(stdout).to.contain("a run writes at this moment");
      } finally {
        writer.close();
        rmSync(marker);
      }
    });

    it("says that a landing is not there", () => {
      const { code, stdout } = doctor(folder, {}, {}, "--for", "run", "--landing", path.join(folder, "typo"));
      expect([code, /missing {2}landing/.test(stdout)]).to.deep.equal([1, true]);
    });
  });
});
