/** What the command notes beside the tables of what the job says: a program in the job's place says it here. */
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { readLoads } from "../../packages/cli/src/spark/loads.ts";
import { readRefusals } from "../../packages/cli/src/spark/refusals.ts";
import { runDatesOnSpark } from "../../packages/cli/src/spark/run.ts";
import { land } from "../../packages/cli/test/support/landing.ts";
import { workspace } from "../../packages/cli/test/support/workspace.ts";

const [GOOD, REFUSED] = ["2020-01-05", "2020-01-06"];

describe("the notes of a run on Spark", function () {
  this.timeout("60s");
  const { folder, landing, warehouse } = workspace();
  const named = process.env.SALES_ETL_SPARK_PYTHON;
  after(() => {
    if (named === undefined) delete process.env.SALES_ETL_SPARK_PYTHON;
    else process.env.SALES_ETL_SPARK_PYTHON = named;
  });

  /** Instead of Python: has PySpark, it says, and as the job these lines. */
  const run = (code: number, ...lines: readonly Readonly<Record<string, unknown>>[]) => runWith({}, code, ...lines);
  async function runWith(
    more: { readonly stop?: boolean },
    code: number,
    ...lines: readonly Readonly<Record<string, unknown>>[]
  ) {
    const program = path.join(folder, "python");
    const said = lines.map((line) => `echo '${JSON.stringify(line)}' >&2`).join("\n");
    writeFileSync(program, `#!/bin/sh\nif [ "$1" = -I ]; then echo "pyspark 4.1.1"; exit; fi\n${said}\nexit ${code}\n`);
    chmodSync(program, 0o755);
    process.env.SALES_ETL_SPARK_PYTHON = program;
    return runDatesOnSpark({ dataset: retail, landing, warehouse, dates: [GOOD, REFUSED], by: "Ann", ...more });
  }
  const noted = () => readdirSync(path.join(warehouse, "_gate", "runs"));
  const published = { event: "date_published", rowsAccepted: 1, rowsRejected: 0, weeksRestated: [202002], seconds: 1 };
  const message = "this date lacks what the job needs";

  before(async () => {
    await land(landing, GOOD, { sales: `1,10,1,${GOOD},2,5.00` });
    await land(landing, REFUSED, { sales: `2,10,1,${REFUSED},3,6.00` });
  });

  it("say what was loaded, what was found unlikely, and what the job has refused", async () => {
    const { dates, published: done } = await run(
      1,
      { event: "date_rejected", businessDate: REFUSED, code: "TABLE_MISSING", message, file: "store" },
      { ...{ event: "checked", broken: true, severity: "warning", check: "odd", rule: "even" }, rows: 2, examples: [] },
      { ...published, businessDate: GOOD },
    );
    expect([done, ...dates.map(({ verdict }) => verdict)]).to.deep.equal([true, "accepted", "rejected"]);
    const [file = ""] = noted();
    const loads = await readLoads(warehouse, file.replace(".json", ""));
    expect(loads).to.include({ landing, by: "Ann" });
    expect(loads?.warnings).to.deep.equal([{ check: "odd", rule: "even", rows: 2, examples: [] }]);
    expect(Object.values(loads?.dates[GOOD]?.sales ?? {})).to.deep.equal([`sales/dt=${GOOD}/sales_${GOOD}.csv`]);
    expect(loads?.alerts?.[GOOD]?.map(({ code, table }) => [code, table])).to.deep.equal([
      ["DAY_WITHOUT_ROWS", "inventory"],
    ]);
    const refusals = await readRefusals(warehouse);
    expect([...(refusals?.keys() ?? [])]).to.deep.equal([REFUSED]);
    expect(refusals?.get(REFUSED)?.problems).to.deep.equal([
      { code: "TABLE_MISSING", severity: "error", table: null, file: "store", message },
    ]);
  });

  it("leave a run out that has changed nothing, and forget what is accepted since", async () => {
    const before = noted();
    const unchanged = (businessDate: string) => ({ event: "date_unchanged", businessDate });
    expect(await run(0, unchanged(GOOD ?? ""), unchanged(REFUSED ?? ""))).to.include({ published: false });
    expect(noted()).to.deep.equal(before);
    expect(await readRefusals(warehouse)).to.deep.equal(new Map());
  });

  it("of a date that the job has not come to, because it was to stop, stay; and the run does not count it", async () => {
    const refused = (businessDate: string) => ({
      event: "date_rejected",
      businessDate,
      code: "TABLE_MISSING",
      message,
    });
    await run(1, refused(REFUSED));
    const { dates } = await runWith({ stop: true }, 1, refused(GOOD));
    expect(dates.map(({ businessDate, verdict }) => [businessDate, verdict])).to.deep.equal([[GOOD, "rejected"]]);
    expect([...((await readRefusals(warehouse))?.keys() ?? [])]).to.deep.equal([GOOD, REFUSED]);
  });

  it("say once what the job has said twice, as main moved; and what it said last", async () => {
    const odd = {
      event: "checked",
      broken: true,
      severity: "warning",
      check: "odd",
      rule: "even",
      rows: 2,
      examples: [],
    };
    const { dates, warnings } = await run(
      0,
      { event: "date_rejected", businessDate: REFUSED, code: "TABLE_MISSING", message },
      ...[odd, { event: "main_moved", attempt: 1 }, odd],
      ...[GOOD, REFUSED].map((businessDate) => ({ ...published, businessDate })),
    );
    expect(dates.map(({ verdict }) => verdict)).to.deep.equal(["accepted", "accepted"]);
    expect(warnings).to.have.length(1);
    expect(await readRefusals(warehouse)).to.deep.equal(new Map());
  });

  it("are not kept of a run that never began", async () => {
    const before = noted();
    const error = await run(2, { event: "run_failed", code: "LEASE_HELD", message: "no" }).catch((cause) => cause);
    expect(error).to.include({ code: "LEASE_HELD" });
    expect(noted()).to.deep.equal(before);
  });

  it("stay of a run that failed: it may have published before it did", async () => {
    const before = noted().length;
    const failure = { event: "run_failed", code: "VIEW_REFUSED", message: "no" };
    const error = await run(2, { ...published, businessDate: GOOD }, failure).catch((cause) => cause);
    expect(error).to.include({ code: "VIEW_REFUSED" });
    const last = noted().sort().at(-1) ?? "";
    expect(noted()).to.have.length(before + 1);
    expect(await readLoads(warehouse, last.replace(".json", ""))).to.have.property("warnings", null);
  });
});
