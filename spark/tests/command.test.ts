/** `sales-etl run --engine spark`: the same answers as the embedded engine's, from an Iceberg warehouse in a folder. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { openReader } from "../../packages/cli/src/engine/reader.ts";
import { type Progress, type RunResult, runDates } from "../../packages/cli/src/engine/run.ts";
import { openSparkReader } from "../../packages/cli/src/spark/reader.ts";
import { rollbackOnSpark } from "../../packages/cli/src/spark/rollback.ts";
import { runDatesOnSpark } from "../../packages/cli/src/spark/run.ts";
import { readSparkStatus } from "../../packages/cli/src/spark/status.ts";
import { landText } from "../../packages/cli/test/support/landing.ts";
import { workedDates, workedLanding } from "../../packages/cli/test/support/worked.ts";
import { root } from "../../scripts/test/process.ts";
import { fewRows } from "./few-rows.ts";

const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");

/** What both engines must say alike. */
const answers = ({ dates, published }: RunResult) => ({
  published,
  dates: dates.map(({ seconds: _, ...date }) => date),
});

describe("sales-etl run --engine spark", function () {
  this.timeout("1200s");
  let folder: string;
  let landing: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "sales-etl-spark-command-"));
    landing = path.join(folder, "landing");
    for (const [date, text] of Object.entries(workedLanding())) await landText(retail, landing, date, text);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const cli = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const done = spawnSync(process.execPath, [bin, "run", "--engine", "spark", "--json", ...args], {
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { code: done.status, answer: JSON.parse(done.stdout), said: done.stderr };
  };

  /** What people ask of both engines: each relation whole, under the embedded engine's columns. */
  async function sameRelations(warehouses: { embedded: string; spark: string }): Promise<void> {
    const [own, other] = [
      await openReader(retail, warehouses.embedded),
      await openSparkReader(retail, warehouses.spark),
    ];
    try {
      for (const name of [
        ...["weekly_fact", "weekly_fact_brief", "weekly_fact_with_dimensions"],
        ...["store_dim", "product_dim", "calendar_dim", "sales"],
      ]) {
        const { columns } = await own.select(`SELECT * FROM ${name} LIMIT 0`);
        const sql = `SELECT ${columns.join(", ")} FROM ${name} ORDER BY ALL`;
        const rows = await own.rows(sql);
        expect(rows, name).not.to.have.length(0);
        expect(await other.rows(sql), name).to.deep.equal(rows);
      }
      const stock = "SELECT store_key, prod_key, cal_dt, inventory_on_hand_qty FROM inventory ORDER BY ALL";
      expect(await other.rows(stock)).to.deep.equal(await own.rows(stock));
    } finally {
      own.close();
      other.close();
    }
  }

  it("says and shows the same as the embedded engine, in two runs, whatever is half done; goes back", async () => {
    const [warehouse, embedded] = [path.join(folder, "spark"), path.join(folder, "embedded")];
    const [early, dates] = [workedDates.slice(0, 2), [...workedDates, "2031-01-01"]];
    const steps: Progress["step"][] = [];
    const args = { dataset: retail, landing };
    const spark = { ...args, warehouse, conf: fewRows };
    const first = await runDatesOnSpark({ ...spark, dates: early });
    expect(answers(first)).to.deep.equal(answers(await runDates({ ...args, dates: early, warehouse: embedded })));
    const before = await openReader(retail, embedded);
    const cells = "SELECT * FROM weekly_fact ORDER BY ALL";
    const earlyFact = await before.rows(cells);
    before.close();

    const second = await runDatesOnSpark({ ...spark, dates, onProgress: ({ step }) => steps.push(step) });
    expect(answers(second)).to.deep.equal(answers(await runDates({ ...args, dates, warehouse: embedded })));
    expect(second.dates.map(({ changed }) => changed)).to.deep.equal([false, false, true, true, true, false]);
    expect(second.dates.at(-1)).to.include({ verdict: "incomplete", changed: false });
    expect(steps).to.deep.equal([...dates.map(() => "date"), "compute", "published"]);
    await sameRelations({ embedded, spark: warehouse });

    // As if the second run had died after its last table and before its receipt: main has moved, readers have not.
    const shown = async () => {
      const reader = await openSparkReader(retail, warehouse);
      try {
        return await reader.rows(cells);
      } finally {
        reader.close();
      }
    };
    const publishes = path.join(warehouse, "_control", "publish");
    const receipt = readdirSync(publishes)
      .filter((name) => name.endsWith(".done.json"))
      .sort()
      .at(-1);
    const [done, aside] = [path.join(publishes, receipt ?? ""), path.join(folder, "aside.json")];
    renameSync(done, aside);
    expect(await shown()).to.deep.equal(earlyFact);
    renameSync(aside, done);
    expect(await shown()).to.have.length.greaterThan(earlyFact.length);

    const status = await readSparkStatus(retail, warehouse);
    expect(status.counts).to.deep.equal({ accepted: 5, rejected: 0, incomplete: 0, missing: 0, "rolled-back": 0 });
    expect(status.runs.map(({ runId, dates: loaded, kept }) => [runId, loaded, kept])).to.deep.equal([
      [second.runId, 3, true],
      [first.runId, 2, true],
    ]);

    const back = await rollbackOnSpark({ ...spark, to: first.runId ?? "" });
    expect(back).to.include({ rolledBackTo: first.runId, changed: true });
    expect(await shown()).to.deep.equal(earlyFact);
    expect(await rollbackOnSpark({ ...spark, to: first.runId ?? "" })).to.include({
      changed: false,
      runId: back.runId,
    });
    const after = await readSparkStatus(retail, warehouse);
    expect(after.dates.map(({ state }) => state)).to.deep.equal([
      ...["accepted", "accepted"],
      ...["rolled-back", "rolled-back", "rolled-back"],
    ]);
    expect(after.runs[0]).to.include({ runId: back.runId, kind: "rollback", rolledBackTo: first.runId });

    const third = await runDatesOnSpark({ ...spark, dates: early });
    expect(third.published).to.equal(false);
    expect(third.runId).to.equal(back.runId);
    expect(third.dates.map(({ changed }) => changed)).to.deep.equal([false, false]);
    expect(third.dates.map(({ rowsAccepted }) => rowsAccepted)).to.deep.equal(
      first.dates.map(({ rowsAccepted }) => rowsAccepted),
    );
    for (const [command, ...more] of [
      ["report"],
      ["explain", "--week", "201801", "--store", "1", "--product", "11"],
      ["backfill", "--landing", landing, "--from", "2018-01-01", "--to", "2018-01-02"],
    ]) {
      const refused = spawnSync(process.execPath, [bin, command ?? "", "--json", "--warehouse", warehouse, ...more], {
        encoding: "utf8",
      });
      expect(refused.status, command).to.equal(2);
      expect(JSON.parse(refused.stdout).error, command).to.include({ code: "NOT_ON_SPARK" });
    }

    // The folder is Iceberg's: the other engine does not write into it, nor this one into its.
    for (const [engine, name] of [
      ["duckdb", "spark"],
      ["spark", "embedded"],
    ] as const) {
      const mixed = cli([
        "--engine",
        engine,
        "--landing",
        landing,
        "--warehouse",
        path.join(folder, name),
        "--date",
        dates[0] ?? "",
      ]);
      expect(mixed.code).to.equal(2);
      expect(mixed.answer.error).to.include({ code: "WAREHOUSE_OTHER_ENGINE" });
    }
  });

  it("starts no Spark where no date is accepted", () => {
    const warehouse = path.join(folder, "nothing");
    const { code, answer } = cli(["--landing", landing, "--warehouse", warehouse, "--date", "2031-01-01"]);
    expect(code).to.equal(1);
    expect(answer).to.deep.include({ warehouse, runId: null });
    expect(answer.dates[0]).to.include({ businessDate: "2031-01-01", verdict: "incomplete", changed: false });
    expect(existsSync(path.join(warehouse, "_control"))).to.equal(false);
  });

  it("says what is missing and what to do", () => {
    const args = ["--landing", landing, "--warehouse", path.join(folder, "none"), "--date", workedDates[0] ?? ""];
    const named = cli(args, { SALES_ETL_SPARK_PYTHON: "/no/python" });
    expect(named.code).to.equal(2);
    expect(named.answer.error.code).to.equal("SPARK_VERSION");
    expect(named.answer.error.message).to.include("/no/python, named in SALES_ETL_SPARK_PYTHON, has no pyspark 4.1.1");
  });
});
