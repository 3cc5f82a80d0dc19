import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { artifactKeys, programKey } from "@sales-etl/etl-core/emr";

export interface SparkProgramArgs {
  readonly artifactsBucketName: pulumi.Input<string>;
  /** The contract of the data set, as the job reads it: JSON. */
  readonly contract: string;
  /** The folder with `main.py` and the package beside it. @default this project's spark/ */
  readonly folder?: string;
}

const packageName = "sales_etl_spark";

/**
 * What the cluster reads when a night begins: the Spark program and the contract of its data set, in a folder that is named
 * by their content. A deployment during a run writes beside what that run reads, and never deletes it.
 */
export class SparkProgram extends pulumi.ComponentResource {
  /** The folder's name: 16 hexadecimal digits. */
  readonly version: string;

  constructor(name: string, args: SparkProgramArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:SparkProgram", name, {}, opts);

    const folder = args.folder ?? path.resolve(import.meta.dirname, "../../spark");
    const bucket = args.artifactsBucketName;
    this.version = versionOf(folder, args.contract);
    const put = (suffix: string, artifact: string, source: pulumi.asset.Asset | pulumi.asset.Archive) => {
      const key = programKey(artifact, this.version);
      new aws.s3.BucketObjectv2(`${name}-${suffix}`, { bucket, key, source }, { parent: this, retainOnDelete: true });
    };

    put("main", artifactKeys.entryPoint, new pulumi.asset.FileAsset(path.join(folder, "main.py")));
    put("package", artifactKeys.pyFiles, pythonPackage(path.join(folder, packageName)));
    put("contract", artifactKeys.contract, new pulumi.asset.StringAsset(args.contract));
    this.registerOutputs();
  }
}

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".py"))
    .sort();

function versionOf(folder: string, contract: string): string {
  const hash = createHash("sha256")
    .update(contract)
    .update(readFileSync(path.join(folder, "main.py")));
  for (const file of sourcesIn(path.join(folder, packageName))) {
    hash.update(`\0${file.split(path.sep).join("/")}\0`).update(readFileSync(path.join(folder, packageName, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** A zip of the sources alone: compiled files differ from machine to machine, so each deployment would change it. */
function pythonPackage(folder: string): pulumi.asset.Archive {
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      sourcesIn(folder).map((file) => [
        path.posix.join(packageName, ...file.split(path.sep)),
        new pulumi.asset.FileAsset(path.join(folder, file)),
      ]),
    ),
  );
}
