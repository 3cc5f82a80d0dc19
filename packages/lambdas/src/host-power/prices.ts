/** What the closing receipt reckons with: the prices of clusters that the library estimates with, and those of hosts. */
import { type EmrPrices, emrPrices } from "@sales-etl/etl-core/emr";
import list from "../../../../infra/cost/prices.json" with { type: "json" };

const hosts = Object.fromEntries(Object.entries(list.hosts).map(([type, price]) => [type, String(price)]));

export const runPrices: EmrPrices = { ...emrPrices, instances: { ...emrPrices.instances, ...hosts } };
