import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { lambdaBundle } from "./lambda-bundle.ts";

describe("lambdaBundle", () => {
  const dist = mkdtempSync(path.join(tmpdir(), "sales-etl-dist-"));
  after(() => rmSync(dist, { recursive: true }));

  it("is the folder of a built Lambda", () => {
    mkdirSync(path.join(dist, "built"));
    writeFileSync(path.join(dist, "built", "index.mjs"), "export const handler = () => {};");
    const bundle = lambdaBundle("built", dist);
    expect(bundle).to.be.instanceOf(pulumi.asset.FileArchive);
  });

  it("says how to build a missing one", () => {
    mkdirSync(path.join(dist, "empty"));
    expect(() => lambdaBundle("empty", dist))
      .to.throw(SalesEtlError, 'the Lambda empty is not built: run "node scripts/build-lambdas.ts" first')
      .that.includes({ code: "LAMBDA_BUNDLE_MISSING", path: path.join(dist, "empty", "index.mjs") });
  });
});
