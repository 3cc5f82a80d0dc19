/** What people ask of both engines' warehouses, and what must be answered alike. */
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { openReader } from "../../packages/cli/src/engine/reader.ts";
import { openSparkReader } from "../../packages/cli/src/spark/reader.ts";

export interface BothWarehouses {
  readonly embedded: string;
  readonly spark: string;
}

/** Each relation whole, under the embedded engine's columns. */
export async function sameRelations(warehouses: BothWarehouses): Promise<void> {
  const [own, other] = [await openReader(retail, warehouses.embedded), await openSparkReader(retail, warehouses.spark)];
  try {
    for (const name of [
      ...["weekly_fact", "weekly_fact_brief", "weekly_fact_with_dimensions"],
      ...["store_dim", "product_dim", "calendar_dim", "sales", "inventory"],
    ]) {
      const { columns } = await own.select(`SELECT * FROM ${name} LIMIT 0`);
      const sql = `SELECT ${columns.join(", ")} FROM ${name} ORDER BY ALL`;
      const rows = await own.rows(sql);
      expect(rows, name).not.to.have.length(0);
      expect(await other.rows(sql), name).to.deep.equal(rows);
    }
  } finally {
    own.close();
    other.close();
  }
}
