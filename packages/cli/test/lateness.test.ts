/** How late a row may be is a setting: what was taken under a longer one stays, also after it is made shorter. */
import path from "node:path";
import { type Dataset, withSourceSettings } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { openReader } from "../src/engine/reader.ts";
import { runDates } from "../src/engine/run.ts";
import { scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";

const FIRST = "2020-01-05";
/** 15 days after the day of its row: more than the contract's seven. */
const LATE = "2020-01-20";
const within = (days: number): Dataset => withSourceSettings(retail, { lateness: { sales: days } });

describe("a row that comes late", () => {
  const folder = scratch();
  const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
  const run = async (dataset: Dataset, date: string) =>
    (await runDates({ dataset, landing, warehouse, dates: [date] })).dates[0]?.verdict;
  const sold = async (dataset: Dataset) => {
    const reader = await openReader(dataset, warehouse);
    try {
      const [row] = await reader.rows(
        "SELECT CAST(sum(sales_qty) AS VARCHAR) AS qty FROM weekly_fact WHERE yr_wk_num = 202002",
      );
      return (row as { qty?: unknown } | undefined)?.qty ?? row;
    } finally {
      reader.close();
    }
  };

  it("is taken within the setting, and refused beyond it", async () => {
    await land(landing, FIRST, { sales: `1,10,1,${FIRST},1.00,2.00` });
    expect(await run(within(15), FIRST)).to.equal("accepted");
    await land(landing, LATE, { sales: `2,10,1,${FIRST},4.00,8.00` });
    expect(await run(within(14), LATE)).to.equal("rejected");
    expect(await run(within(15), LATE)).to.equal("accepted");
    expect(await sold(within(15))).to.match(/^5[.]00/);
  });

  it("still counts when its week is computed again under a shorter setting", async () => {
    // The day itself is delivered again with other numbers: the week is touched, the late file is not.
    await land(landing, FIRST, { sales: `1,10,1,${FIRST},2.00,4.00` });
    expect(await run(within(7), FIRST)).to.equal("accepted");
    expect(await sold(within(7))).to.match(/^6[.]00/);
  });
});
