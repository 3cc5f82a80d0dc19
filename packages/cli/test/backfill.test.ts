import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { salesEtl } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { factLines, stateOf } from "./support/warehouse.ts";
import { errorOf, inProcess } from "./support/workspace.ts";

/** Every file and folder with its content and times: equal before and after, nothing was written. */
function bytesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const { mtimeMs, mode } = lstatSync(file);
      const hash = entry.isFile() ? createHash("sha256").update(readFileSync(file)).digest("hex") : "";
      return `${path.relative(folder, file)} ${mtimeMs} ${mode} ${hash}`;
    })
    .sort();
}

const plansLeft = () => readdirSync(tmpdir()).filter((name) => name.startsWith("sales-etl-plan-"));

describe("sales-etl backfill", () => {
  const { folder, landing, warehouse, run } = inProcess();
  const backfill = (from: string, to: string, ...options: string[]) =>
    salesEtl("backfill", "--landing", landing, "--warehouse", warehouse, "--from", from, "--to", to, ...options);

  before(async () => {
    // Week 202001 ends on 2020-01-04; 202002 is 2020-01-05 to 2020-01-11.
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,1,2.00" });
    await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-06,2,5.00" });
    await run("2020-01-04", "2020-01-06");
    // Changed: 3 units for 7.50, and a late line of the week before. Pending: two dates. Refused: one.
    await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-06,3,7.50\n3,10,1,2020-01-04,1,2.25" });
    await land(landing, "2020-01-07", { sales: "4,10,1,2020-01-07,many,5.00" });
    await land(landing, "2020-01-11", { sales: "5,10,1,2020-01-11,4,8.00" });
    await land(landing, "2020-01-12", { sales: "6,10,1,2020-01-12,1,1.99" });
  });

  const expected = [
    {
      period: 202001,
      rows: { old: 1, new: 1 },
      // 2.00 + 2.25.
      totals: { sales_qty: { old: "1.00", new: "2.00" }, sales_amt: { old: "2.00", new: "4.25" } },
      differs: true,
    },
    {
      period: 202002,
      rows: { old: 1, new: 1 },
      // 7.50 + 8.00.
      totals: { sales_qty: { old: "2.00", new: "7.00" }, sales_amt: { old: "5.00", new: "15.50" } },
      differs: true,
    },
    {
      period: 202003,
      rows: { old: null, new: 1 },
      totals: { sales_qty: { old: null, new: "1.00" }, sales_amt: { old: null, new: "1.99" } },
      differs: true,
    },
  ];
  interface Told {
    readonly plan: boolean;
    readonly runId: string;
    readonly dates: readonly { readonly businessDate: string; readonly state: string }[];
    readonly periods: readonly { readonly totals: Readonly<Record<string, unknown>> }[];
  }
  const shown = ({ periods }: Told) =>
    periods.map(({ totals: { sales_qty, sales_amt }, ...rest }) => ({ ...rest, totals: { sales_qty, sales_amt } }));
  const states = ({ dates }: Told) => dates.map(({ businessDate, state }) => `${businessDate} ${state}`);
  let planned: Told;

  it("tells with --plan what would change, and changes not a byte", async () => {
    const [before, left] = [bytesOf(warehouse), plansLeft()];
    const { code, stdout } = await backfill("2020-01-04", "2020-01-12", "--plan", "--json");
    expect(code).to.equal(1);
    planned = JSON.parse(stdout);
    expect(planned).to.include({ plan: true, runId: stateOf(warehouse).runId });
    expect(states(planned)).to.deep.equal([
      "2020-01-04 unchanged",
      "2020-01-05 incomplete",
      "2020-01-06 changed",
      "2020-01-07 rejected",
      ...["2020-01-08 incomplete", "2020-01-09 incomplete", "2020-01-10 incomplete"],
      ...["2020-01-11 pending", "2020-01-12 pending"],
    ]);
    expect(shown(planned)).to.deep.equal(expected);
    expect(bytesOf(warehouse)).to.deep.equal(before);
    expect(plansLeft()).to.deep.equal(left);
  });

  it("shows people each week's rows, units and money, old and new", async () => {
    const { code, stdout, stderr } = await backfill("2020-01-06", "2020-01-06", "--plan");
    expect(code).to.equal(0);
    expect(stdout)
      .to.contain("1 date: 1 changed")
      .and.match(/202001 +1 +1\.00 -> 2\.00 +2\.00 -> 4\.25/)
      .and.match(/202002 +1 +2\.00 -> 3\.00 +5\.00 -> 7\.50/)
      .and.contain("1 date to load, 2 weeks with other numbers. Nothing was changed");
    expect(stderr).to.contain("planning 1 date");
  });

  it("ends at the first date that is not accepted with --stop", async () => {
    const { code, stdout } = await backfill("2020-01-06", "2020-01-12", "--plan", "--stop", "--json");
    expect(code).to.equal(1);
    expect(states(JSON.parse(stdout))).to.deep.equal(["2020-01-06 changed", "2020-01-07 rejected"]);
  });

  it("then does what was planned, and leaves what was refused", async () => {
    const { code, stdout } = await backfill("2020-01-04", "2020-01-12", "--json", "--by", "night shift");
    expect(code).to.equal(1);
    const done: Told = JSON.parse(stdout);
    expect({ ...done, plan: true, runId: planned.runId }).to.deep.equal(planned);
    const state = stateOf(warehouse);
    expect(done.runId).to.equal(state.runId);
    expect(state.runs.at(-1)).to.include({ by: "night shift", landing });
    const amounts = (await factLines(warehouse)).slice(1).map((line) => line.split(",")[4]);
    expect(amounts).to.deep.equal(["4.25", "15.50", "1.99"]);
  });

  it("changes nothing a second time, and says so", async () => {
    const before = stateOf(warehouse).fact;
    for (const options of [["--plan"], []]) {
      const { code, stdout } = await backfill("2020-01-11", "2020-01-12", ...options);
      expect([code, stdout]).to.deep.equal([
        0,
        `2 dates: 2 unchanged\n\n${options.length === 0 ? "Nothing changed." : "Nothing would change."}\n`,
      ]);
    }
    expect(stateOf(warehouse).fact).to.deep.equal(before);
  });

  it("plans for a warehouse that is not there yet, and does not make it", async () => {
    const none = path.join(folder, "none");
    const args = ["--landing", landing, "--warehouse", none, "--from", "2020-01-11", "--to", "2020-01-11"];
    const { code, stdout } = await salesEtl("backfill", ...args, "--plan", "--json");
    expect([code, states(JSON.parse(stdout))]).to.deep.equal([0, ["2020-01-11 pending"]]);
    expect(JSON.parse(stdout).runId).to.equal(null);
    expect(existsSync(none)).to.equal(false);
  });

  it("keeps an accepted gap in mind", async () => {
    await land(landing, "2020-01-10", { sales: "7,10,1,2020-01-06,1,1.00", inventory: null });
    const gap = ["--date", "2020-01-10"];
    rmSync(path.join(landing, "inventory", "dt=2020-01-10"), { recursive: true, force: true });
    await salesEtl("manifest", "--landing", landing, ...gap, "--without", "inventory");
    const accept = ["--table", "inventory", "--by", "Maria Rossi", "--reason", "scanners were down"];
    await salesEtl("accept", "--warehouse", warehouse, ...gap, ...accept);
    const { code, stdout } = await backfill("2020-01-10", "2020-01-10", "--plan", "--json");
    expect(code, stdout).to.equal(0);
    expect(states(JSON.parse(stdout))).to.deep.equal(["2020-01-10 pending"]);
  });

  it("refuses a range that is none, and a landing that is not there", async () => {
    const backwards = await backfill("2020-01-12", "2020-01-04", "--plan", "--json");
    expect([backwards.code, errorOf(backwards.stdout).code]).to.deep.equal([2, "USAGE"]);
    const args = ["--landing", path.join(folder, "typo"), "--warehouse", warehouse, "--from", "2020-01-04"];
    const { code, stdout } = await salesEtl("backfill", ...args, "--to", "2020-01-04", "--json");
    expect([code, errorOf(stdout).code]).to.deep.equal([2, "LANDING_NOT_FOUND"]);
  });
});
