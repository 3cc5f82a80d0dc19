import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "../errors.ts";
import { type ArtifactFiles, artifactVersion, readArtifact, sha256Of } from "./files.ts";

interface Place {
  readonly client: Pick<S3Client, "send">;
  readonly bucket: string;
}

export interface UploadArgs extends Place {
  /** The folder of all versions, with its slash: `spark/`. */
  readonly prefix: string;
  /** As `describeArtifacts` found them. */
  readonly files: ArtifactFiles;
  /** What the objects are encrypted with; those that are there keep their key. */
  readonly kmsKeyArn: string;
}

export interface FindArgs extends Place {
  /** Of one version, with its slash. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** S3 answers 409 when it cannot tell yet which of two simultaneous writers was first. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;

/**
 * Uploads the files into the folder of their version, and never over anything: what lies there already must be the same.
 * It can be repeated, and done by several at once; each file is one request, so that an object is there whole or not at all.
 *
 * @returns the version: the folder's name
 * @throws SalesEtlError ARTIFACT_CHANGED, ARTIFACT_DIFFERS, ARTIFACT_NOT_UPLOADED, ARTIFACT_NOT_READ; each names the
 *   file and where it was to go
 */
export async function uploadArtifacts(args: UploadArgs): Promise<string> {
  const version = artifactVersion(args.files);
  for (const [name, file] of Object.entries(args.files)) {
    const object = objectOf(args.bucket, `${args.prefix}${version}/${name}`);
    const content = readArtifact(name, file.path);
    if (sha256Of(content) !== file.sha256) {
      throw new SalesEtlError(
        `the artifact ${name} (${file.path}) has changed since the deployment looked at it: deploy once more`,
        { code: "ARTIFACT_CHANGED", path: file.path },
      );
    }
    await put({ ...args, name, object, content, ...file });
  }
  return version;
}

/** @returns the SHA-256 of each object that is there, by its name in the folder */
export async function findArtifacts({ client, bucket, folder, names }: FindArgs): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const sha256 = await hashIn(client, objectOf(bucket, `${folder}${name}`));
    if (sha256 !== null) found[name] = sha256;
  }
  return found;
}

interface PutArgs extends UploadArgs {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly object: StoredObject;
  readonly content: Buffer;
}

async function put(args: PutArgs): Promise<void> {
  const { client, kmsKeyArn, name, path, sha256, object, content } = args;
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(
        new PutObjectCommand({
          ...{ Bucket: object.bucket, Key: object.key, Body: content, IfNoneMatch: "*" },
          // S3 compares what arrived with it.
          ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
          ...{ ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn, BucketKeyEnabled: true },
        }),
      );
      return;
    } catch (error) {
      const cause = error as Error;
      const conditional = cause.name === "PreconditionFailed" || cause.name === "ConditionalRequestConflict";
      const there = conditional ? await hashIn(client, object) : null;
      if (there === sha256) return;
      if (there !== null) throw differs(name, path, object, there, sha256);
      if (!conditional || attempt === ATTEMPTS) throw notUploaded(name, path, object, cause);
      await sleep(PAUSE_MS * attempt);
    }
  }
}

interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly uri: string;
}

const objectOf = (bucket: string, key: string): StoredObject => ({ bucket, key, uri: `s3://${bucket}/${key}` });

/** @returns the SHA-256 of an object; null when there is none */
async function hashIn(client: Place["client"], { bucket, key, uri }: StoredObject): Promise<string | null> {
  const at = { Bucket: bucket, Key: key };
  try {
    const { ChecksumSHA256, ChecksumType } = await client.send(
      new HeadObjectCommand({ ...at, ChecksumMode: "ENABLED" }),
    );
    // That of several parts is a hash of hashes.
    if (ChecksumSHA256 !== undefined && ChecksumType !== "COMPOSITE") {
      return Buffer.from(ChecksumSHA256, "base64").toString("hex");
    }
    const { Body } = await client.send(new GetObjectCommand(at));
    const hash = createHash("sha256");
    for await (const chunk of Body as Readable) hash.update(chunk);
    return hash.digest("hex");
  } catch (error) {
    const cause = error as Error;
    if (["NotFound", "NoSuchKey"].includes(cause.name)) return null;
    throw new SalesEtlError(`${uri} cannot be looked at: ${saidBy(cause)}`, {
      code: "ARTIFACT_NOT_FOUND_OUT",
      path: uri,
      cause,
    });
  }
}

const saidBy = ({ name, message }: Error) => (message.includes(name) ? message : `${name}: ${message}`);

const differs = (name: string, path: string, { uri }: StoredObject, there: string, wanted: string) =>
  new SalesEtlError(
    `${uri} is not the artifact ${name} (${path}): its SHA-256 is ${there}, not ${wanted}. Somebody has written over it, and a ` +
      "running cluster may read it, so nothing is replaced: bring back its earlier version, or delete it, and deploy once more",
    { code: "ARTIFACT_DIFFERS", path: uri },
  );

const notUploaded = (name: string, path: string, { uri }: StoredObject, cause: Error) =>
  new SalesEtlError(`the artifact ${name} (${path}) cannot be uploaded to ${uri}: ${saidBy(cause)}`, {
    code: "ARTIFACT_NOT_UPLOADED",
    path: uri,
    cause,
  });
