import { createHash } from "node:crypto";
import { expect } from "chai";
import { storedZip } from "./stored-zip.ts";

const files = {
  "pkg/job.py": Buffer.from("print(1)\n"),
  "pkg/größe.py": Buffer.from('x = "é"\n'),
  "pkg/__init__.py": Buffer.alloc(0),
};

describe("storedZip", () => {
  it("is what Python's zipfile writes of the same files", () => {
    // zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), create_system 3, external_attr 0o100644 << 16, ZIP_STORED, sorted names.
    const zip = storedZip(files);
    expect(zip).to.have.length(346);
    expect(createHash("sha256").update(zip).digest("hex")).to.equal(
      "e2ea88ea7d97b85174312d862521019358a2e3b72d4ebf426f6af964ceb227c1",
    );
  });

  it("does not depend on the order in which files are named", () => {
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    expect(storedZip(reversed).equals(storedZip(files))).to.equal(true);
  });

  it("is a zip without any file", () => {
    expect(storedZip({}).toString("hex")).to.equal(`504b0506${"00".repeat(18)}`);
  });
});
