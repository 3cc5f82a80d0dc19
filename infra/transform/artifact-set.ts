import * as pulumi from "@pulumi/pulumi";
import { artifactVersion, describeArtifacts } from "@sales-etl/etl-core/artifacts";
import { artifactSetProvider } from "./artifact-set.provider.ts";

export interface ArtifactSetArgs {
  readonly region: string;
  readonly bucket: pulumi.Input<string>;
  /** The folder of all versions, with its slash: `spark/`. */
  readonly prefix: string;
  /** What the objects are encrypted with. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** The files of this machine, by their names in the set. */
  readonly files: Readonly<Record<string, string>>;
}

/** Files in a folder that is named by their content: see {@link artifactSetProvider}. */
export class ArtifactSet extends pulumi.dynamic.Resource {
  /** The folder's name, 16 hexadecimal digits: known in the preview, and deployed only once all files are there. */
  declare readonly version: pulumi.Output<string>;

  /** @throws SalesEtlError ARTIFACT_NOT_READ, and InvalidPropertiesError for names that cannot be used */
  constructor(name: string, args: ArtifactSetArgs, opts?: pulumi.CustomResourceOptions) {
    const { region, bucket, prefix, kmsKeyArn } = args;
    const files = describeArtifacts(args.files);
    const inputs = { region, bucket, prefix, kmsKeyArn, version: artifactVersion(files), files };
    super(artifactSetProvider, name, { ...inputs, objects: undefined }, opts, "sales-etl", "ArtifactSet");
  }
}
