/** Where numbers come from when each export holds all days up to its own: the file that brought a row, and its line there. */
import { type Loads, withLoads } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { runDates } from "../src/engine/run.ts";
import type { Explanation } from "../src/explain/explain.ts";
import { salesEtl } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { workspace } from "./support/workspace.ts";

const loads: Loads = { sales: "cumulative", inventory: "cumulative" };

/** Of another product, so many that a row or two may be wrong. */
const others = Array.from({ length: 120 }, (_, index) => `${100 + index},11,1,2020-01-05,1,1.00`);
const bought = "1,10,1,2020-01-05,1,1.00";
const again = "3,10,1,2020-01-06,1,2.00";
const unreadable = "9,10,1,2020-01-06,some,1.00";

/** The lines of each dump; the header is line 1. */
const dumps: Readonly<Record<string, readonly string[]>> = {
  // The second line is wrong here and put right later.
  "2020-01-05": [bought, "2,10,1,2020-01-05,many,5.00", ...others],
  "2020-01-06": [again, ...others, "2,10,1,2020-01-05,2,5.00", unreadable, bought, again],
  // One amount changed, basket 2 is gone, a third equal line has come; the 7th has no export of its own.
  "2020-01-08": [...others, unreadable, "1,10,1,2020-01-05,1,1.50", again, "4,10,1,2020-01-07,3,6.00", again, again],
};
const lineOf = (date: string, text: string, copy = 0): number =>
  (dumps[date] ?? []).flatMap((line, index) => (line === text ? [index + 2] : []))[copy] ?? 0;
const stock: Readonly<Record<string, string>> = {
  "2020-01-05": "2020-01-05,1,10,5.00,0",
  "2020-01-06": "2020-01-05,1,10,5.00,0\n2020-01-06,1,10,4.00,0",
  "2020-01-08": "2020-01-06,1,10,3.00,0\n2020-01-05,1,10,5.00,0\n2020-01-08,1,10,2.00,0",
};
const days = [
  "04,6,202001,2020,1",
  ...["05", "06", "07", "08", "09", "10", "11"].map((day, at) => `${day},${at},202002,2020,2`),
];
const calendar = days.map((day) => `2020-01-${day}`).join("\n");

describe("sales-etl explain, of exports of all days", function () {
  this.timeout("120s");
  const orders = {
    "as they came": [["2020-01-05", "2020-01-06", "2020-01-08"]],
    "the newest first, older ones after it": [["2020-01-08"], ["2020-01-05"], ["2020-01-06"]],
  };
  for (const [title, order] of Object.entries(orders)) {
    describe(title, () => {
      const { landing, warehouse } = workspace();
      let explanation: Explanation;
      let text: string;

      before(async () => {
        for (const [date, lines] of Object.entries(dumps))
          await land(landing, date, {
            sales: lines.join("\n"),
            inventory: stock[date] ?? "",
            calendar,
            product: "10,\n11,",
          });
        for (const dates of order) {
          const { dates: results } = await runDates({ dataset: withLoads(retail, loads), landing, warehouse, dates });
          expect(results.map(({ verdict }) => verdict)).to.deep.equal(dates.map(() => "accepted"));
        }
        const cell = ["--warehouse", warehouse, "--week", "202002", "--store", "1", "--product", "10"];
        const { stdout, stderr } = await salesEtl("explain", ...cell, "--json");
        explanation = JSON.parse(stdout);
        expect(stderr).to.equal("");
        text = (await salesEtl("explain", ...cell)).stdout;
      });

      it("names for each row the first dump that has had it ever since, and the line there", () => {
        const sales = explanation.rows.filter(({ table }) => table === "sales");
        const found = sales.map(({ day, file, line, values }) => [day, values.trans_id, file, line]);
        const file = (date: string) => `sales/dt=${date}/sales_${date}.csv`;
        const last = found.find(([, id, name]) => id === "3" && name === file("2020-01-08"));
        expect(found).to.deep.equal([
          ["2020-01-05", "1", file("2020-01-08"), lineOf("2020-01-08", "1,10,1,2020-01-05,1,1.50")],
          ["2020-01-06", "3", file("2020-01-06"), lineOf("2020-01-06", again, 0)],
          ["2020-01-06", "3", file("2020-01-06"), lineOf("2020-01-06", again, 1)],
          last,
          ["2020-01-07", "4", file("2020-01-08"), lineOf("2020-01-08", "4,10,1,2020-01-07,3,6.00")],
        ]);
        // Which of three equal lines it is cannot be told.
        expect([0, 1, 2].map((copy) => lineOf("2020-01-08", again, copy))).to.include(last?.[3]);
        const onHand = explanation.rows.filter(({ table }) => table === "inventory");
        expect(
          onHand.map(({ day, file: name, line, values }) => [day, name, line, values.inventory_on_hand_qty]),
        ).to.deep.equal([
          ["2020-01-05", "inventory/dt=2020-01-05/inventory_2020-01-05.csv", 2, "5.00"],
          ["2020-01-06", "inventory/dt=2020-01-08/inventory_2020-01-08.csv", 2, "3.00"],
          ["2020-01-08", "inventory/dt=2020-01-08/inventory_2020-01-08.csv", 4, "2.00"],
        ]);
      });

      it("adds up to the published numbers", () => {
        const measure = (name: string) => explanation.measures.find((one) => one.name === name);
        // 1.50 + 3 x 2.00 + 6.00, by hand.
        expect(measure("sales_amt")?.calculation).to.equal("1.50 + 6.00 + 6.00 = 13.50");
        expect(measure("stock_on_hand_eow")?.value).to.equal("2.00");
      });

      it("names rejected lines of the newest dump alone: what an older one had wrong is said again or gone", () => {
        expect(explanation.rejected.map(({ file, line, code }) => [file, line, code])).to.deep.equal([
          ["sales/dt=2020-01-08/sales_2020-01-08.csv", lineOf("2020-01-08", unreadable), "VALUE_NOT_DECIMAL"],
        ]);
      });

      it("calls no day missing that a later dump holds", () => {
        expect(explanation.notes).to.deep.equal(
          ["2020-01-09", "2020-01-10", "2020-01-11"].map(
            (day) => `${day} is not published: nothing was loaded yet; its rows are not in these numbers`,
          ),
        );
        expect(text).not.to.contain("2020-01-07 is not published");
      });
    });
  }
});
