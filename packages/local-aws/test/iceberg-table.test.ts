/** IcebergTable as Pulumi runs it: its text in a process of its own, with the built core; no AWS is asked. */
import { relationOf } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { assert } from "chai";
import { type DynamicProvider, startDynamicProvider } from "../../../infra/testing/dynamic-provider.ts";
import { type IcebergTableInputs, icebergTableProvider } from "../../../infra/warehouse/iceberg-table.provider.ts";
import { inputsOf } from "../../../infra/warehouse/iceberg-table.ts";
import { buildPackages } from "../../../scripts/build.ts";

describe("IcebergTable in Pulumi's process", function () {
  this.timeout("120s");
  let provider: DynamicProvider<IcebergTableInputs, IcebergTableInputs> | undefined;
  const wanted = inputsOf(
    { dataset: retail, relation: relationOf(retail, "weekly_fact"), region: "eu-central-1" },
    { workGroup: "queries", database: "sales_etl", location: "s3://warehouse/tables" },
  );
  const { ship_cost: _, ...fewer } = wanted.columns;

  before(async () => {
    assert.isTrue(await buildPackages());
    provider = await startDynamicProvider(icebergTableProvider, { AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
  });
  after(() => provider?.kill());

  it("sees no change in the same, and one in a new column", async () => {
    assert.deepEqual(await provider?.check({}, wanted), []);
    assert.deepEqual(await provider?.diff("t", wanted, wanted), { changes: false, replaces: [] });
    const olds = { ...wanted, columns: fewer };
    assert.deepEqual(await provider?.check(olds, wanted), []);
    assert.deepEqual(await provider?.diff("t", olds, wanted), { changes: true, replaces: [] });
  });

  it("fails the preview of a breaking change, with the way out", async () => {
    const [failure = "", ...others] = (await provider?.check(wanted, { ...wanted, columns: fewer })) ?? [];
    assert.isEmpty(others);
    assert.match(failure, /^columns[.]ship_cost: is in the table but no longer in the contract: put it back/);
  });
});
