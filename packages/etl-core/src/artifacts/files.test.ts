import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { artifactVersion, describeArtifacts } from "./index.ts";

describe("artifacts", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-artifacts-"));
  after(() => rmSync(folder, { recursive: true }));
  const at = (name: string, content: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const thrown = (paths: Record<string, string>) => {
    try {
      describeArtifacts(paths);
    } catch (error) {
      return error as Error & { code: string; problems?: object[] };
    }
    throw new Error("nothing was thrown");
  };

  it("are described by what they hold, and named by all of it", () => {
    const paths = { "main.py": at("one", "a"), "lib/b.txt": at("two", "bc") };
    const files = describeArtifacts(paths);
    // By sha256sum.
    expect(files).to.deep.equal({
      "lib/b.txt": {
        path: paths["lib/b.txt"],
        sha256: "1e0bbd6c686ba050b8eb03ffeedc64fdc9d80947fce821abbe5d6dc8d252c5ac",
        bytes: 2,
      },
      "main.py": {
        path: paths["main.py"],
        sha256: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
        bytes: 1,
      },
    });
    // sha256sum of the two lines that sha256sum prints, with one space.
    expect(artifactVersion(files)).to.equal("547b44f39d49d909");
  });

  it("have another version when a name changes, or contents change places; not when a path does", () => {
    const [a, b] = [at("a", "1"), at("b", "2")];
    const version = (paths: Record<string, string>) => artifactVersion(describeArtifacts(paths));
    const first = version({ x: a, y: b });
    expect(version({ y: b, x: at("elsewhere/a", "1") })).to.equal(first);
    expect(new Set([first, version({ x: b, y: a }), version({ x: a, z: b }), version({ x: a })])).to.have.length(4);
  });

  it("have names that mean the same everywhere; all others are told at once", () => {
    const file = at("file", "");
    const bad = ["../up", "/root", "a//b", "a b", "folder/", "a/.hidden", "größe", ""];
    const error = thrown({ ...Object.fromEntries(bad.map((name) => [name, file])), "good-1/file_2.v3.py": file });
    expect(error).to.include({ code: "ARTIFACTS_INVALID" });
    expect(error.problems).to.have.length(bad.length);
    expect(thrown({}).message).to.include("files: are none");
  });

  it("say which file cannot be read", () => {
    const error = thrown({ "main.py": path.join(folder, "missing.py") });
    expect(error).to.include({ code: "ARTIFACT_NOT_READ", path: path.join(folder, "missing.py") });
    expect(error.message).to.include("the artifact main.py cannot be read").and.to.include("ENOENT");
  });
});
