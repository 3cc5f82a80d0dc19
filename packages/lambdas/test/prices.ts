/** Prices as cost tests take them: an EMR share and a spot share of round parts. */
import type { EmrPrices } from "@sales-etl/etl-core/emr";

export const prices: EmrPrices = {
  ...{ date: "2026-02-01", region: "us-east-1", currency: "USD", source: [], emrShare: "0.25", spotShare: "0.4" },
  ...{ publicAddress: "0.005", instances: { "m7g.xlarge": "0.1632", "t4g.medium": "0.0336" } },
};
