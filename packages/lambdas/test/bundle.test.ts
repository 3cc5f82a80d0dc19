import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "chai";
import { type Bundle, bundleLambda } from "../../../scripts/build-lambdas.ts";

const source = path.join(import.meta.dirname, "../src");

describe("bundles of the Lambdas", () => {
  let folder = "";
  let bundle: Bundle;
  const make = (name: string) =>
    bundleLambda("validate-landing", path.join(source, "validate-landing/index.ts"), path.join(folder, name));

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sales-etl-bundle-"));
    bundle = await make("first");
  });

  after(() => rm(folder, { recursive: true }));

  it("are the same bytes each time", async () => {
    const again = await make("second");
    assert.isTrue((await readFile(bundle.file)).equals(await readFile(again.file)));
  });

  it("tell nothing of the machine they were made on", async () => {
    const root = path.dirname(path.dirname(path.dirname(import.meta.dirname)));
    assert.notInclude(await readFile(bundle.file, "utf8"), root);
  });

  it("name all settings that are missing when they start", () => {
    const { status, stderr } = spawnSync(process.execPath, [bundle.file], { env: { TIME_ZONE: "UTC" } });
    assert.equal(status, 1);
    for (const name of ["LANDING_BUCKET", "CONTROL_BUCKET", "EVENT_BUS_NAME"]) {
      assert.include(stderr.toString(), `${name}: is not set`);
    }
    assert.notMatch(stderr.toString(), /\bTIME_ZONE: is not set/);
  });

  for (const [name, settings] of [
    ["host-power", ["INSTANCE_ID", "CONTROL_BUCKET", "EVENT_BUS_NAME", "GRACE_MINUTES", "MAX_HOURS"]],
    ["trigger-dag", ["CONTROL_BUCKET", "AIRFLOW_URL"]],
  ] as const) {
    it(`are small enough and self-contained: ${name}`, async () => {
      const entry = path.join(source, name, "index.ts");
      const { file } = await bundleLambda(name, entry, path.join(folder, name));
      const { status, stderr } = spawnSync(process.execPath, [file], { env: {} });
      assert.equal(status, 1);
      for (const setting of settings) assert.include(stderr.toString(), `${setting}: is not set`);
    });
  }

  it("do not start with a time zone that does not exist", () => {
    const env = {
      ...{ LANDING_BUCKET: "a", CONTROL_BUCKET: "b", EVENT_BUS_NAME: "c", TIME_ZONE: "Chicago" },
      ...{ LOOK_BACK_DAYS: "7", LARGEST_TABLE_MIB: "1", VOLUME_FACTOR: "3" },
      ...{ PUBLISHED_BY_HOUR: "6", NIGHTLY_TIME_ZONE: "UTC" },
    };
    const { status, stderr } = spawnSync(process.execPath, [bundle.file], { env });
    assert.equal(status, 1);
    assert.include(stderr.toString(), "TIME_ZONE_UNKNOWN");
    const loads = spawnSync(process.execPath, [bundle.file], {
      env: { ...env, TIME_ZONE: "UTC", SOURCE_SETTINGS: '{"loads":{"sales":"often"}}' },
    });
    assert.equal(loads.status, 1);
    assert.include(loads.stderr.toString(), "SETTINGS_INVALID");
  });

  it("are refused when they are too large", async () => {
    const large = path.join(import.meta.dirname, "large.ts");
    const error = await bundleLambda("large", large, path.join(folder, "large")).catch((reason: unknown) => reason);
    assert.match((error as Error).message, /^large: \d+ KB are more than 600 KB; the largest are /);
  });
});
