/**
 * What an environment costs, from what its programs declare and prices.json:
 *
 *     npm run cost -- dev [--json]
 */
import { parseArgs } from "node:util";
import { parseSettings } from "../settings.schema.ts";
import { type Environment, environments, settingsOf, stackRuns } from "../testing/stacks.ts";
import { estimate } from "./estimate.ts";
import prices from "./prices.json" with { type: "json" };

const usage = `npm run cost -- ${environments.join("|")} [--json]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
const environment = environments.find((name) => name === positionals[0]);
if (environment === undefined || positionals.length !== 1) {
  console.error(`usage: ${usage}`);
  process.exit(2);
}
const found = await estimateOf(environment);
if (values.json)
  console.log(JSON.stringify({ environment, prices: { date: prices.date, region: prices.region }, ...found }));
else print();

async function estimateOf(name: Environment) {
  const recordings = await Promise.all(Object.values(stackRuns).map((run) => run(name)));
  const own = Object.entries(settingsOf(name)).map(([key, value]) => [key.replace(/^sales-etl:/, ""), value]);
  const resources = recordings.flatMap((recording) => [...recording.resources]);
  return estimate(resources, parseSettings(Object.fromEntries(own)), prices);
}

function print() {
  const dollars = (value: number) => (value === 0 ? "" : value.toFixed(2)).padStart(10);
  const row = (item: string, idle: number, nightly: number, reckoning = "") =>
    console.log(`${item.padEnd(32)}${dollars(idle)}${dollars(nightly)}  ${reckoning}`.trimEnd());
  console.log(`${environment}, US dollars, prices of ${prices.date} in ${prices.region}\n`);
  console.log(`${"".padEnd(32)}${"idle/month".padStart(10)}${"a night".padStart(10)}`);
  for (const { item, idle, nightly, reckoning } of found.lines) row(item, idle, nightly, reckoning);
  row("together", found.idlePerMonth, found.perNight);
  console.log(
    `\nA month with a run every night: about ${found.perMonth.toFixed(0)} dollars, and what S3, logs and queries cost by use.`,
  );
  console.log(prices.note);
}
