// Runs before every npm script, in plain JavaScript that any Node >= 20 understands: installs the packages named by
// package-lock.json when node_modules is missing or was installed from another lock file, and says so.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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
const isInstalled = () => existsSync(marker) && readFileSync(marker, "utf8") === lock;
if (isInstalled()) process.exit(0);

// Two npm scripts at once must not install into the same folder: the second waits for the first.
const busy = path.join(root, ".cache", "install.lock");
const isAlive = () => {
  try {
    process.kill(Number(readFileSync(path.join(busy, "pid"), "utf8")), 0);
    return true;
  } catch (error) {
    // No such process, or no such file: its owner is gone, or has only just made the folder.
    return (
      error.code === "EPERM" ||
      (error.code === "ENOENT" && Date.now() - (statSync(busy, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 5000)
    );
  }
};
const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
mkdirSync(path.dirname(busy), { recursive: true });
for (let waiting = false; ; sleep()) {
  try {
    mkdirSync(busy);
    writeFileSync(path.join(busy, "pid"), String(process.pid));
    break;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!existsSync(busy)) continue;
    if (!isAlive()) rmSync(busy, { recursive: true, force: true });
    else if (!waiting) console.error("Waiting for another installation in this folder ...");
    waiting = true;
  }
}
process.on("exit", () => rmSync(busy, { recursive: true, force: true }));
if (isInstalled()) process.exit(0);

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
