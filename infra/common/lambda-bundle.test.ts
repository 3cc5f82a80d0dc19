import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { lambdaBundle } from "./lambda-bundle.ts";

describe("lambdaBundle", () => {
  const dist = mkdtempSync(path.join(tmpdir(), "sales-etl-dist-"));
  after(() => rmSync(dist, { recursive: true }));

  it("is the one file of a built Lambda", async () => {
    mkdirSync(path.join(dist, "built"));
    writeFileSync(path.join(dist, "built", "index.mjs"), "export const handler = () => {};");
    writeFileSync(path.join(dist, "built", "notes.txt"), "not for AWS");
    const bundle = lambdaBundle("built", dist) as pulumi.asset.AssetArchive;
    expect(Object.keys(await bundle.assets)).to.deep.equal(["index.mjs"]);
  });

  it("says how to build a missing one", () => {
    mkdirSync(path.join(dist, "empty"));
    expect(() => lambdaBundle("empty", dist))
      .to.throw(SalesEtlError, 'the Lambda empty is not built: run "node scripts/build-lambdas.ts" first')
      .that.includes({ code: "LAMBDA_BUNDLE_MISSING", path: path.join(dist, "empty", "index.mjs") });
  });
});
