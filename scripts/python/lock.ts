/**
 * For maintainers: compiles every requirements file to its hashed lock, valid for Linux and macOS on x86_64 and ARM.
 *
 *     node scripts/python/lock.ts [--upgrade]     without --upgrade, versions stay as they are where they still fit
 */
import { spawnSync } from "node:child_process";
import { root } from "../test/process.ts";
import { uvCommand } from "./environment.ts";

/** In order: a file may be constrained by the lock before it. */
const locks = [
  "scripts/python/uv",
  "scripts/python/workflows",
  "spark/requirements-run",
  "spark/requirements-java",
  "spark/requirements",
  "airflow/requirements",
  "airflow/requirements-test",
  "superset/requirements",
  "superset/requirements-local",
  "packages/local-aws/requirements",
  "packages/etl-core/test/contract/requirements",
  "bench/peers/requirements",
];

/** No address of an index or a folder of this machine may get into a lock. */
const options = [
  ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"],
  ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "node scripts/python/lock.ts"],
].flat();

const uv = await uvCommand();
if (typeof uv !== "string") {
  console.error(`missing: ${uv.missing}`);
  process.exit(2);
}
for (const lock of locks) {
  const files = ["--output-file", `${lock}.txt`, `${lock}.in`];
  const done = spawnSync(uv, ["pip", "compile", ...options, ...process.argv.slice(2), ...files], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (done.status !== 0) process.exit(1);
  console.log(`${lock}.txt`);
}
