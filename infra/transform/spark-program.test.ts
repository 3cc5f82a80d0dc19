import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { record } from "../testing/record.ts";
import { SparkProgram } from "./spark-program.ts";

describe("SparkProgram", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-spark-"));
  after(() => rmSync(folder, { recursive: true }));

  it("uploads the entry point, the package's sources and the contract", async () => {
    mkdirSync(path.join(folder, "sales_etl_spark", "checks", "__pycache__"), { recursive: true });
    for (const file of ["main.py", "sales_etl_spark/job.py", "sales_etl_spark/checks/rows.py"]) {
      writeFileSync(path.join(folder, file), "");
    }
    writeFileSync(path.join(folder, "sales_etl_spark/checks/__pycache__/rows.cpython-313.pyc"), "");
    const contract = '{"dataset":"retail"}';
    const {
      childrenOf,
      inputsOf,
      result: version,
    } = await record(() => new SparkProgram("program", { artifactsBucketName: "artifacts", contract, folder }).version);
    expect(version).to.match(/^[0-9a-f]{16}$/);
    expect(childrenOf("program")).to.deep.equal([
      "aws:s3/bucketObjectv2:BucketObjectv2 program-contract",
      "aws:s3/bucketObjectv2:BucketObjectv2 program-main",
      "aws:s3/bucketObjectv2:BucketObjectv2 program-package",
    ]);
    const pathOf = async (asset: pulumi.asset.Asset) => (await asset) as pulumi.asset.FileAsset;
    expect(inputsOf("program-main")).to.include({ bucket: "artifacts", key: `spark/${version}/main.py` });
    expect(await (await pathOf(inputsOf("program-main").source)).path).to.equal(path.join(folder, "main.py"));
    expect(inputsOf("program-contract")).to.include({ bucket: "artifacts", key: `spark/${version}/contract.json` });
    const contractAsset = (await inputsOf("program-contract").source) as pulumi.asset.StringAsset;
    expect(await contractAsset.text).to.equal(contract);
    expect(inputsOf("program-package")).to.include({
      bucket: "artifacts",
      key: `spark/${version}/sales_etl_spark.zip`,
    });
    expect(Object.keys(await inputsOf("program-package").source.assets)).to.have.members([
      "sales_etl_spark/job.py",
      "sales_etl_spark/checks/rows.py",
    ]);
  });

  it("lies in another folder when anything of it changes, and in the same otherwise", async () => {
    let contract = "{}";
    const version = async () =>
      (await record(() => new SparkProgram("program", { artifactsBucketName: "artifacts", contract, folder }).version))
        .result;
    const versions = [await version()];
    expect(await version()).to.equal(versions[0]);
    writeFileSync(path.join(folder, "sales_etl_spark/checks/__pycache__/rows.cpython-314.pyc"), "x");
    expect(await version()).to.equal(versions[0]);
    for (const file of ["main.py", "sales_etl_spark/checks/rows.py", "sales_etl_spark/more.py"]) {
      writeFileSync(path.join(folder, file), "# changed");
      versions.push(await version());
    }
    contract = '{"dataset":"retail"}';
    versions.push(await version());
    expect(new Set(versions).size).to.equal(5);
  });
});
