import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface HostImageArgs {
  /** `123456789012.dkr.ecr.eu-central-1.amazonaws.com/name` */
  readonly repositoryUrl: pulumi.Input<string>;
  /** Of the Dockerfile: `airflow` or `superset`. */
  readonly folder: keyof typeof contents;
}

/** What is sent to the build besides the Dockerfile: the same as in the folder's .dockerignore. */
const contents = {
  airflow: ["requirements.txt", "dags"],
  superset: ["requirements.txt", "image", "bundle"],
} as const;

const root = path.resolve(import.meta.dirname, "../..");

/** A program of a host, built where Pulumi runs (which needs Docker) and pushed. */
export class HostImage extends pulumi.ComponentResource {
  /** By digest: what was tested is what runs. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, args: HostImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:host:HostImage", name, {}, opts);

    const folder = path.join(root, args.folder);
    const registryId = pulumi.output(args.repositoryUrl).apply((url) => url.split(".")[0] ?? "");
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId }, { parent: this });
    const image = new docker.Image(
      `${name}-image`,
      {
        // The tag is the content's, so that nothing is built or pushed when nothing has changed.
        imageName: pulumi.interpolate`${args.repositoryUrl}:${contentOf(folder, contents[args.folder])}`,
        build: { context: folder, dockerfile: path.join(folder, "Dockerfile"), platform: "linux/arm64" },
        registry: {
          server: args.repositoryUrl,
          username: token.userName,
          password: pulumi.secret(token.password),
        },
      },
      { parent: this },
    );

    this.digest = image.repoDigest;
    this.registerOutputs({ digest: this.digest });
  }
}

/** Of what is sent to the build: 16 hexadecimal digits. */
export function contentOf(folder: string, parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of ["Dockerfile", ...parts.flatMap((part) => filesOf(folder, part))].sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(folder, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** A file, or all files below a folder, as paths with slashes; without what Python compiles. */
function filesOf(folder: string, part: string): string[] {
  if (statSync(path.join(folder, part)).isFile()) return [part];
  return readdirSync(path.join(folder, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
}
