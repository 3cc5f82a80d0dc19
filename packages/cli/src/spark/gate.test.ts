import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { land } from "../../test/support/landing.ts";
import { openGate } from "./gate.ts";

describe("the gate before Spark's job", () => {
  it("tells of a volume as the settings want it", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-gate-"));
    const landing = path.join(folder, "landing");
    try {
      const day = "2020-01-06";
      const sales = (rows: number, dt: string) =>
        Array.from({ length: rows }, (_, row) => `${dt.replaceAll("-", "")}${row},10,1,${dt},1,1.00`).join("\n");
      for (const before of ["2019-12-16", "2019-12-23", "2019-12-30"])
        await land(landing, before, { sales: sales(4, before) });
      await land(landing, day, { sales: sales(2, day) });
      const alertsAt = async (factor: number) => {
        const gate = await openGate({
          ...{ dataset: retail, landing, warehouse: path.join(folder, "none"), note: false },
          volume: { factor, weeks: 8 },
        });
        const { alerts } = await gate.judge(day);
        return alerts?.filter(({ code }) => code === "VOLUME_UNUSUAL").map(({ table }) => table);
      };
      // Half of the four rows of the three Mondays before.
      expect(await alertsAt(3)).to.deep.equal([]);
      expect(await alertsAt(1.5)).to.deep.equal(["sales"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
