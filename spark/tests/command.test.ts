/** The command on Spark: the same answers as the embedded engine's, from an Iceberg warehouse in a folder. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import type { BackfillResult } from "../../packages/cli/src/backfill/backfill.ts";
import { backfill } from "../../packages/cli/src/backfill/backfill.ts";
import type { Row } from "../../packages/cli/src/engine/duckdb.ts";
import { type Progress, type RunResult, runDates } from "../../packages/cli/src/engine/run.ts";
import type { Explanation } from "../../packages/cli/src/explain/explain.ts";
import { backfillOnSpark, planOnSpark } from "../../packages/cli/src/spark/backfill.ts";
import { openSparkReader } from "../../packages/cli/src/spark/reader.ts";
import { rollbackOnSpark } from "../../packages/cli/src/spark/rollback.ts";
import { runDatesOnSpark } from "../../packages/cli/src/spark/run.ts";
import { readSparkStatus } from "../../packages/cli/src/spark/status.ts";
import { root } from "../../scripts/test/process.ts";
import { fewRows } from "./few-rows.ts";
import { sameExplanations, sameRelations } from "./same-answers.ts";
import { CORRECTED, tinyDates, tinyFact, wrongLanding } from "./tiny.ts";

const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");

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

  const cli = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const done = spawnSync(process.execPath, [bin, ...args, "--json"], {
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { code: done.status, answer: JSON.parse(done.stdout), said: done.stderr };
  };

  describe("after a run and a backfill", () => {
    const MISSING = "2031-01-01";
    const [early, dates] = [tinyDates.slice(0, 2), [...tinyDates, MISSING]];
    let both: { embedded: string; spark: string };
    let args: { dataset: typeof retail; landing: string };
    let first: RunResult;
    let second: BackfillResult;
    let earlyFact: readonly Row[];
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
      first = await runDatesOnSpark({ ...onSpark(), dates: early });
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
      const range = ["--from", early[0] ?? "", "--to", "2017-07-05"];
      const { code, answer } = cli(["backfill", "--plan", "--landing", landing, "--warehouse", both.spark, ...range]);
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

    const cell = ["--week", "201726", "--store", "1", "--product", "10"];
    const explain = (...more: string[]) => {
      const { code, answer } = cli(["explain", "--warehouse", both.spark, ...cell, ...more]);
      expect(code).to.equal(0);
      return answer as Explanation;
    };
    const places = ({ rows }: Explanation) =>
      rows.map(({ day, file, line, values }) => [day, values.sales_amt ?? values.inventory_on_hand_qty, file, line]);
    const sales = (date: string, more = "") => `sales/dt=${date}/${more}sales_${date}.csv`;
    const inventory = (date: string, more = "") => `inventory/dt=${date}/inventory_${date}.csv${more}`;

    it("leads from every cell to the same days, numbers, files and lines as the embedded engine", async () => {
      const explanations = await sameExplanations(retail, both);
      expect(explanations.size).to.equal(tinyFact().length - 1);
      // Looked up in the files; 100 lines of 7 on.
      const explanation = explain();
      expect(places(explanation)).to.deep.equal([
        ["2017-06-26", "6.00", sales("2017-07-03", "export=e2/"), 2],
        ["2017-06-29", "3.33", sales("2017-07-02"), 2],
        ["2017-06-30", "10.00", sales(CORRECTED), 3],
        ["2017-06-30", "5.00", inventory(CORRECTED), 2],
        ["2017-07-01", "0.00", inventory("2017-07-01", ".gz"), 2],
      ]);
      expect(explanation.rejected.map(({ file, line, code, certain }) => [file, line, code, certain])).to.deep.equal([
        [sales("2017-07-01"), 5, "VALUE_TOO_PRECISE", true],
        [sales("2017-07-01"), 6, "DATE_OUTSIDE_FILE", false],
      ]);
      const amount = explanation.measures.find(({ name }) => name === "sales_amt");
      expect(amount?.calculation).to.equal("6.00 + 3.33 + 10.00 = 19.33");
      const hundred = explanations.get("201726 2 30")?.rows.filter(({ table }) => table === "sales");
      expect(hundred?.map(({ line }) => line).toSorted((a, b) => Number(a) - Number(b))).to.deep.equal(
        Array.from({ length: 100 }, (_, index) => index + 7),
      );
    });

    it("says no line where nobody has noted what was in the files", () => {
      const note = path.join(both.spark, "_gate", "runs", `${second.runId}.json`);
      const aside = path.join(folder, "note.json");
      renameSync(note, aside);
      const explanation = explain();
      renameSync(aside, note);
      expect(places(explanation)).to.deep.equal([
        ["2017-06-26", "6.00", sales("2017-07-03", "export=e2/"), null],
        ["2017-06-29", "3.33", sales("2017-07-02"), null],
        ["2017-06-30", "10.00", sales(CORRECTED), null],
        ["2017-06-30", "5.00", inventory(CORRECTED), null],
        // Of the first run, which is noted.
        ["2017-07-01", "0.00", inventory("2017-07-01", ".gz"), 2],
      ]);
      expect(explanation.files.filter(({ state }) => state === "not-noted")).to.have.length(4);
      expect(explanation.files.find(({ file }) => file === sales(CORRECTED))?.message).to.include("nobody has noted");
    });

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
      expect(status.counts).to.deep.equal({ accepted: 5, rejected: 0, incomplete: 0, missing: 0, "rolled-back": 0 });
      expect(status.runs.map(({ runId, dates: loaded, kept }) => [runId, loaded, kept])).to.deep.equal([
        [second.runId, 4, true],
        [first.runId, 2, true],
      ]);
    });

    it("goes back to what was published before, and then loads what is not published any more", async () => {
      const to = first.runId ?? "";
      const back = await rollbackOnSpark({ ...onSpark(), to });
      expect(back).to.include({ rolledBackTo: to, changed: true });
      expect(await shown()).to.deep.equal(earlyFact);
      expect(await rollbackOnSpark({ ...onSpark(), to })).to.include({ changed: false, runId: back.runId });
      const status = await readSparkStatus(retail, both.spark);
      expect(status.dates.map(({ state }) => state)).to.deep.equal([
        ...["accepted", "accepted"],
        ...["rolled-back", "rolled-back", "rolled-back"],
      ]);
      expect(status.runs[0]).to.include({ runId: back.runId, kind: "rollback", rolledBackTo: to });
      expect(states(await plan())).to.deep.equal([
        ...["changed", "unchanged", "pending", "pending", "pending", "incomplete"],
      ]);
      // Published is what came first, and the landing has the corrected file.
      const explanation = explain();
      expect(places(explanation)).to.deep.equal([
        ["2017-06-30", "12.00", sales(CORRECTED), null],
        ["2017-06-30", "5.00", inventory(CORRECTED), 2],
        ["2017-07-01", "0.00", inventory("2017-07-01", ".gz"), 2],
      ]);
      const changed = explanation.files.find(({ file }) => file === sales(CORRECTED));
      expect(changed).to.include({ state: "changed", landing });

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
        const mixed = cli(["run", "--engine", engine, "--landing", landing, "--warehouse", warehouse, ...date]);
        expect(mixed.code).to.equal(2);
        expect(mixed.answer.error).to.include({ code: "WAREHOUSE_OTHER_ENGINE" });
      }
    });
  });

  const runOnSpark = (warehouse: string, date: string, env: NodeJS.ProcessEnv = {}) =>
    cli(["run", "--engine", "spark", "--landing", landing, "--warehouse", warehouse, "--date", date], env);

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
