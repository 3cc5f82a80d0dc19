/** `sales-etl accept` on a warehouse of Spark's: the gate here and the job leave the same tables out. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { writeManifest } from "../../packages/cli/src/source/write-manifest.ts";
import { openSparkReader } from "../../packages/cli/src/spark/reader.ts";
import { readRefusals } from "../../packages/cli/src/spark/refusals.ts";
import { runDatesOnSpark } from "../../packages/cli/src/spark/run.ts";
import { salesEtl } from "../../packages/cli/test/support/command.ts";
import { land } from "../../packages/cli/test/support/landing.ts";
import { workspace } from "../../packages/cli/test/support/workspace.ts";
import { fewRows } from "./few-rows.ts";

const [MISSING, CHANGED] = ["2020-01-05", "2020-01-06"];

describe("sales-etl accept, then run --engine spark", function () {
  this.timeout("900s");
  const { landing, warehouse } = workspace();

  it("loads a date without a table that is missing, and one without a file that cannot be used", async () => {
    await land(landing, MISSING, { sales: "1,10,1,2020-01-05,2,5.00" });
    rmSync(path.join(landing, "inventory", `dt=${MISSING}`), { recursive: true });
    await writeManifest(retail, landing, MISSING, ["inventory"]);
    await land(landing, CHANGED, { sales: "2,10,1,2020-01-06,3,6.00", inventory: "2020-01-06,1,10,7,0" });
    const file = path.join(landing, "inventory", `dt=${CHANGED}`, `inventory_${CHANGED}.csv`);
    // As long as before: only its hash and its totals tell.
    writeFileSync(file, readFileSync(file, "utf8").replace(",7,", ",8,"));
    const run = () =>
      runDatesOnSpark({ dataset: retail, landing, warehouse, dates: [MISSING, CHANGED], conf: fewRows });
    expect((await run()).dates.map(({ verdict }) => verdict)).to.deep.equal(["incomplete", "rejected"]);
    const refused = async () =>
      [...((await readRefusals(warehouse)) ?? [])].map(([date, { verdict }]) => [date, verdict]);
    expect(await refused()).to.deep.equal([
      [MISSING, "incomplete"],
      [CHANGED, "rejected"],
    ]);

    // Before anything is published: the folder is nobody's yet.
    for (const date of [MISSING, CHANGED]) {
      const accept = ["--date", date, "--table", "inventory", "--reason", "scanner broken", "--by", "Ann"];
      expect((await salesEtl("accept", "--warehouse", warehouse, ...accept)).code).to.equal(0);
    }
    const { dates, published } = await run();
    expect([published, ...dates.map(({ verdict }) => verdict)]).to.deep.equal([true, "accepted", "accepted"]);
    const reader = await openSparkReader(retail, warehouse);
    try {
      const sql = "SELECT yr_wk_num, sales_qty, stock_on_hand_eow, days_tracked FROM weekly_fact";
      expect(await reader.rows(sql)).to.deep.equal([
        { yr_wk_num: 202002, sales_qty: "5.00", stock_on_hand_eow: null, days_tracked: 0 },
      ]);
      expect(await reader.rows("SELECT * FROM inventory")).to.deep.equal([]);
    } finally {
      reader.close();
    }
    expect(await refused()).to.deep.equal([]);
    // Accepted once, and nothing has changed since.
    expect((await run()).published).to.equal(false);
  });
});
