import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withSourceSettings } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { withDays, yesterdayIn } from "../src/settings/apply.ts";
import { readSettings } from "../src/settings/settings.ts";
import { salesEtlIn, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { stateOf } from "./support/warehouse.ts";
import { errorOf } from "./support/workspace.ts";

const contract = {
  name: "visits",
  title: "Visits",
  tables: [
    {
      ...{ name: "visit", title: "Visits", description: "People", grain: "one row per day and site", load: "delta" },
      ...{ dated: { column: "visit_day", lateness: 0 }, tolerance: 0 },
      columns: {
        visit_day: { type: "date", required: true, description: "Day" },
        site: { type: "string", required: true, description: "Site" },
        people: { type: "int", required: true, description: "People", min: "0", max: "100000" },
      },
    },
    {
      ...{ name: "days", title: "Days", description: "Days", grain: "one row per day", load: "snapshot", tolerance: 0 },
      key: ["the_day"],
      columns: {
        the_day: { type: "date", required: true, description: "Day" },
        month_num: { type: "int", required: true, description: "Month" },
      },
    },
  ],
  fact: {
    ...{ name: "monthly", title: "Visits by month" },
    calendar: { table: "days", date: "the_day", period: "month_num", mostDays: 31, word: "month" },
    keys: ["site"],
    flow: { table: "visit", date: "visit_day", rowsPerDay: 1000 },
    stock: null,
    measures: [
      {
        ...{ name: "people", title: "People", kind: "sum", of: { table: "visit", column: "people" }, type: "bigint" },
        ...{ unit: "people", formula: "sum of the people" },
      },
    ],
  },
};

describe("settings", function () {
  // Each command is a process of its own.
  this.timeout("120s");
  const folder = scratch();
  const write = (name: string, content: unknown) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };
  const wrong = async (content: unknown, name = "wrong.json") =>
    readSettings(write(name, content), retail).then(
      () => expect.fail("it was read"),
      (error: Error & { code: string }) => error,
    );

  it("are found in the working folder and stand in for options", async () => {
    const place = path.join(folder, "place");
    await land(path.join(place, "in"), "2020-01-06", { sales: "1,10,1,2020-01-06,2,5.00" });
    write(
      "place/sales-etl.config.json",
      '{\n  // a comment\n  "landing": "in",\n  "warehouse": "./out",\n  "keep": 3\n}',
    );
    const run = await salesEtlIn(place, "run", "--date", "2020-01-06");
    expect(run.code, run.stderr).to.equal(0);
    expect(Object.keys(stateOf(path.join(place, "out")).dates)).to.deep.equal(["2020-01-06"]);
    expect((await salesEtlIn(place, "status")).code).to.equal(0);
    // What is said counts more than what is set.
    const typo = await salesEtlIn(place, "run", "--landing", "typo", "--date", "2020-01-06", "--json");
    expect(errorOf(typo.stdout).code).to.equal("LANDING_NOT_FOUND");
    expect((await salesEtlIn(place, "run", "--help")).stdout).to.match(/--keep <count>[\s\S]*default: 3/);
  });

  it("take another contract, as a document or as a module", async () => {
    write("contract.json", contract);
    const file = write("of-contract.json", { contract: "./contract.json" });
    expect((await readSettings(file, retail)).dataset.name).to.equal("visits");
    const module = write(
      "module.ts",
      `const type: string = "x";\nexport default { contract: ${JSON.stringify(contract)} };\n`,
    );
    expect((await readSettings(module, retail)).dataset.fact.keys).to.deep.equal(["site"]);
    const ls = await salesEtlIn(folder, "contract", "ls", "--json", "--config", "of-contract.json");
    // The contract's own tables, then those that every warehouse has.
    const names = ["visit", "days", "monthly", "days_dim", "quarantine", "runs", "receipts", "quality_warnings"];
    expect(JSON.parse(ls.stdout).map(({ name }: { name: string }) => name)).to.deep.equal(names);
  });

  it("change lateness, freshness and drift of its tables, as the settings of a deployment do", async () => {
    const changes = { lateness: { sales: 14 }, freshness: { store: 3 }, drift: { sales: "ignore" } } as const;
    const { dataset } = await readSettings(write("source.json", changes), retail);
    expect(dataset.tables).to.deep.equal(withSourceSettings(retail, changes).tables);
    expect(dataset.tables.find(({ name }) => name === "sales")?.dated?.lateness).to.equal(14);
  });

  it("change loads, severities and volume of the retail contract", async () => {
    const file = write("retail.json", {
      severities: { inventory_appeared: "off", inventory_vanished: "error" },
      volume: { factor: 5 },
      loads: { inventory: "cumulative" },
    });
    const { dataset, volume } = await readSettings(file, retail);
    expect(dataset.tables.find(({ name }) => name === "inventory")?.load).to.equal("cumulative");
    expect(dataset.severities).to.deep.equal({ inventory_appeared: "off", inventory_vanished: "error" });
    expect(volume).to.deep.equal({ factor: 5, weeks: 8 });
  });

  const faults: Readonly<Record<string, readonly [content: unknown, message: string]>> = {
    "an unknown property": [{ lading: "x" }, "lading: is not known here"],
    "a wrong value": [{ keep: 1 }, "keep: Too small"],
    "a time zone that is an offset": [{ timeZone: "+02:00" }, "timeZone: is no time zone"],
    "an unknown time zone": [{ timeZone: "Europe/Rom" }, "timeZone: is no time zone"],
    "an unknown table": [
      { sources: { shop: { generate: "fiscal-calendar" } } },
      "sources.shop: retail has no such table",
    ],
    "an unknown column": [
      { sources: { sales: { files: ["x"], columns: { quantity: "q" } } } },
      "sources.sales.columns.quantity: sales has no such column: trans_id",
    ],
    "a load that a table cannot have": [
      { loads: { store: "delta" } },
      "loads.store: table store cannot be loaded as delta",
    ],
    "a lateness without a day": [{ lateness: { store: 2 } }, "lateness.store: the rows of store have no day"],
    "a lateness that is no number": [{ lateness: { sales: "14" } }, "lateness.sales: takes a whole number of days"],
    "a drift that is none": [{ drift: { sales: "warn" } }, "drift.sales: takes one of reject, ignore, keep"],
    "an unknown check": [{ severities: { stock: "off" } }, "severities.stock: is no check that warns: "],
    "a contract that is not there": [{ contract: "./none.json" }, "contract: is neither retail nor a file"],
    "a contract with a wrong type": [
      {
        contract: {
          ...contract,
          tables: [{ ...contract.tables[0], columns: { a: { type: "float", description: "" } } }],
        },
      },
      "tables[0].columns.a.type: is no type",
    ],
    "a fact of columns that there are not": [
      { contract: { ...contract, fact: { ...contract.fact, keys: ["place"] } } },
      "monthly.visit.place: monthly: the table visit has no column place",
    ],
    "sums that cannot be proven": [
      {
        contract: {
          ...contract,
          tables: [
            {
              ...contract.tables[0],
              columns: { ...contract.tables[0]?.columns, people: { type: "bigint", required: true, description: "" } },
            },
            contract.tables[1],
          ],
        },
      },
      "people",
    ],
    "what is no JSON": ['{\n  // comment\n  "keep": 3,\n}', "is no JSON"],
  };
  for (const [title, [content, message]] of Object.entries(faults)) {
    it(`name the file and the property of ${title}`, async () => {
      const error = await wrong(content);
      expect(error.message).to.contain("wrong.json").and.contain(message);
    });
  }

  it("are told as a usage error by every command but those that must work without them", async () => {
    const place = path.join(folder, "broken");
    write("broken/sales-etl.config.json", { lading: "x" });
    const status = await salesEtlIn(place, "status", "--warehouse", "x", "--json");
    expect([status.code, errorOf(status.stdout).code]).to.deep.equal([2, "SETTINGS_INVALID"]);
    expect((await salesEtlIn(place, "--help")).code).to.equal(0);
    const none = await salesEtlIn(folder, "status", "--config", "none.json", "--json");
    expect([none.code, errorOf(none.stdout).code]).to.deep.equal([2, "SETTINGS_NOT_FOUND"]);
  });

  it("say in whose time zone the source's export ends a day", async () => {
    const place = path.join(folder, "zone");
    write("zone/sales-etl.config.json", { timeZone: "America/New_York" });
    const { code, stdout } = await salesEtlIn(place, "contract", "export", "--format", "snowflake");
    expect(code).to.equal(0);
    expect(stdout).to.contain("SCHEDULE = 'USING CRON 30 0 * * * America/New_York'");
    expect(stdout).to.contain("DATEADD('day', -1, CONVERT_TIMEZONE('America/New_York', CURRENT_TIMESTAMP()))");
    expect(stdout).not.to.contain("UTC'");
  });

  it("say whose yesterday it is", () => {
    // 23:30 UTC is past midnight in Rome, and the evening before in New York.
    const now = new Date("2024-03-10T23:30:00Z");
    expect(yesterdayIn("Europe/Rome", now)).to.equal("2024-03-10");
    expect(yesterdayIn("America/New_York", now)).to.equal("2024-03-09");
    // New York's day of 23 hours, 8 March 2026, and its day of 25, 1 November: each ends once, at its own midnight.
    for (const [moment, day] of [
      ["2026-03-08T04:59:59Z", "2026-03-06"],
      ["2026-03-08T05:00:00Z", "2026-03-07"],
      ["2026-03-09T03:59:59Z", "2026-03-07"],
      ["2026-03-09T04:00:00Z", "2026-03-08"],
      ["2026-11-01T03:59:59Z", "2026-10-30"],
      ["2026-11-01T04:00:00Z", "2026-10-31"],
      ["2026-11-02T04:59:59Z", "2026-10-31"],
      ["2026-11-02T05:00:00Z", "2026-11-01"],
    ] as const) {
      expect(yesterdayIn("America/New_York", new Date(moment)), moment).to.equal(day);
    }
    const [, date] = withDays(["--date", "yesterday"], "UTC");
    expect(date).to.match(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
    expect(withDays(["query", "yesterday"], "UTC")).to.deep.equal(["query", "yesterday"]);
  });
});
