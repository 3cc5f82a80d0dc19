/**
 * `npm run generate`: writes what is derived from the contract to packages/etl-core/generated.
 * `--check` writes nothing and exits 1 when a file there is stale, missing or left over.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { artifacts } from "@sales-etl/etl-core/generate";
import { retail } from "@sales-etl/etl-core/retail";
import { root } from "./test/process.ts";

const folder = path.join(root, "packages", "etl-core", "generated");
const wanted = new Map([...artifacts(retail)]);

const present = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
const stale = [...wanted].filter(([file, text]) => !present.includes(file) || readFileSync(path.join(folder, file), "utf8") !== text);
const leftOver = present.filter((file) => !wanted.has(file));

if (process.argv.includes("--check")) {
  for (const [file] of stale) console.error(`stale: packages/etl-core/generated/${file}`);
  for (const file of leftOver) console.error(`left over: packages/etl-core/generated/${file}`);
  if (stale.length + leftOver.length > 0) {
    console.error("Run `npm run generate` and commit what it writes.");
    process.exit(1);
  }
} else {
  for (const [file, text] of stale) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
    console.log(`wrote packages/etl-core/generated/${file}`);
  }
  for (const file of leftOver) {
    rmSync(path.join(folder, file));
    console.log(`removed packages/etl-core/generated/${file}`);
  }
}
