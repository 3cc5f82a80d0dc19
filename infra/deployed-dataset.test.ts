import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { athenaDdl, lakeRelations, type Relation } from "@sales-etl/etl-core/exporters";
import { expect } from "chai";
import { deployedContract, deployedDataset } from "./deployed-dataset.ts";
import { parseSettings } from "./settings.schema.ts";

const settings = (gate: object) =>
  parseSettings({ environment: "dev", region: "eu-central-1", gate: JSON.stringify(gate) });

describe("the data set of a deployment", () => {
  it("is the product's own without settings, to the byte of what is reviewed", () => {
    const reviewed = fileURLToPath(import.meta.resolve("@sales-etl/etl-core/generated/spark/retail.json"));
    expect(deployedContract(settings({}))).to.equal(readFileSync(reviewed, "utf8"));
  });

  it("stores what it keeps: one more column of the table, and of no other", () => {
    const ddl = (wanted: string) => {
      const dataset = deployedDataset(settings({ drift: { sales: "keep" } }));
      const relation = lakeRelations(dataset).find(({ name }) => name === wanted);
      return athenaDdl(dataset, relation as Relation);
    };
    expect(ddl("sales")).to.include("\n  extra_columns string COMMENT ");
    expect(ddl("inventory")).not.to.include("extra_columns");
  });

  it("tells the cluster what the gate is told", () => {
    const gate = { loads: { inventory: "cumulative" }, lateness: { sales: 14 }, drift: { store: "ignore" } };
    const severities = { store_key_known: "error", inventory_not_out: "off" };
    const { tables, fact } = JSON.parse(deployedContract(settings({ ...gate, freshness: { product: 2 }, severities })));
    const table = (wanted: string) => tables.find(({ name }: { name: string }) => name === wanted);
    expect(table("sales")).to.deep.include({ dated: { column: "trans_dt", lateness: 14 }, load: "delta" });
    expect(table("sales").checkSql).to.include("INTERVAL '14' DAY");
    expect(table("inventory")).to.include({ load: "cumulative" });
    expect(table("store")).to.include({ drift: "ignore" });
    expect(table("product")).to.include({ freshness: 2 });
    const severityOf = (wanted: string) =>
      fact.checks.find(({ name }: { name: string }) => name === wanted)?.severity ?? "off";
    expect(["store_key_known", "prod_key_known", "inventory_not_out"].map(severityOf)).to.deep.equal([
      ...["error", "warning", "off"],
    ]);
    expect(deployedDataset(settings(gate)).tables.map(({ load }) => load)).to.deep.equal([
      ...["delta", "cumulative", "snapshot", "snapshot", "snapshot"],
    ]);
  });
});
