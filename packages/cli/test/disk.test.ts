import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { root } from "./support/command.ts";
import { digestOf } from "./support/kill-drill.ts";
import { land } from "./support/landing.ts";
import { errorOf, inProcess } from "./support/workspace.ts";

const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");
const env = { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" };

describe("a warehouse on a disk that takes no more", () => {
  const rows = Array.from({ length: 3000 }, (_, index) => `${index},${index},1,2020-01-06,1,${index}.25`).join("\n");

  // In kilobytes: the database does not fit, the base rows do not fit.
  for (const limit of [512, 8]) {
    it(`that is full after ${limit} kB of a file: says so, keeps what is published, leaves nothing`, async function () {
      this.timeout("60s");
      const { landing, warehouse, run } = inProcess();
      await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,1,1.00" });
      await run("2020-01-05");
      const before = { digest: await digestOf(warehouse), files: readdirSync(warehouse, { recursive: true }).sort() };
      await land(landing, "2020-01-06", { sales: rows });
      const args = ["run", "--landing", landing, "--warehouse", warehouse, "--date", "2020-01-06", "--json"];
      // Ignored, the signal of the limit becomes an error of the write, as on a full disk.
      const script = `trap '' XFSZ; ulimit -f ${limit}; exec "$0" "$@"`;
      const { status, stdout } = spawnSync("bash", ["-c", script, process.execPath, bin, ...args], {
        encoding: "utf8",
        env,
      });
      expect([status, errorOf(stdout).code]).to.deep.equal([2, "WAREHOUSE_FULL"]);
      expect(errorOf(stdout).message).to.contain("make room and run again");
      expect(await digestOf(warehouse)).to.equal(before.digest);
      const left = readdirSync(warehouse, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(left.filter(({ name }) => !before.files.some((file) => String(file).endsWith(name)))).to.deep.equal([]);
      await run("2020-01-06");
      expect(await digestOf(warehouse)).not.to.equal(before.digest);
    });
  }

  it("that is read-only: says so, and can still be read", async () => {
    const { folder, landing, warehouse, run } = inProcess();
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,1,1.00" });
    await run("2020-01-05");
    const before = readFileSync(path.join(warehouse, "current.json"), "utf8");
    await land(landing, "2020-01-06");
    // Root may write everywhere: then somebody else does it.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const folders = [
      folder,
      warehouse,
      ...readdirSync(warehouse, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(entry.parentPath, entry.name)),
    ];
    for (const one of folders) chmodSync(one, 0o555);
    for (const name of ["writer.duckdb"]) chmodSync(path.join(warehouse, name), 0o444);
    try {
      const asUser = (...args: string[]) =>
        spawnSync(process.execPath, [bin, ...args, "--json"], { encoding: "utf8", env, cwd: root, ...user });
      const { status, stdout } = asUser(
        ...["run", "--landing", landing, "--warehouse", warehouse, "--date", "2020-01-06"],
      );
      expect([status, errorOf(stdout).code]).to.deep.equal([2, "WAREHOUSE_NOT_WRITABLE"]);
      const query = asUser("query", "--warehouse", warehouse, "SELECT COUNT(*) AS n FROM sales");
      expect(JSON.parse(query.stdout)).to.deep.equal([{ n: "1" }]);
    } finally {
      for (const one of folders) chmodSync(one, 0o755);
    }
    expect(readFileSync(path.join(warehouse, "current.json"), "utf8")).to.equal(before);
    expect(existsSync(path.join(warehouse, "run.started"))).to.equal(false);
  });
});
