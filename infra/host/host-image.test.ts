import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { record } from "../testing/record.ts";
import { contentOf, HostImage } from "./host-image.ts";

const folder = path.resolve(import.meta.dirname, "../../airflow");
const parts = ["requirements.txt", "dags"];
const repositoryUrl = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/airflow";

describe("HostImage", () => {
  it("is built for Graviton under a tag of its content, and pushed with a token that stays secret", async () => {
    const { inputsOf } = await record(() => new HostImage("own", { repositoryUrl, folder: "airflow" }).digest);
    const { imageName, build, registry } = inputsOf("own-image");
    expect(imageName).to.equal(`${repositoryUrl}:${contentOf(folder, parts)}`);
    expect(build).to.deep.equal({
      context: folder,
      dockerfile: path.join(folder, "Dockerfile"),
      platform: "linux/arm64",
    });
    // Pulumi keeps the whole of it secret, for the password in it.
    expect(registry).to.include({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" });
    expect(registry.value).to.deep.equal({ server: repositoryUrl, username: "AWS", password: "registry-token" });
  });

  for (const name of ["airflow", "superset"] as const) {
    it(`sends to the build of ${name} what its tag is made of, and nothing else`, async () => {
      const at = path.join(folder, "..", name);
      const ignore = readFileSync(path.join(at, ".dockerignore"), "utf8").split("\n");
      const sent = ignore.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
      expect(ignore).to.include("*");
      const { inputsOf } = await record(() => new HostImage("own", { repositoryUrl, folder: name }).digest);
      expect(inputsOf("own-image").imageName).to.equal(`${repositoryUrl}:${contentOf(at, sent)}`);
      const copied = [...readFileSync(path.join(at, "Dockerfile"), "utf8").matchAll(/^COPY (\S+)/gm)];
      expect(copied.map(([, what]) => what)).to.have.members(sent);
    });
  }

  it("has another tag when something that goes into it changes, and no other when anything else does", () => {
    const copy = mkdtempSync(path.join(tmpdir(), "sales-etl-image-"));
    try {
      for (const name of ["Dockerfile", "requirements.txt", "dags"]) {
        cpSync(path.join(folder, name), path.join(copy, name), { recursive: true });
      }
      const tag = contentOf(copy, parts);
      expect(tag).to.match(/^[0-9a-f]{16}$/);
      mkdirSync(path.join(copy, "dags/__pycache__"), { recursive: true });
      writeFileSync(path.join(copy, "dags/__pycache__/sales_daily.pyc"), "x");
      writeFileSync(path.join(copy, "README.md"), "x");
      expect(contentOf(copy, parts)).to.equal(tag);
      writeFileSync(path.join(copy, "dags/more.py"), "");
      expect(contentOf(copy, parts)).not.to.equal(tag);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
