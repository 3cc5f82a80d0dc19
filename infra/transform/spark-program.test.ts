import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { storedZip } from "../common/stored-zip.ts";
import { kmsKeyArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { SparkProgram } from "./spark-program.ts";

describe("SparkProgram", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-spark-"));
  after(() => rmSync(folder, { recursive: true }));
  const place = { region: "eu-central-1", artifactsBucketName: "artifacts", kmsKeyArn, folder };
  const make = (contract: string) => record(() => new SparkProgram("program", { ...place, contract }).version);

  it("uploads the entry point, the package's sources and the contract", async () => {
    mkdirSync(path.join(folder, "sales_etl_spark", "checks", "__pycache__"), { recursive: true });
    for (const file of ["main.py", "sales_etl_spark/job.py", "sales_etl_spark/checks/rows.py"]) {
      writeFileSync(path.join(folder, file), `# ${file}`);
    }
    writeFileSync(path.join(folder, "sales_etl_spark/checks/__pycache__/rows.cpython-313.pyc"), "");
    const contract = '{"dataset":"retail"}';
    const { childrenOf, inputsOf, result: version } = await make(contract);
    expect(childrenOf("program")).to.deep.equal(["pulumi-nodejs:dynamic/sales-etl:ArtifactSet program-files"]);
    const { __provider: _, files, ...inputs } = inputsOf("program-files");
    expect(inputs).to.deep.equal({
      ...{ region: "eu-central-1", bucket: "artifacts", prefix: "spark/", kmsKeyArn, version },
    });
    const content = (name: string) => readFileSync(files[name].path);
    expect(Object.keys(files)).to.have.members(["main.py", "sales_etl_spark.zip", "contract.json"]);
    expect(files["main.py"].path).to.equal(path.join(folder, "main.py"));
    expect(content("contract.json").toString()).to.equal(contract);
    const sources = {
      "sales_etl_spark/job.py": Buffer.from("# sales_etl_spark/job.py"),
      "sales_etl_spark/checks/rows.py": Buffer.from("# sales_etl_spark/checks/rows.py"),
    };
    expect(content("sales_etl_spark.zip").equals(storedZip(sources))).to.equal(true);
  });

  it("lies in another folder when anything of it changes, and in the same otherwise", async () => {
    let contract = "{}";
    const version = async () => (await make(contract)).result;
    const versions = [await version()];
    expect(versions[0]).to.match(/^[0-9a-f]{16}$/);
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
