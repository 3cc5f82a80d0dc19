import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface AirflowImageArgs {
  /** `123456789012.dkr.ecr.eu-central-1.amazonaws.com/name` */
  readonly repositoryUrl: pulumi.Input<string>;
}

const folder = path.resolve(import.meta.dirname, "../../airflow");

/** Airflow and the DAG, built where Pulumi runs (which needs Docker) and pushed. */
export class AirflowImage extends pulumi.ComponentResource {
  /** By digest: what was tested is what runs. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, args: AirflowImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:host:AirflowImage", name, {}, opts);

    const { registryId } = { registryId: pulumi.output(args.repositoryUrl).apply((url) => url.split(".")[0] ?? "") };
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId }, { parent: this });
    const image = new docker.Image(
      `${name}-image`,
      {
        // The tag is the content's, so that nothing is built or pushed when nothing has changed.
        imageName: pulumi.interpolate`${args.repositoryUrl}:${contentOf(folder)}`,
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

/** Of what is sent to the build (see .dockerignore): 16 hexadecimal digits. */
export function contentOf(root: string): string {
  const files = ["Dockerfile", "requirements.txt", ...dags(root)].sort();
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}

const dags = (root: string) =>
  readdirSync(path.join(root, "dags"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
