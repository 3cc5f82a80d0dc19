/** What needs no S3; the uploads themselves are in packages/local-aws/test/artifact-set.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { artifactVersion, describeArtifacts } from "@sales-etl/etl-core/artifacts";
import { expect } from "chai";
import { kmsKeyArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { type ArtifactSetInputs, artifactSetProvider as provider } from "./artifact-set.provider.ts";
import { ArtifactSet } from "./artifact-set.ts";

describe("ArtifactSet", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-set-"));
  after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "main.py");
  writeFileSync(file, "print(1)");
  const place = { region: "eu-central-1", bucket: "artifacts", prefix: "spark/", kmsKeyArn };

  const inputs = (content = "print(1)"): ArtifactSetInputs => {
    writeFileSync(file, content);
    const files = describeArtifacts({ "main.py": file });
    return { ...place, version: artifactVersion(files), files };
  };
  const deployed = ({ files, ...set }: ArtifactSetInputs) => ({
    ...set,
    objects: Object.fromEntries(Object.entries(files).map(([name, { sha256 }]) => [name, sha256])),
  });
  const diff = async (olds: ReturnType<typeof deployed>, news: ArtifactSetInputs) =>
    provider.diff?.("s3://artifacts/spark/", olds, news);

  it("hands Pulumi hashes and where the files lie, never what they hold; the version is known in the preview", async () => {
    const wanted = inputs();
    const { inputsOf, result } = await record(
      () => new ArtifactSet("set", { ...place, files: { "main.py": file } }).version,
    );
    const { __provider: _, ...handed } = inputsOf("set");
    expect(handed).to.deep.equal({ ...wanted });
    expect(result).to.equal(wanted.version);
  });

  it("fails in the preview for a file that is not there", async () => {
    const make = () => record(() => new ArtifactSet("set", { ...place, files: { "main.py": `${file}.not` } }));
    const error = await make().catch((reason: Error) => reason);
    expect(error).to.be.instanceOf(Error).with.property("message").that.includes(`${file}.not`);
  });

  it("is no change where only the path is another: of another machine", async () => {
    const now = inputs();
    const there = Object.entries(now.files).map(([name, one]) => [name, { ...one, path: `/elsewhere/${name}` }]);
    const elsewhere = { ...now, files: Object.fromEntries(there) };
    expect(await diff(deployed(now), elsewhere)).to.deep.equal({ changes: false, replaces: [] });
  });

  it("changes with what it holds, with its key, and when an object is missing or another one", async () => {
    const now = inputs();
    const was = deployed(now);
    expect(await diff(was, inputs("print(2)"))).to.deep.equal({ changes: true, replaces: [] });
    expect(await diff(was, { ...now, kmsKeyArn: `${kmsKeyArn}2` })).to.deep.equal({ changes: true, replaces: [] });
    expect(await diff({ ...was, objects: {} }, now)).to.deep.equal({ changes: true, replaces: [] });
    expect(await diff({ ...was, objects: { "main.py": "0".repeat(64) } }, now)).to.include({ changes: true });
    expect(await diff(was, { ...now, bucket: "other" })).to.deep.equal({ changes: true, replaces: ["bucket"] });
  });

  it("is small as text, with packages to be imported where it runs", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => provider);
    expect(text).to.match(/import\("@sales-etl\/etl-core\/artifacts"\)/);
    expect(text).to.match(/import\("@aws-sdk\/client-s3"\)/);
    expect(text.length).to.be.lessThan(12_000);
    expect(text).not.to.include("IfNoneMatch");
  });
});
