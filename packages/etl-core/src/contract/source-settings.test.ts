import { expect } from "chai";
import type { InvalidPropertiesError } from "../errors.ts";
import { retail } from "../retail/index.ts";
import { checkSql, duckdb, qualityChecks } from "../sql/index.ts";
import { tableOf } from "./index.ts";
import { parseSourceSettings, pickSourceSettings, type SourceSettings, withSourceSettings } from "./source-settings.ts";

const problemsOf = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    expect(error).to.include({ code: "SETTINGS_INVALID" });
    return (error as InvalidPropertiesError).problems.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
};

describe("settings of a deployment's source", () => {
  it("change the tables that they name, and no others", () => {
    const changed = withSourceSettings(retail, {
      loads: { inventory: "cumulative" },
      lateness: { sales: 14 },
      freshness: { store: 3 },
      drift: { sales: "ignore" },
    });
    expect(tableOf(changed, "inventory").load).to.equal("cumulative");
    expect(tableOf(changed, "sales")).to.deep.include({
      drift: "ignore",
      dated: { column: "trans_dt", lateness: 14 },
    });
    expect(tableOf(changed, "store").freshness).to.equal(3);
    expect(tableOf(changed, "product")).to.deep.equal(tableOf(retail, "product"));
    expect(checkSql(tableOf(changed, "sales"), duckdb)).to.contain("INTERVAL '14' DAY");
    expect(withSourceSettings(retail, {}).tables).to.deep.equal(retail.tables);
  });

  it("make a check that warns an error, or leave it out: for whoever runs the checks", () => {
    const severityOf = (severities: SourceSettings["severities"], name: string) =>
      qualityChecks(withSourceSettings(retail, severities === undefined ? {} : { severities }), "fact").find(
        (check) => check.name === name,
      )?.severity;
    expect(severityOf(undefined, "store_key_known")).to.equal("warning");
    expect(severityOf({ store_key_known: "error" }, "store_key_known")).to.equal("error");
    expect(severityOf({ store_key_known: "error" }, "prod_key_known")).to.equal("warning");
    expect(severityOf({ inventory_not_out: "off" }, "inventory_not_out")).to.equal(undefined);
    const strict = { ...retail, severities: { prod_key_known: "error", store_key_known: "error" } } as const;
    expect(withSourceSettings(strict, { severities: { store_key_known: "warning" } }).severities).to.deep.equal({
      ...{ prod_key_known: "error", store_key_known: "warning" },
    });
  });

  it("tell the nearest check and the nearest severity", () => {
    const checks = "store_key_known, prod_key_known, inventory_appeared, inventory_vanished, inventory_not_out";
    // "grain" is what the numbers stand on.
    const wrong = { store_key_knwon: "error", grain: "warning" } as const;
    expect(problemsOf(() => withSourceSettings(retail, { severities: wrong }))).to.deep.equal([
      `severities.store_key_knwon: is no check that warns: ${checks}; did you mean store_key_known?`,
      `severities.grain: is no check that warns: ${checks}`,
    ]);
    expect(problemsOf(() => parseSourceSettings('{"severities":{"a":"warn","b":"fatal","c":1}}'))).to.deep.equal([
      "severities.a: takes one of warning, error, off",
      "severities.b: takes one of warning, error, off",
      "severities.c: takes one of warning, error, off",
    ]);
    expect(problemsOf(() => parseSourceSettings('{"severities":{"a":"eror"}}'))).to.deep.equal([
      "severities.a: takes one of warning, error, off; did you mean error?",
    ]);
    expect(problemsOf(() => parseSourceSettings('{"severities":{"a":false}}'))).to.deep.equal([
      'severities.a: takes one of warning, error, off; write "off" in quotes',
    ]);
    expect(problemsOf(() => parseSourceSettings('{"severities":["a"]}'))).to.deep.equal([
      "severities: takes an object: warning, error or off by the name of a check",
    ]);
  });

  it("are read from a text, empty for none", () => {
    expect(parseSourceSettings("")).to.deep.equal({});
    const settings: SourceSettings = {
      ...{ loads: { sales: "delta" }, lateness: { sales: 14 }, freshness: { store: 1 }, drift: { store: "reject" } },
      severities: { store_key_known: "off" },
    };
    const more = { ...settings, lookBackDays: 14 };
    expect(pickSourceSettings(more)).to.deep.equal(settings);
    expect(parseSourceSettings(JSON.stringify(settings))).to.deep.equal(settings);
    expect(problemsOf(() => parseSourceSettings("sales=14"))[0]).to.match(/^the whole: is no JSON/);
    expect(
      problemsOf(() =>
        parseSourceSettings('{"loads":{"sales":"often"},"lateness":{"sales":-1},"drift":"ignore","late":{}}'),
      ),
    ).to.have.members([
      "loads.sales: takes one of delta, snapshot, cumulative",
      "lateness.sales: takes a whole number of days from 0 to 366",
      "drift: takes an object: a value by the name of a table",
      "late: is not known here",
    ]);
  });

  it("are refused where a table cannot be so, all at once", () => {
    const wrong: SourceSettings = {
      loads: { store: "delta", sales: "cumulative" },
      lateness: { sales: 14, store: 2 },
      freshness: { inventory: 1 },
      drift: { shops: "ignore" },
    };
    expect(problemsOf(() => withSourceSettings(retail, wrong))).to.deep.equal([
      "drift.shops: retail has no such table: sales, inventory, store, product, calendar",
      "loads.store: table store cannot be loaded as delta: it comes whole each time; only snapshot",
      "lateness.sales: a row of a cumulative export of sales may be of any day before",
      "freshness.inventory: inventory is no snapshot: the rows of a day come from nowhere else",
      "lateness.store: the rows of store have no day of their own that could be late",
    ]);
  });
});
