/** The command on Spark: the same answers as the embedded engine's, from an Iceberg warehouse in a folder. */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import type { BackfillResult } from "../../packages/cli/src/backfill/backfill.ts";
import { backfill } from "../../packages/cli/src/backfill/backfill.ts";
import type { Row } from "../../packages/cli/src/engine/duckdb.ts";
import { rollback } from "../../packages/cli/src/engine/rollback.ts";
import { type Progress, type RunResult, runDates } from "../../packages/cli/src/engine/run.ts";
import { readPublished } from "../../packages/cli/src/engine/state.ts";
import { runOnSparkAndSay } from "../../packages/cli/src/run-and-say.ts";
import { backfillOnSpark, planOnSpark } from "../../packages/cli/src/spark/backfill.ts";
import { openSparkReader } from "../../packages/cli/src/spark/reader.ts";
import { rollbackOnSpark } from "../../packages/cli/src/spark/rollback.ts";
import { runDatesOnSpark } from "../../packages/cli/src/spark/run.ts";
import { readSparkStatus } from "../../packages/cli/src/spark/status.ts";
import { explains, explainsWithoutLinesOfChanged } from "./explained.ts";
import { fewRows } from "./few-rows.ts";
import { command } from "./folders.ts";
import { reports } from "./reported.ts";
import { sameRelations, sameReports } from "./same-answers.ts";
import { CORRECTED, MISSING, tinyDates, tinyFact, wrongLanding } from "./tiny.ts";

/** What both engines must say alike. */
const answers = ({ dates, published }: RunResult) => ({
  published,
  dates: dates.map(({ seconds: _, ...date }) => date),
});
const changes = ({ dates, periods }: BackfillResult) => ({ dates, periods });
const states = ({ dates }: BackfillResult) => dates.map(({ state }) => state);

describe("sales-etl on a warehouse of Spark's", function () {
  this.timeout("1200s");
  let folder: string;
  let landing: string;
  let correct: () => void;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "sales-etl-spark-command-"));
    ({ landing, correct } = wrongLanding(folder));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe("after a run and a backfill", () => {
    const [early, dates] = [tinyDates.slice(0, 2), [...tinyDates, MISSING]];
    let both: { embedded: string; spark: string };
    let args: { dataset: typeof retail; landing: string };
    let first: RunResult;
    let second: BackfillResult;
    let earlyFact: readonly Row[];
    const folders = () => ({ folder, landing, ...both });
    const onSpark = () => ({ ...args, warehouse: both.spark, conf: fewRows });
    const shown = async () => {
      const reader = await openSparkReader(retail, both.spark);
      try {
        return await reader.rows("SELECT * FROM weekly_fact ORDER BY ALL");
      } finally {
        reader.close();
      }
    };
    const plan = () => planOnSpark({ ...onSpark(), dates });
    before(() => {
      both = { embedded: path.join(folder, "embedded"), spark: path.join(folder, "spark") };
      args = { dataset: retail, landing };
    });

    it("says and shows the same as the embedded engine", async () => {
      first = await runOnSparkAndSay({ ...onSpark(), dates: early });
      expect(existsSync(path.join(both.spark, "report.html"))).to.equal(true);
      const embedded = await runDates({ ...args, dates: early, warehouse: both.embedded });
      expect(answers(first)).to.deep.equal(answers(embedded));
      await sameRelations(both);
      earlyFact = await shown();
    });

    it("plans which dates are to be loaded, and not with which numbers; writes nothing", async () => {
      const files = () => readdirSync(both.spark, { recursive: true });
      const before = files();
      expect(states(await plan())).to.deep.equal([
        ...["unchanged", "unchanged", "pending", "pending", "pending", "incomplete"],
      ]);
      correct();
      const range = ["--from", early[0] ?? "", "--to", MISSING];
      const { code, answer } = command([
        "backfill",
        "--plan",
        "--landing",
        landing,
        "--warehouse",
        both.spark,
        ...range,
      ]);
      expect(code).to.equal(1);
      expect(answer).to.include({ plan: true, periods: null, runId: first.runId });
      expect(answer.notKnown).to.include("which weeks get other numbers");
      const rows = { rowsAccepted: 34, rowsRejected: 0 };
      expect(answer.dates.slice(0, 3)).to.deep.equal([
        { businessDate: CORRECTED, state: "changed", wasPublished: true, ...rows, weeksRestated: null },
        {
          ...{ businessDate: "2017-07-01", state: "unchanged", wasPublished: true },
          ...{ rowsAccepted: 133, rowsRejected: 2, weeksRestated: [] },
        },
        { businessDate: "2017-07-02", state: "pending", wasPublished: false, ...rows, weeksRestated: null },
      ]);
      expect(files()).to.deep.equal(before);
    });

    it("fills back with the same changes as the embedded engine, and says them", async () => {
      const steps: Progress["step"][] = [];
      const onProgress = ({ step }: Progress) => steps.push(step);
      second = await backfillOnSpark({ ...onSpark(), dates }, (own) => runDatesOnSpark({ ...own, onProgress }));
      const embedded = await backfill({ ...args, dates, warehouse: both.embedded }, runDates);
      expect(changes(second)).to.deep.equal(changes(embedded));
      expect(states(second)).to.deep.equal(["changed", "unchanged", "pending", "pending", "pending", "incomplete"]);
      expect(steps).to.deep.equal([...dates.map(() => "date"), "compute", "published"]);
      // From the fixture's README. Before: 4 + 0.30 - 1 + 8 + 100 units for 12.00 + 1.00 - 4.00 - 0.01 + 10.00.
      expect(
        second.periods?.map(({ period, rows, totals, differs }) => {
          const { sales_qty: qty, sales_amt: amt } = totals;
          return [period, rows.old, rows.new, qty?.old, qty?.new, amt?.old, amt?.new, differs];
        }),
      ).to.deep.equal([
        [201725, 1, 1, "2.00", "2.00", "7.00", "7.00", false],
        [201726, 6, 6, "111.30", "113.30", "18.99", "26.32", true],
        [201727, null, 6, null, "14.00", null, "4.51", true],
      ]);
      await sameRelations(both);
      const [header, ...lines] = tinyFact();
      expect(
        (await shown()).map((row) =>
          (header ?? "")
            .split(",")
            .map((name) => row[name] ?? "")
            .join(","),
        ),
      ).to.have.members(lines);
      expect(states(await plan())).to.deep.equal([...tinyDates.map(() => "unchanged"), "incomplete"]);
    });

    it("plans to load again what was written again, and all of it under another contract", async () => {
      const now = new Date();
      utimesSync(path.join(landing, "sales", "dt=2017-07-04", "sales_2017-07-04.csv"), now, now);
      const again = ["unchanged", "unchanged", "unchanged", "unchanged", "changed", "incomplete"];
      expect(states(await plan())).to.deep.equal(again);
      const other = {
        ...retail,
        tables: retail.tables.map((table) => ({ ...table, title: `${table.title}, renamed` })),
      };
      const planned = await planOnSpark({ ...onSpark(), dataset: other, dates });
      expect(states(planned)).to.deep.equal([...tinyDates.map(() => "changed"), "incomplete"]);
    });

    explains(folders);
    reports(folders);

    it("shows nothing of a publish that has died after its last table and before its receipt", async () => {
      const publishes = path.join(both.spark, "_control", "publish");
      const receipt = readdirSync(publishes)
        .filter((name) => name.endsWith(".done.json"))
        .sort()
        .at(-1);
      const [done, aside] = [path.join(publishes, receipt ?? ""), path.join(folder, "aside.json")];
      const now = await shown();
      renameSync(done, aside);
      expect(await shown()).to.deep.equal(earlyFact);
      expect(await plan())
        .to.have.property("notKnown")
        .that.includes("A run is publishing, or has died");
      renameSync(aside, done);
      expect(await shown()).to.deep.equal(now);
    });

    it("tells its dates and runs", async () => {
      const status = await readSparkStatus(retail, both.spark);
      expect(status.counts).to.deep.equal({ accepted: 5, rejected: 0, incomplete: 1, missing: 0, "rolled-back": 0 });
      expect(status.runs.map(({ runId, dates: loaded, kept }) => [runId, loaded, kept])).to.deep.equal([
        [second.runId, 4, true],
        [first.runId, 2, true],
      ]);
    });

    it("goes back to what was published before, and then loads what is not published any more", async () => {
      const to = first.runId ?? "";
      const back = await rollbackOnSpark({ ...onSpark(), to, by: "Ann" });
      expect(back).to.include({ rolledBackTo: to, changed: true });
      expect(await shown()).to.deep.equal(earlyFact);
      expect(await rollbackOnSpark({ ...onSpark(), to })).to.include({ changed: false, runId: back.runId });
      const status = await readSparkStatus(retail, both.spark);
      expect(status.dates.map(({ state }) => state)).to.deep.equal([
        ...["accepted", "accepted"],
        ...["rolled-back", "rolled-back", "rolled-back", "incomplete"],
      ]);
      expect(status.runs[0]).to.include({ runId: back.runId, kind: "rollback", rolledBackTo: to, by: "Ann" });
      expect(states(await plan())).to.deep.equal([
        ...["changed", "unchanged", "pending", "pending", "pending", "incomplete"],
      ]);
      const embedded = await readPublished(both.embedded, retail.name);
      await rollback({ dataset: retail, warehouse: both.embedded, to: embedded?.runs[0]?.runId ?? "", by: "Ann" });
      const { restatements } = await sameReports(retail, both, 201726, false);
      expect(restatements.rows.map(({ period, cause }) => [period, cause])).to.deep.equal([
        ...[201727, 201726, 201725].map((period) => [period, "rollback"]),
        ...[201726, 201725].map((period) => [period, "delivered again"]),
      ]);
      explainsWithoutLinesOfChanged(folders());

      const third = await runDatesOnSpark({ ...onSpark(), dates: early.slice(1) });
      expect(third).to.include({ published: false, runId: back.runId });
      const { seconds: _, ...same } = third.dates[0] ?? {};
      expect(same).to.deep.equal({
        ...{ businessDate: early[1], verdict: "accepted", rowsAccepted: 133, rowsRejected: 2 },
        ...{ weeksRestated: [], changed: false },
      });
    });

    it("is no warehouse of the other engine, nor the other way round", () => {
      for (const [engine, warehouse] of [
        ["duckdb", both.spark],
        ["spark", both.embedded],
      ] as const) {
        const date = ["--date", tinyDates[0] ?? ""];
        const mixed = command(["run", "--engine", engine, "--landing", landing, "--warehouse", warehouse, ...date]);
        expect(mixed.code).to.equal(2);
        expect(mixed.answer.error).to.include({ code: "WAREHOUSE_OTHER_ENGINE" });
      }
    });
  });

  const runOnSpark = (warehouse: string, date: string, env: NodeJS.ProcessEnv = {}) =>
    command(["run", "--engine", "spark", "--landing", landing, "--warehouse", warehouse, "--date", date], env);

  it("starts no Spark where no date is accepted", () => {
    const warehouse = path.join(folder, "nothing");
    const { code, answer } = runOnSpark(warehouse, "2031-01-01");
    expect(code).to.equal(1);
    expect(answer).to.deep.include({ warehouse, runId: null });
    expect(answer.dates[0]).to.include({ businessDate: "2031-01-01", verdict: "incomplete", changed: false });
    expect(existsSync(path.join(warehouse, "_control"))).to.equal(false);
  });

  it("says what is missing and what to do", () => {
    const env = { SALES_ETL_SPARK_PYTHON: "/no/python" };
    const { code, answer } = runOnSpark(path.join(folder, "none"), tinyDates[0] ?? "", env);
    expect(code).to.equal(2);
    expect(answer.error.code).to.equal("SPARK_VERSION");
    expect(answer.error.message).to.include("/no/python, named in SALES_ETL_SPARK_PYTHON, has no pyspark 4.1.1");
  });
});
