/** `npm run drill:kill [-- --moments N --seed S]`: kills the writer of a warehouse at random moments, 200 by default. */
import { parseArgs } from "node:util";
import { killDrill } from "../packages/cli/test/support/kill-drill.ts";

const { values } = parseArgs({
  options: { moments: { type: "string", default: "200" }, seed: { type: "string", default: "2026" } },
});
const [moments, seed] = [Number(values.moments), Number(values.seed)];
if (!(Number.isInteger(moments) && moments > 0 && Number.isInteger(seed))) {
  console.error("--moments takes a whole number from 1, --seed a whole number");
  process.exit(2);
}
console.log(`Killing the writer at ${moments} moments, seed ${seed} ...`);
const { published, reads, faults } = await killDrill(moments, seed);
for (const fault of faults) console.log(`  ${fault}`);
console.log(
  `${moments} killed, ${published} of them after the publish; ${reads} reads meanwhile; ${faults.length} faults`,
);
process.exit(faults.length === 0 ? 0 : 1);
