// Runs before every npm script, in plain JavaScript that any Node >= 20 understands: installs the packages named by
// package-lock.json when node_modules is missing or was installed from another lock file, and says so.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const marker = path.join(root, "node_modules", ".installed-from");
const lock = createHash("sha256")
  .update(readFileSync(path.join(root, "package-lock.json")))
  .update(`${process.platform}-${process.arch}`)
  .digest("hex");

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(`sales-etl needs Node 20 or newer to install itself; this is ${process.version}.`);
  process.exit(2);
}
if (existsSync(marker) && readFileSync(marker, "utf8") === lock) process.exit(0);

const why = existsSync(marker) ? "package-lock.json has changed" : "first run here";
console.error(`Installing packages from package-lock.json (${why}); about half a minute ...`);
const npm = process.env.npm_execpath;
const [command, args] = npm ? [process.execPath, [npm, "ci"]] : ["npm", ["ci"]];
const install = spawnSync(command, [...args, "--no-fund", "--no-audit", "--loglevel=error"], {
  cwd: root,
  // npm's own progress goes to stderr, so that `--json` output on stdout stays clean.
  stdio: ["ignore", 2, 2],
});
if (install.status !== 0) {
  console.error("The installation failed: see above. Nothing was changed outside node_modules; run the command again.");
  process.exit(2);
}
writeFileSync(marker, lock);
console.error("Installed.");
