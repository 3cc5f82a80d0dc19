/**
 * `npm run fuzz [-- --runs N] [--seed N]`: random rows in files of every shape, and in several parts of a day or of all
 * days, through the stream checker and the check SQL; and random rows in random splits, of days and as dumps of all days,
 * through the run to the fact. A difference is shrunk and printed with the seed that repeats it. N files; a table in parts
 * counts as 4 of them, a history of dumps as 10, a landing that is run to its fact as 50.
 */
import path from "node:path";
import { scriptOptions } from "./options.ts";
import { root, run } from "./test/process.ts";

const usage = `npm run fuzz -- [options]: random files and landings through both checkers, and to the fact

  --runs N  how many files (default 5000)
  --seed N  repeats what was found`;
const values = scriptOptions(usage, { runs: { type: "string", default: "5000" }, seed: { type: "string" } });
for (const [name, value] of Object.entries(values)) {
  if (!/^-?[0-9]+$/.test(value)) {
    console.error(`--${name} takes a whole number`);
    process.exit(2);
  }
}
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}, ${values.runs} runs`);
const files = ["checkers", "checkers-parts", "fact-splits", "cumulative", "cumulative-histories"].map(
  (name) => `packages/cli/test/${name}.test.ts`,
);
const mocha = path.join(root, "node_modules", "mocha", "bin", "mocha.js");
process.exitCode = await run(process.execPath, [mocha, "--timeout", "0", ...files], {
  env: { FUZZ_RUNS: values.runs, FUZZ_SEED: seed },
});
