/** Iceberg for Spark on this machine: two jars of Maven Central, pinned by checksum, fetched once. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { cacheFolder } from "./program.ts";

export interface Jar {
  /** Maven coordinates: `group:artifact:version`. */
  readonly coordinates: string;
  readonly sha256: string;
}

/** The versions of the EMR release `emr-spark-8.1.0`. The second one is for Glue and S3 alone. */
export const jars: readonly Jar[] = [
  {
    coordinates: "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.11.0",
    sha256: "d6ea6c5d099288daeb7d5a92061bd3d7d8f296492632b42378e5f2f0e3066242",
  },
  {
    coordinates: "org.apache.iceberg:iceberg-aws-bundle:1.11.0",
    sha256: "38f01da7e96850cdd05e6616d758b77b43314b712a8808e3f9a824d56976162f",
  },
];

const repository = "https://repo1.maven.org/maven2";

const parts = (coordinates: string) => {
  const [group = "", artifact = "", version = ""] = coordinates.split(":");
  const file = `${artifact}-${version}.jar`;
  return { file, url: `${repository}/${group.replaceAll(".", "/")}/${artifact}/${version}/${file}` };
};

async function sha256Of(file: string): Promise<string | null> {
  if ((await stat(file).catch(() => null)) === null) return null;
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function fetchJar({ coordinates, sha256 }: Jar, folder: string): Promise<void> {
  const { file, url } = parts(coordinates);
  const failed = (message: string, cause?: unknown) =>
    new SalesEtlError(`${coordinates} cannot be fetched from ${url}: ${message}`, {
      code: "JAR_NOT_FETCHED",
      path: file,
      cause,
    });
  const draft = path.join(folder, `.${file}.${randomUUID()}`);
  try {
    const answer = await fetch(url).catch((cause: unknown) => {
      throw failed("no connection; where there is none, put the file there by hand", cause);
    });
    if (!answer.ok || answer.body === null) throw failed(`the server answered ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(draft));
    const found = await sha256Of(draft);
    if (found !== sha256) throw failed(`its SHA-256 is ${found}, not ${sha256}: it is not the pinned file`);
    await rename(draft, path.join(folder, file));
  } finally {
    await rm(draft, { force: true });
  }
}

/** Where the jars lie, unless SALES_ETL_JARS names another folder. */
export const jarsFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env.SALES_ETL_JARS ?? path.join(cacheFolder(env), "jars");

/**
 * @returns the paths of all jars in `folder`, fetched where they are missing or damaged
 * @throws {SalesEtlError} JAR_NOT_FETCHED
 */
export async function ensureJars(folder: string, wanted: readonly Jar[] = jars): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  for (const jar of wanted) {
    if ((await sha256Of(path.join(folder, parts(jar.coordinates).file))) !== jar.sha256) await fetchJar(jar, folder);
  }
  return wanted.map(({ coordinates }) => path.join(folder, parts(coordinates).file));
}

if (import.meta.main) console.log((await ensureJars(jarsFolder())).join("\n"));
