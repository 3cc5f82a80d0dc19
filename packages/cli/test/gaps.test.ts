import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { writeManifest } from "../src/source/write-manifest.ts";
import { salesEtl } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { factLines } from "./support/warehouse.ts";
import { errorOf, workspace } from "./support/workspace.ts";

const DATE = "2020-01-06";
const SALE = "1,10,1,2020-01-06,2,5.00";

/** The stock columns of the only row. */
async function stock(warehouse: string): Promise<Record<string, string>> {
  const [header = "", row = ""] = await factLines(warehouse);
  const values = row.split(",");
  return Object.fromEntries(header.split(",").map((name, index) => [name, values[index] ?? ""]));
}

describe("a gap that a person accepts", () => {
  const { landing, warehouse, run } = workspace();
  const accept = (...more: string[]) =>
    salesEtl("accept", "--warehouse", warehouse, "--date", DATE, "--by", "Ann", "--json", ...more);

  before(async () => {
    await land(landing, "2020-01-05");
    await run("--date", "2020-01-05");
    await land(landing, DATE, { sales: SALE });
    rmSync(path.join(landing, "inventory", `dt=${DATE}`), { recursive: true });
    await writeManifest(retail, landing, DATE, ["inventory"]);
  });

  it("is asked for: the date is incomplete until then", async () => {
    const { code, stdout } = await run("--date", DATE);
    expect([code, JSON.parse(stdout).dates[0].verdict]).to.deep.equal([1, "incomplete"]);
  });

  it("is refused for what would make sums wrong, for a snapshot, and without a reason", async () => {
    const sales = await accept("--table", "sales", "--reason", "lost");
    expect(sales.code).to.equal(2);
    expect(errorOf(sales.stdout)).to.include({ code: "GAP_NOT_POSSIBLE", path: "sales" });
    expect(errorOf(sales.stdout).message).to.contain("the sums of the period would be too low");
    expect(errorOf((await accept("--table", "store", "--reason", "lost")).stdout).code).to.equal("GAP_NOT_POSSIBLE");
    expect(errorOf((await accept("--table", "shops", "--reason", "lost")).stdout).code).to.equal("CONTRACT_NO_TABLE");
    expect(errorOf((await accept("--table", "inventory", "--reason", " ")).stdout).code).to.equal("USAGE");
  });

  it("loads the other tables, and the stock of the week is unknown, not 0", async () => {
    const first = await accept("--table", "inventory", "--reason", "scanner broken");
    expect(first.code).to.equal(0);
    const receipt = JSON.parse(first.stdout);
    expect(receipt).to.deep.include({
      who: "Ann",
      what: { table: "inventory", reason: "scanner broken" },
      written: true,
    });
    expect(JSON.parse(readFileSync(receipt.file, "utf8"))).to.deep.include({ businessDate: DATE, who: "Ann" });

    const { code, stdout, stderr } = await run("--date", DATE);
    expect([code, JSON.parse(stdout).dates[0].verdict]).to.deep.equal([0, "accepted"]);
    expect(stderr).to.contain("accepted by Ann: scanner broken");
    expect(await stock(warehouse)).to.include({ sales_qty: "2.00", stock_on_hand_eow: "", days_tracked: "0" });
  });

  it("is written once: the second word changes nothing", async () => {
    const again = JSON.parse((await accept("--table", "inventory", "--reason", "other")).stdout);
    expect([again.written, again.what.reason]).to.deep.equal([false, "scanner broken"]);
    expect(JSON.parse((await run("--date", DATE)).stdout).dates[0].changed).to.equal(false);
  });

  it("is over when the file comes", async () => {
    await land(landing, DATE, { sales: SALE, inventory: "2020-01-06,1,10,7,0" });
    const { stdout, stderr } = await run("--date", DATE);
    expect(JSON.parse(stdout).dates[0]).to.include({ verdict: "accepted", changed: true });
    expect(stderr).not.to.contain("GAP_ACCEPTED");
    expect(await stock(warehouse)).to.include({ stock_on_hand_eow: "7.00", days_tracked: "1" });
  });

  it("covers a file that cannot be used, whose rows stay out", async () => {
    const file = path.join(landing, "inventory", `dt=${DATE}`, `inventory_${DATE}.csv`);
    writeFileSync(file, readFileSync(file, "utf8").replace(",7,", ",8,"));
    const { stdout, stderr } = await run("--date", DATE);
    expect(JSON.parse(stdout).dates[0]).to.include({ verdict: "accepted" });
    expect(stderr).to.contain("GAP_ACCEPTED");
    expect(await stock(warehouse)).to.include({ stock_on_hand_eow: "", sales_qty: "2.00" });
  });
});

describe("the control totals of a manifest", () => {
  it("find a value that was changed where rows and bytes are the same", async () => {
    const { landing, run } = workspace();
    await land(landing, DATE, { sales: SALE });
    const file = path.join(landing, "_manifest", `dt=${DATE}`, "manifest.json");
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    expect(manifest.totals.sales).to.include({ sales_qty: "2.00", sales_amt: "5.00", discount: "0.00" });
    // A source that cannot hash.
    for (const entry of manifest.files) delete entry.sha256;
    writeFileSync(file, JSON.stringify(manifest));
    expect(JSON.parse((await run("--date", DATE)).stdout).dates[0].verdict).to.equal("accepted");
    const sales = path.join(landing, "sales", `dt=${DATE}`, `sales_${DATE}.csv`);
    writeFileSync(sales, readFileSync(sales, "utf8").replace(",5.00", ",6.00"));
    const { code, stderr } = await run("--date", DATE);
    expect(code).to.equal(1);
    expect(stderr).to.contain("TOTALS_DIFFER").and.to.contain("sales_amt adds up to 6.00, the manifest says 5.00");
  });
});
