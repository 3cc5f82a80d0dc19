import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { programFiles, programPrefix } from "@sales-etl/etl-core/emr";
import { staged } from "../common/staged.ts";
import { storedZip } from "../common/stored-zip.ts";
import { ArtifactSet } from "./artifact-set.ts";

export interface SparkProgramArgs {
  readonly region: string;
  readonly artifactsBucketName: pulumi.Input<string>;
  readonly kmsKeyArn: pulumi.Input<string>;
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
  /** The folder's name, 16 hexadecimal digits; who uses it is deployed after the files. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: SparkProgramArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:SparkProgram", name, {}, opts);

    const folder = args.folder ?? path.resolve(import.meta.dirname, "../../spark");
    const files = {
      [programFiles.entryPoint]: path.join(folder, "main.py"),
      [programFiles.pyFiles]: staged(storedZip(sourcesOf(folder))),
      [programFiles.contract]: staged(args.contract),
    };
    const { region, artifactsBucketName: bucket, kmsKeyArn } = args;
    const set = { region, bucket, prefix: programPrefix, kmsKeyArn, files };
    this.version = new ArtifactSet(`${name}-files`, set, { parent: this }).version;
    this.registerOutputs({ version: this.version });
  }
}

/** The package's sources alone: compiled files differ from machine to machine, so each deployment would change it. */
function sourcesOf(folder: string): Record<string, Uint8Array> {
  const files = readdirSync(path.join(folder, packageName), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith(".py"))
      .map((file) => [
        path.posix.join(packageName, ...file.split(path.sep)),
        readFileSync(path.join(folder, packageName, file)),
      ]),
  );
}
