import type * as pulumi from "@pulumi/pulumi";
import type { ArtifactFiles } from "@sales-etl/etl-core/artifacts";

/** What a set is made from; plain values, as Pulumi keeps them. */
export interface ArtifactSetInputs {
  readonly region: string;
  readonly bucket: string;
  /** The folder of all versions, with its slash: `spark/`. */
  readonly prefix: string;
  readonly kmsKeyArn: string;
  /** The hash of names and contents that names this version's folder. */
  readonly version: string;
  /** Where they lie on this machine, and what they hold. */
  readonly files: ArtifactFiles;
}

export interface ArtifactSetOutputs extends Omit<ArtifactSetInputs, "files"> {
  /** The SHA-256 of each object that is there, by its name in the folder. */
  readonly objects: Readonly<Record<string, string>>;
}

/**
 * Uploads files into a folder that is named by their content. Nothing is ever written over or deleted: a changed set goes
 * beside the earlier one, which a running cluster may still read, and a set that leaves the program is forgotten.
 *
 * Pulumi runs the text of these methods in another process: see IcebergTable's. Paths of this machine are not kept: a
 * deployment from another one is no change.
 */
export const artifactSetProvider: pulumi.dynamic.ResourceProvider<ArtifactSetInputs, ArtifactSetOutputs> = {
  async diff(_, olds, news) {
    const replaces = (["region", "bucket", "prefix"] as const).filter((name) => olds[name] !== news[name]);
    const missing = Object.entries(news.files).some(([name, { sha256 }]) => olds.objects?.[name] !== sha256);
    const moved = olds.version !== news.version || olds.kmsKeyArn !== news.kmsKeyArn;
    return { changes: replaces.length > 0 || missing || moved, replaces };
  },

  async create(inputs) {
    return { id: `s3://${inputs.bucket}/${inputs.prefix}`, outs: await upload(inputs) };
  },

  async update(_, __, news) {
    return { outs: await upload(news) };
  },

  async read(id, props) {
    if (props === undefined)
      throw new Error(`${id} cannot be imported: files that are there are taken over by creating it`);
    const { findArtifacts } = await import("@sales-etl/etl-core/artifacts");
    const { S3Client } = await import("@aws-sdk/client-s3");
    const { bucket, prefix, region, version, objects } = props;
    const names = Object.keys(objects);
    const found = await findArtifacts({
      client: new S3Client({ region }),
      bucket,
      folder: `${prefix}${version}/`,
      names,
    });
    return Object.keys(found).length === 0 ? {} : { id, props: { ...props, objects: found } };
  },

  async delete() {
    // Old versions stay for who reads them; a retention rule of the bucket, or a person, ends them.
  },
};

async function upload(inputs: ArtifactSetInputs): Promise<ArtifactSetOutputs> {
  const { uploadArtifacts } = await import("@sales-etl/etl-core/artifacts");
  const { S3Client } = await import("@aws-sdk/client-s3");
  const { files, ...set } = inputs;
  await uploadArtifacts({ client: new S3Client({ region: set.region }), ...inputs });
  const objects = Object.entries(files).map(([name, { sha256 }]) => [name, sha256]);
  return { ...set, objects: Object.fromEntries(objects) };
}
