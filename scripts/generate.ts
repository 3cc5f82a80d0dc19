/**
 * `npm run generate`: writes what is derived from the contract to packages/etl-core/generated and docs.
 * `--check` writes nothing and exits 1 when a file is stale, missing or left over.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exampleNightly, renderNightlyJobFlow } from "@sales-etl/etl-core/emr";
import { exportContract, exportFormats } from "@sales-etl/etl-core/exporters";
import { artifacts } from "@sales-etl/etl-core/generate";
import { retail } from "@sales-etl/etl-core/retail";
import { checksPage, measuresPage } from "./docs.ts";
import { root } from "./test/process.ts";

const folder = "packages/etl-core/generated";
/** People read the dictionary beside the other pages; the dataset is a part of Superset's bundle. */
const elsewhere: Readonly<Record<string, string>> = {
  markdown: "docs",
  superset: "superset/bundle/datasets/warehouse",
};
const folderOf = (format: string) => elsewhere[format] ?? `${folder}/${format}/${retail.name}`;
const exported = exportFormats.flatMap((format) =>
  [...exportContract(retail, format)].map(([file, text]) => [`${folderOf(format)}/${file}`, text] as const),
);
const wanted = new Map([
  ...[...artifacts(retail)].map(([file, text]) => [`${folder}/${file}`, text] as const),
  ...exported,
  // What the DAG's tests run on; a deployment renders its own from its buckets and roles.
  [`${folder}/airflow/job_flow.json`, `${JSON.stringify(renderNightlyJobFlow(exampleNightly), null, 2)}\n`],
  ["docs/checks.md", await checksPage(retail)],
  ["docs/measures.md", measuresPage(retail)],
]);

const absolute = (file: string) => path.join(root, ...file.split("/"));
const present = readdirSync(absolute(folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
const stale = [...wanted].filter(
  ([file, text]) => !existsSync(absolute(file)) || readFileSync(absolute(file), "utf8") !== text,
);
const leftOver = present.filter((file) => !wanted.has(file));

if (process.argv.includes("--check")) {
  for (const [file] of stale) console.error(`stale: ${file}`);
  for (const file of leftOver) console.error(`left over: ${file}`);
  if (stale.length + leftOver.length > 0) {
    console.error("Run `npm run generate` and commit what it writes.");
    process.exit(1);
  }
} else {
  for (const [file, text] of stale) {
    mkdirSync(path.dirname(absolute(file)), { recursive: true });
    writeFileSync(absolute(file), text);
    console.log(`wrote ${file}`);
  }
  for (const file of leftOver) {
    rmSync(absolute(file));
    console.log(`removed ${file}`);
  }
}
