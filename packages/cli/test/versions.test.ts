import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { filesOf, type Published } from "../src/engine/state.ts";
import { salesEtl } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { factLines, stateOf } from "./support/warehouse.ts";
import { errorOf, inProcess } from "./support/workspace.ts";

const allFiles = (warehouse: string) =>
  readdirSync(warehouse, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(warehouse, path.join(entry.parentPath, entry.name)))
    .sort();

describe("sales-etl status", () => {
  const { folder, landing, warehouse, run } = inProcess();
  const status = async () => JSON.parse((await salesEtl("status", "--warehouse", warehouse, "--json")).stdout);

  it("lists every date from the first to the last, and who restated it", async () => {
    for (const date of ["2020-01-04", "2020-01-06"]) await land(landing, date, { sales: `1,10,1,${date},2,5.00` });
    await land(landing, "2020-01-07", { sales: "1,10,1,2020-01-07,many,5.00", calendar: "2020-01-06,1,202002,2020,2" });
    await land(landing, "2020-01-08", { sales: null });
    await run("2020-01-04", "2020-01-06", "2020-01-07", "2020-01-08");
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,2,6.00" });
    const second = await run("2020-01-04");
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,two,6.00" });
    await run("2020-01-06");
    const { dates, counts, first, last, runs } = await status();
    expect([first, last]).to.deep.equal(["2020-01-04", "2020-01-08"]);
    expect(counts).to.deep.equal({ accepted: 2, rejected: 1, incomplete: 1, missing: 1, "rolled-back": 0 });
    expect(dates.map((date: { businessDate: string; state: string }) => [date.businessDate, date.state])).to.deep.equal(
      [
        ["2020-01-04", "accepted"],
        ["2020-01-05", "missing"],
        ["2020-01-06", "accepted"],
        ["2020-01-07", "rejected"],
        ["2020-01-08", "incomplete"],
      ],
    );
    expect(dates[0].restated.map(({ runId }: { runId: string }) => runId)).to.deep.equal([second.runId]);
    expect(dates[0].published.runId).to.equal(second.runId);
    expect(dates[2]).to.deep.include({ restated: [], refusedDelivery: "rejected" });
    expect(runs.map(({ kind, kept }: { kind: string; kept: boolean }) => [kind, kept])).to.deep.equal([
      ["run", true],
      ["run", true],
      ["run", true],
    ]);
    const { stdout } = await salesEtl("status", "--warehouse", warehouse);
    expect(stdout)
      .to.contain("5 business dates, 2020-01-04 to 2020-01-08: 2 accepted, 1 rejected, 1 incomplete, 1 missing")
      .and.contain(`restated by ${userInfo().username}, `)
      .and.contain(`, run ${second.runId}`)
      .and.contain("a later delivery is rejected");
  });

  it("says that nothing is published", async () => {
    const { code, stdout } = await salesEtl("status", "--warehouse", path.join(folder, "none"), "--json");
    expect([code, errorOf(stdout).code]).to.deep.equal([2, "NOTHING_PUBLISHED"]);
  });
});

describe("sales-etl rollback", () => {
  const { landing, warehouse, run } = inProcess();
  const back = (...args: string[]) => salesEtl("rollback", "--warehouse", warehouse, "--json", ...args);
  const runIds: string[] = [];
  const published: string[][] = [];

  before(async () => {
    for (const amount of ["5.00", "6.00", "7.00"]) {
      await land(landing, "2020-01-06", { sales: `1,10,1,2020-01-06,2,${amount}`, store: `1,Store ${amount}` });
      runIds.push((await run("2020-01-06")).runId ?? "");
      published.push(await factLines(warehouse));
    }
  });

  const stores = async () => {
    const { stdout } = await salesEtl("query", "--warehouse", warehouse, "SELECT store_desc FROM store_dim", "--json");
    return JSON.parse(stdout).map(({ store_desc }: { store_desc: string }) => store_desc);
  };

  it("publishes an earlier run again, and a later one", async () => {
    const first = await back("--to", runIds[0] ?? "");
    expect(first.code, first.stderr).to.equal(0);
    const { runId, ...rest } = JSON.parse(first.stdout);
    expect(rest).to.deep.equal({ rolledBackTo: runIds[0], changed: true });
    expect(runId).to.equal(stateOf(warehouse).runId);
    expect(await factLines(warehouse)).to.deep.equal(published[0]);
    expect(await stores()).to.deep.equal(["Store 5.00"]);
    expect(JSON.parse((await back("--to", runId)).stdout).changed).to.equal(false);
    const forward = await back("--to", runIds[2] ?? "");
    expect(forward.code, forward.stderr).to.equal(0);
    expect(await factLines(warehouse)).to.deep.equal(published[2]);
    expect(await stores()).to.deep.equal(["Store 7.00"]);
    const sql = "SELECT rolled_back_to FROM runs ORDER BY run_id";
    const { stdout } = await salesEtl("query", "--warehouse", warehouse, sql, "--format", "csv");
    expect(stdout.trim().split("\n").slice(-2)).to.deep.equal([runIds[0], runIds[2]]);
  });

  it("names the runs that are kept when asked for another", async () => {
    const { code, stdout } = await back("--to", "20200101-000000-abcdef");
    expect([code, errorOf(stdout).code]).to.deep.equal([2, "RUN_NOT_KEPT"]);
    expect(errorOf(stdout).message).to.contain(runIds[1]);
  });

  it("refuses a run whose files are gone, and leaves what is published", async () => {
    const state = JSON.parse(readFileSync(path.join(warehouse, "states", `${runIds[1]}.json`), "utf8")) as Published;
    const fact = Object.values(state.fact)[0] ?? "";
    rmSync(path.join(warehouse, fact));
    const { code, stdout } = await back("--to", runIds[1] ?? "");
    expect([code, errorOf(stdout).code, errorOf(stdout).path]).to.deep.equal([2, "WAREHOUSE_DAMAGED", fact]);
    expect(await factLines(warehouse)).to.deep.equal(published[2]);
  });
});

describe("what is kept of a warehouse", () => {
  it("is the newest versions and their files, and nothing else of ours", async () => {
    const { landing, warehouse, run } = inProcess(undefined, { keep: 3 });
    const own = path.join(warehouse, "base", "notes.txt");
    for (const amount of ["1.00", "2.00", "3.00", "4.00", "5.00"]) {
      await land(landing, "2020-01-06", { sales: `1,10,1,2020-01-06,2,${amount}` });
      await run("2020-01-06");
      writeFileSync(own, "somebody's own");
    }
    const states = readdirSync(path.join(warehouse, "states"));
    expect(states).to.have.length(2);
    const kept = states.map(
      (name) => JSON.parse(readFileSync(path.join(warehouse, "states", name), "utf8")) as Published,
    );
    const named = new Set([stateOf(warehouse), ...kept].flatMap((state) => [...filesOf(state)]));
    const expected = [
      ...named,
      ...states.map((name) => `states/${name}`),
      "current.json",
      "base/notes.txt",
      "writer.duckdb",
    ];
    expect(allFiles(warehouse)).to.deep.equal(expected.sort());
  });

  it("has no file of an interrupted run after the next one, and every file of the versions", async () => {
    const { landing, warehouse, run } = inProcess();
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,2,5.00" });
    await run("2020-01-06");
    const before = allFiles(warehouse);
    const id = "20991231-235959-abcdef";
    const orphans = [
      ...[`base/sales/load_dt=2020-01-06/${id}.parquet`, `fact/yr_wk_num=202002/${id}.parquet`],
      ...[`sales-${id}.duckdb`, `sales-${id}.duckdb.wal`, `current.json.${id}`, `reports/dt=2020-01-06/${id}.json`],
    ];
    for (const name of orphans) {
      mkdirSync(path.dirname(path.join(warehouse, name)), { recursive: true });
      writeFileSync(path.join(warehouse, name), "half");
    }
    writeFileSync(path.join(warehouse, "run.started"), id);
    // The same bytes again: nothing to publish, and all to tidy up.
    await run("2020-01-06");
    expect(allFiles(warehouse)).to.deep.equal(before);
  });

  it("is all there is where current.json was lost: only the interrupted run's files go", async () => {
    const { landing, warehouse, run } = inProcess();
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,2,5.00" });
    await run("2020-01-06");
    const files = [...filesOf(stateOf(warehouse))];
    rmSync(path.join(warehouse, "current.json"));
    writeFileSync(path.join(warehouse, "run.started"), "20991231-235959-abcdef");
    await run("2020-01-08");
    expect(files.filter((name) => !existsSync(path.join(warehouse, name)))).to.deep.equal([]);
  });
});
