/**
 * What readers see through Athena, as far as that can be shown without it: the job's views, found in Glue and run by Trino,
 * whatever has been published half. On demand: SALES_ETL_TRINO names an unpacked Trino (docs/spark.md).
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { viewsOf } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { sparkHere } from "../../airflow/nights/spark-here.ts";
import { openReader } from "../../packages/cli/src/engine/reader.ts";
import { runDates } from "../../packages/cli/src/engine/run.ts";
import { submit } from "../../packages/cli/src/spark/submit.ts";
import { icebergConfigurations } from "../../packages/etl-core/src/emr/iceberg.ts";
import { type LocalAws, startLocalAws } from "../../packages/local-aws/src/index.ts";
import { startTrino, type Trino } from "./trino.ts";

const folder = process.env.SALES_ETL_TRINO;
const tiny = path.resolve(import.meta.dirname, "fixtures/tiny");
const landing = path.join(tiny, "landing");
const early = ["2017-06-30", "2017-07-01"];
const late = ["2017-07-02", "2017-07-03", "2017-07-04"];
const database = "retail";
const KILLED = 137;

type Rows = readonly Readonly<Record<string, unknown>>[];
const texts = (rows: Rows) => rows.map((row) => Object.entries(row).map(([name, value]) => `${name}=${value ?? ""}`));

describe("views for readers, in Trino", function () {
  this.timeout("1200s");
  const work = mkdtempSync(path.join(tmpdir(), "sales-etl-views-"));
  let aws: LocalAws | undefined;
  let trino: Trino | undefined;

  const job = async (runId: string, args: readonly string[], moment?: string) => {
    const { endpoint, env } = aws as LocalAws;
    const { conf, ...spark } = await sparkHere(
      icebergConfigurations({ warehouse: "s3://lake/tables", database }),
      endpoint,
    );
    Object.assign(process.env, env);
    const { code, output } = await submit({
      ...{ ...spark, conf },
      ...(moment === undefined ? {} : { program: path.join(import.meta.dirname, "process_run.py") }),
      args: [
        ...(moment === undefined ? [] : [moment, "kill"]),
        ...["--contract", path.resolve(import.meta.dirname, "../../packages/etl-core/generated/spark/retail.json")],
        ...["--landing", landing, "--warehouse", "s3://lake/tables", "--control", "s3://control/spark"],
        ...["--catalog", "glue_catalog", "--database", database, "--run-id", runId, "--lease-seconds", "10"],
        ...args,
      ],
    });
    expect(code, output).to.equal(moment === undefined ? 0 : KILLED);
  };

  /** The same views of the same dates, through the embedded engine. */
  const embedded = async (dates: readonly string[]) => {
    const warehouse = path.join(work, `embedded-${dates.length}`);
    await runDates({ dataset: retail, landing, warehouse, dates });
    const reader = await openReader(retail, warehouse);
    try {
      return await rowsOf((sql) => reader.rows(sql));
    } finally {
      reader.close();
    }
  };

  /** Of each view every row and column, in the order of the fact. */
  const rowsOf = async (ask: (sql: string) => Promise<Rows>) => {
    const found: Record<string, string[][]> = {};
    for (const { relation } of viewsOf(retail)) {
      found[relation.name] = texts(await ask(`SELECT * FROM ${relation.name} ORDER BY yr_wk_num, store_key, prod_key`));
    }
    return found;
  };
  const seen = () => rowsOf((sql) => (trino as Trino).query(sql));

  before(async function () {
    if (folder === undefined) return this.skip();
    const started = await startLocalAws();
    if ("missing" in started) return this.skip();
    aws = started;
    for (const bucket of ["lake", "control"]) await fetch(`${aws.endpoint}/${bucket}`, { method: "PUT" });
    await job("early", ["--business-dates", early.join(",")]);
    const javaHome = process.env.SALES_ETL_TRINO_JAVA ?? process.env.JAVA_HOME ?? "";
    trino = await startTrino({ folder, javaHome, aws, database });
  });

  after(async () => {
    await trino?.stop();
    await aws?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it("show the publish before while one is half done, the new one once it is repaired, and what was gone back to", async () => {
    const before = await embedded(early);
    expect(before.weekly_fact_with_dimensions).not.to.have.length(0);
    expect(await seen()).to.deep.equal(before);
    const sales = async () => Number((await trino?.query("SELECT count(*) AS n FROM sales"))?.[0]?.n);
    const counted = await sales();

    await job("late", ["--business-dates", late.join(",")], "published:inventory");
    // The table is already the new one, and a join of tables would mix two publishes.
    expect(await sales()).to.be.above(counted);
    expect(await seen()).to.deep.equal(before);

    await job("repair", ["--business-dates", late.join(",")]);
    const after = await seen();
    expect(after).to.deep.equal(await embedded([...early, ...late]));
    const [header = "", ...lines] = readFileSync(path.join(tiny, "expected_weekly_fact.csv"), "utf8")
      .trim()
      .split("\n");
    const names = header.split(",").join(", ");
    const rows = await trino?.query(`SELECT ${names} FROM weekly_fact_with_dimensions ORDER BY 1, 2, 3`);
    expect(
      rows?.map((row) =>
        Object.values(row)
          .map((value) => value ?? "")
          .join(","),
      ),
    ).to.deep.equal(lines);

    await job("back", ["--step", "rollback", "--to", "early"]);
    expect(await seen()).to.deep.equal(before);
  });
});
