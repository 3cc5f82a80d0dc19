/**
 * `npm test`: runs every stage, then says what passed, failed and was skipped (with what was missing).
 * `--only NAME[,NAME]` runs some stages; `--list` names them. The last line is `N passed, N failed, N skipped`.
 */
import { parseArgs } from "node:util";
import { add, nothing, type Outcome } from "./test/outcome.ts";
import { stages } from "./test/stages.ts";

const usage = `npm test -- [--only NAME[,NAME]] [--list]

${stages.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join("\n")}`;

function options() {
  try {
    const { values } = parseArgs({
      options: { only: { type: "string" }, list: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    const wanted = values.only?.split(",") ?? stages.map(({ name }) => name);
    const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
    if (unknown.length > 0) throw new Error(`no stage is called ${unknown.join(", ")}`);
    return { list: values.list === true || values.help === true, wanted };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

const { list, wanted } = options();
if (list) {
  console.log(usage);
  process.exit(0);
}

let total: Outcome = nothing;
const rows: string[] = [];
for (const stage of stages.filter(({ name }) => wanted.includes(name))) {
  console.log(`\n── ${stage.name}: ${stage.title}`);
  const started = performance.now();
  const outcome = await stage.run().catch((error: unknown): Outcome => {
    console.error(error);
    return { ...nothing, failed: 1 };
  });
  total = add(total, outcome);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  rows.push(
    `${stage.name.padEnd(12)}${String(outcome.passed).padStart(6)} passed${String(outcome.failed).padStart(5)} failed${String(outcome.skipped.length).padStart(5)} skipped${seconds.padStart(9)} s`,
  );
}

console.log(`\n${rows.join("\n")}`);
for (const line of total.skipped) console.log(`skipped: ${line}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
