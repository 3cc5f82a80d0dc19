/** What the closing receipt reckons with: the prices that `npm run cost` estimates with. */
import prices from "../../../../infra/cost/prices.json" with { type: "json" };
import type { RunPrices } from "./cost.ts";

const { date, region, instances, emrShare, spotShare, perHour } = prices;

export const runPrices: RunPrices = {
  ...{ date, region, currency: "USD", emrShare: String(emrShare), spotShare: String(spotShare) },
  publicAddress: String(perHour.publicAddress),
  instances: Object.fromEntries(Object.entries(instances).map(([type, price]) => [type, String(price)])),
};
