import { readdirSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { artifactKeys } from "@sales-etl/etl-core/emr";

export interface SparkProgramArgs {
  readonly artifactsBucketName: pulumi.Input<string>;
  /** The contract of the data set, as it was generated for Spark: a file. */
  readonly contract: string;
  /** The folder with `main.py` and the package beside it. @default this project's spark/ */
  readonly folder?: string;
}

const packageName = "sales_etl_spark";

/** What the cluster reads when a night begins: the Spark program and the contract of its data set. */
export class SparkProgram extends pulumi.ComponentResource {
  constructor(name: string, args: SparkProgramArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:SparkProgram", name, {}, opts);

    const folder = args.folder ?? path.resolve(import.meta.dirname, "../../spark");
    const bucket = args.artifactsBucketName;
    const put = (suffix: string, key: string, source: pulumi.asset.Asset | pulumi.asset.Archive) =>
      new aws.s3.BucketObjectv2(`${name}-${suffix}`, { bucket, key, source }, { parent: this });

    put("main", artifactKeys.entryPoint, new pulumi.asset.FileAsset(path.join(folder, "main.py")));
    put("package", artifactKeys.pyFiles, pythonPackage(path.join(folder, packageName)));
    put("contract", artifactKeys.contract, new pulumi.asset.FileAsset(args.contract));
    this.registerOutputs();
  }
}

/** A zip of the sources alone: compiled files differ from machine to machine, so each deployment would change it. */
function pythonPackage(folder: string): pulumi.asset.Archive {
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".py"))
    .sort();
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      sources.map((file) => [
        path.posix.join(packageName, ...file.split(path.sep)),
        new pulumi.asset.FileAsset(path.join(folder, file)),
      ]),
    ),
  );
}
