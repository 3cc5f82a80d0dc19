import { expect } from "chai";
import { defineDataset, tableOf } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import { ownNames } from "./own-names.ts";

const named = (name: string) =>
  defineDataset({ ...retail, tables: [...retail.tables, { ...tableOf(retail, "store"), name }] });

describe("the names of relations beside the tables", () => {
  it("are those of the fact's new rows, of the touched periods, and of what checks share", () => {
    expect([...ownNames(retail)].sort()).to.deep.equal([
      ...["fact_candidate", "flow_days", "ledger", "totals", "touched_periods"],
    ]);
  });

  it("are refused for tables, which would be hidden by them", () => {
    for (const name of ["ledger", "totals", "flow_days", "touched_periods", "fact_candidate"]) {
      expect(() => named(name))
        .to.throw(`${name} is the name of a relation that the checks make: give the table another one`)
        .with.include({ code: "CONTRACT_INVALID", path: name });
    }
    expect(() => named("opening_hours")).not.to.throw();
  });
});
