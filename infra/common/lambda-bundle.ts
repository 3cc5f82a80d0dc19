import { existsSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { SalesEtlError } from "@sales-etl/etl-core/errors";

const distFolder = path.resolve(import.meta.dirname, "../../packages/lambdas/dist");

/**
 * The code of one of our Lambdas.
 *
 * @throws SalesEtlError LAMBDA_BUNDLE_MISSING, in preview already: Pulumi itself would notice only while deploying
 */
export function lambdaBundle(lambda: string, dist = distFolder): pulumi.asset.Archive {
  const file = path.join(dist, lambda, "index.mjs");
  if (!existsSync(file)) {
    throw new SalesEtlError(`the Lambda ${lambda} is not built: run "node scripts/build-lambdas.ts" first`, {
      code: "LAMBDA_BUNDLE_MISSING",
      path: file,
    });
  }
  return new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.FileAsset(file) });
}
