import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { folderLanding } from "./folder.ts";
import { addDays, businessDates, isBusinessDate, isFileOf, parseManifest, whyNotFileOf } from "./index.ts";

describe("file names", () => {
  it("accepts the file, its parts and gzip", () => {
    for (const name of [
      "sales_2017-06-30.csv",
      "sales_2017-06-30.csv.gz",
      "sales_2017-06-30_0_1_0.csv",
      "sales_2017-06-30.part2.csv.gz",
    ]) {
      expect(isFileOf("sales", "2017-06-30", name), name).to.equal(true);
    }
  });

  it("says what is wrong with a name", () => {
    expect(whyNotFileOf("sales", "2017-06-03", "sales_2017-06-3.csv")).to.contain(
      "not padded with zeros, expected sales_2017-06-03.csv",
    );
    expect(whyNotFileOf("sales", "2017-06-30", "sales_2017-06-29.csv")).to.contain(
      "the date in the name is not the folder's",
    );
    expect(whyNotFileOf("sales", "2017-06-30", "sale_2017-06-30.csv")).to.contain('begins with "sale_"');
    expect(whyNotFileOf("sales", "2017-06-30", "notes.txt")).to.equal("expected sales_2017-06-30.csv");
    expect(isFileOf("sales", "2017-06-30", "sales_2017-06-30.csv.bak")).to.equal(false);
  });
});

describe("business dates", () => {
  it("are real days only", () => {
    expect(["2016-02-29", "2017-02-29", "2017-6-30", "2017-06-31", "x"].map(isBusinessDate)).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("make ranges over the ends of months and years", () => {
    expect(businessDates("2016-12-30", "2017-01-02")).to.deep.equal([
      "2016-12-30",
      "2016-12-31",
      "2017-01-01",
      "2017-01-02",
    ]);
    expect(addDays("2017-03-01", -1)).to.equal("2017-02-28");
  });
});

describe("parseManifest", () => {
  const manifest = {
    version: 1,
    businessDate: "2017-06-30",
    files: [{ table: "sales", file: "sales/x.csv", rows: 1, bytes: 2 }],
  };

  it("takes a manifest", () => {
    expect(parseManifest(JSON.stringify(manifest), "2017-06-30")).to.deep.equal(manifest);
  });

  const fails = (value: unknown, message: string) => () => {
    const json = typeof value === "string" ? value : JSON.stringify(value);
    expect(() => parseManifest(json, "2017-06-30"))
      .to.throw(message)
      .with.property("code", "MANIFEST_INVALID");
  };
  it("names no JSON", fails("{", "the manifest is no JSON"));
  it("names another date", fails({ ...manifest, businessDate: "2017-06-29" }, "says businessDate 2017-06-29"));
  it(
    "names a file twice",
    fails({ ...manifest, files: [...manifest.files, ...manifest.files] }, "names sales/x.csv twice"),
  );
  it("names all wrong properties at once", () => {
    const wrong = { ...manifest, files: [{ table: "sales", file: "x", rows: -1, bytes: 1.5 }] };
    expect(() => parseManifest(JSON.stringify(wrong), "2017-06-30")).to.throw(
      "files.0.rows: Too small: expected number to be >=0; files.0.bytes: Invalid input: expected int, received number",
    );
  });
});

describe("folderLanding", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "landing-"));
    await mkdir(path.join(folder, "sales/dt=2017-06-30/export=e1"), { recursive: true });
    await writeFile(path.join(folder, "sales/dt=2017-06-30/a.csv"), "é\n");
    await writeFile(path.join(folder, "sales/dt=2017-06-30/export=e1/b.csv"), "");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("lists as a bucket does: by prefix, deep, sorted, with sizes", async () => {
    expect(await folderLanding(folder).list("sales/dt=2017-06-30/")).to.deep.equal([
      { key: "sales/dt=2017-06-30/a.csv", bytes: 3 },
      { key: "sales/dt=2017-06-30/export=e1/b.csv", bytes: 0 },
    ]);
    expect(await folderLanding(folder).list("sales/dt=2017-06-3")).to.have.length(2);
    expect(await folderLanding(folder).list("inventory/")).to.deep.equal([]);
  });

  it("opens an object, and names one that is not there", async () => {
    expect(await text(await folderLanding(folder).open("sales/dt=2017-06-30/a.csv"))).to.equal("é\n");
    const error = await folderLanding(folder)
      .open("sales/none.csv")
      .then(
        () => null,
        (caught) => caught,
      );
    expect(error).to.include({ code: "LANDING_OBJECT_NOT_FOUND", path: "sales/none.csv" });
  });
});
