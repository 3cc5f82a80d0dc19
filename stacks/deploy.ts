/** `npm run deploy`: the stacks of an environment in their order, on Pulumi's Automation API. See `--help`. */
import "../infra/require-node.mjs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { automationEngine } from "./deploy/automation.ts";
import { parseCommand, usage } from "./deploy/command.ts";
import { type RunResult, run } from "./deploy/run.ts";

const argv = process.argv.slice(2);
const json = argv.includes("--json");

/** Everything but the result goes to stderr. */
const say = (line: string) => console.error(line);

async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new SalesEtlError(`${question} Nobody can answer here: give --yes`, { code: "USAGE" });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (yes/no) `);
  terminal.close();
  return answer.trim() === "yes";
}

/** Pulumi deploys the bundles, and runs the built packages in its own process. */
async function build() {
  const root = path.dirname(import.meta.dirname);
  const { status } = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new SalesEtlError("the build failed", { code: "BUILD_FAILED" });
}

function tell({ stacks }: RunResult, environment: string) {
  if (json) return console.log(JSON.stringify({ environment, stacks }));
  for (const { stack, outputs } of stacks) {
    if (outputs !== undefined) console.log(`${stack} ${JSON.stringify(outputs, undefined, 2)}`);
  }
}

try {
  if (argv.includes("--help")) console.log(usage);
  else {
    const command = parseCommand(argv);
    const engine = await automationEngine(command.environment, (text) => process.stderr.write(text));
    const result = await run({ command, engine, ask, say, build });
    tell(result, command.environment);
    process.exitCode = result.exitCode;
  }
} catch (error) {
  const known = error instanceof SalesEtlError;
  console.error(known ? error.message : error);
  if (json) console.log(JSON.stringify({ error: known ? error : { code: "PULUMI_FAILED", message: String(error) } }));
  process.exitCode = 2;
}
