import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { record } from "../testing/record.ts";
import { AirflowImage, contentOf } from "./airflow-image.ts";

const folder = path.resolve(import.meta.dirname, "../../airflow");
const repositoryUrl = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/airflow";

describe("AirflowImage", () => {
  it("is built for Graviton under a tag of its content, and pushed with a token that stays secret", async () => {
    const { inputsOf } = await record(() => new AirflowImage("own", { repositoryUrl }).digest);
    const { imageName, build, registry } = inputsOf("own-image");
    expect(imageName).to.equal(`${repositoryUrl}:${contentOf(folder)}`);
    expect(build).to.deep.equal({
      context: folder,
      dockerfile: path.join(folder, "Dockerfile"),
      platform: "linux/arm64",
    });
    // Pulumi keeps the whole of it secret, for the password in it.
    expect(registry).to.include({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" });
    expect(registry.value).to.deep.equal({ server: repositoryUrl, username: "AWS", password: "registry-token" });
  });

  it("has another tag when something that goes into it changes, and no other when anything else does", () => {
    const copy = mkdtempSync(path.join(tmpdir(), "sales-etl-image-"));
    try {
      for (const name of ["Dockerfile", "requirements.txt", "dags"]) {
        cpSync(path.join(folder, name), path.join(copy, name), { recursive: true });
      }
      const tag = contentOf(copy);
      expect(tag).to.match(/^[0-9a-f]{16}$/);
      mkdirSync(path.join(copy, "dags/__pycache__"), { recursive: true });
      writeFileSync(path.join(copy, "dags/__pycache__/sales_daily.pyc"), "x");
      writeFileSync(path.join(copy, "README.md"), "x");
      expect(contentOf(copy)).to.equal(tag);
      writeFileSync(path.join(copy, "dags/more.py"), "");
      expect(contentOf(copy)).not.to.equal(tag);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
