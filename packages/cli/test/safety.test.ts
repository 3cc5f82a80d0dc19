import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { openEngine } from "../src/engine/duckdb.ts";
import { salesEtl, scratch, start } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { factLines } from "./support/warehouse.ts";
import { errorOf, workspace } from "./support/workspace.ts";

describe("sales-etl run, when something goes wrong", () => {
  it("ends clearly while another run writes, and touches nothing", async () => {
    const { landing, warehouse, run } = workspace();
    await land(landing, "2020-01-06");
    mkdirSync(warehouse);
    const holder = await openEngine(path.join(warehouse, "writer.duckdb"));
    try {
      const { code, stdout } = await run("--date", "2020-01-06");
      expect([code, errorOf(stdout).code]).to.deep.equal([2, "WAREHOUSE_BUSY"]);
      expect(existsSync(path.join(warehouse, "current.json"))).to.equal(false);
    } finally {
      holder.close();
    }
  });

  it("is repaired by the next run when it was killed", async function () {
    this.timeout("180s");
    const folder = scratch();
    const landing = path.join(folder, "landing");
    const rows = Array.from({ length: 2000 }, (_, index) => `${index},${index},1,2020-01-06,1,1.25`).join("\n");
    await land(landing, "2020-01-06", { sales: rows });
    const args = (warehouse: string) => ["run", "--landing", landing, "--warehouse", warehouse, "--date", "2020-01-06"];
    const undisturbed = path.join(folder, "undisturbed");
    const started = performance.now();
    expect((await salesEtl(...args(undisturbed))).code).to.equal(0);
    const whole = performance.now() - started;
    const expected = await factLines(undisturbed);
    for (const share of [0.5, 0.65, 0.8, 0.9]) {
      const warehouse = path.join(folder, `killed-${share}`);
      const { child, done } = start(args(warehouse));
      setTimeout(() => child.kill("SIGKILL"), share * whole);
      await done;
      // What a reader finds is the whole state or none.
      if (existsSync(path.join(warehouse, "current.json"))) expect(await factLines(warehouse)).to.deep.equal(expected);
      expect((await salesEtl(...args(warehouse))).code).to.equal(0);
      expect(await factLines(warehouse)).to.deep.equal(expected);
    }
  });

  it("names a warehouse that cannot be written to, and one that is damaged", async () => {
    const folder = scratch();
    const landing = path.join(folder, "landing");
    await land(landing, "2020-01-06");
    const into = (warehouse: string) =>
      salesEtl(...["run", "--landing", landing, "--warehouse", warehouse, "--date", "2020-01-06", "--json"]);
    const notAFolder = path.join(folder, "file");
    writeFileSync(notAFolder, "");
    const first = await into(notAFolder);
    expect([first.code, errorOf(first.stdout).code]).to.deep.equal([2, "WAREHOUSE_NOT_WRITABLE"]);
    const damaged = path.join(folder, "damaged");
    mkdirSync(damaged);
    writeFileSync(path.join(damaged, "current.json"), "{");
    const second = await into(damaged);
    expect([second.code, errorOf(second.stdout).code]).to.deep.equal([2, "WAREHOUSE_DAMAGED"]);
    expect(readFileSync(path.join(damaged, "current.json"), "utf8")).to.equal("{");
  });
});
