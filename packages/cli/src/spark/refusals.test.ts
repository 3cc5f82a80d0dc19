import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { beginRefusals, noteVerdict, readRefusals } from "./refusals.ts";

const refused = (businessDate: string) =>
  ({ businessDate, verdict: "rejected", problems: [], files: [] }) as Parameters<typeof noteVerdict>[1];

describe("the refusals beside the tables", () => {
  let warehouse: string;
  beforeEach(() => {
    warehouse = mkdtempSync(path.join(tmpdir(), "sales-etl-refusals-"));
  });
  afterEach(() => rmSync(warehouse, { recursive: true, force: true }));

  it("are read while a run takes one away", async () => {
    await beginRefusals(warehouse);
    await noteVerdict(warehouse, refused("2020-01-07"));
    await noteVerdict(warehouse, refused("2020-01-05"));
    // Listed, and gone when it is read.
    symlinkSync(path.join(warehouse, "gone"), path.join(warehouse, "_gate", "refused", "2020-01-06.json"));
    expect([...((await readRefusals(warehouse))?.keys() ?? [])]).to.deep.equal(["2020-01-05", "2020-01-07"]);
  });
});
