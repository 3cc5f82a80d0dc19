import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

describe("require-node", () => {
  const script = path.join(import.meta.dirname, "require-node.mjs");
  const runOn = (version: string) => {
    const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
    return spawnSync(
      process.execPath,
      [
        "--import",
        `data:text/javascript,${encodeURIComponent(pretend)}`,
        "--import",
        script,
        "-e",
        "console.log('ran')",
      ],
      { encoding: "utf8" },
    );
  };

  for (const version of ["22.18.0", "23.0.0", "24.21.0"]) {
    it(`lets Node ${version} deploy`, () => {
      expect(runOn(version)).to.include({ status: 0, stdout: "ran\n" });
    });
  }

  for (const version of ["20.19.0", "22.17.1"]) {
    it(`tells Node ${version} what is wrong`, () => {
      const { status, stdout, stderr } = runOn(version);
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: "" });
      expect(stderr).to.include("sales-etl needs Node 22.18 or newer").and.include(`This is Node ${version}`);
    });
  }
});
