import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { InvalidPropertiesError, type PropertyProblem, SalesEtlError } from "../errors.ts";

/** A file of this machine as it was when it was looked at. */
export interface ArtifactFile {
  readonly path: string;
  /** Of its bytes, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** By the name in the set: `main.py`, `lib/rules.whl`. */
export type ArtifactFiles = Readonly<Record<string, ArtifactFile>>;

/** Names that mean the same file in S3, in Hadoop and on every disk. */
const namePattern = /^[A-Za-z0-9_-][\w.-]*(\/[A-Za-z0-9_-][\w.-]*)*$/;

/**
 * Looks at files that shall be uploaded.
 *
 * @param paths by the name that each has in the set
 * @throws InvalidPropertiesError ARTIFACTS_INVALID with all names that cannot be used at once
 * @throws SalesEtlError ARTIFACT_NOT_READ
 */
export function describeArtifacts(paths: Readonly<Record<string, string>>): ArtifactFiles {
  const names = Object.keys(paths).sort();
  const problems: PropertyProblem[] = names
    .filter((name) => !namePattern.test(name))
    .map((name) => ({
      path: name,
      message: "is no name of an artifact: letters, digits, _ . - and / between folders",
    }));
  if (names.length === 0) problems.push({ path: "files", message: "are none" });
  if (problems.length > 0) throw new InvalidPropertiesError("the artifacts", problems, "ARTIFACTS_INVALID");
  return Object.fromEntries(
    names.map((name) => {
      const path = paths[name] ?? "";
      const content = readArtifact(name, path);
      return [name, { path, sha256: sha256Of(content), bytes: content.length }];
    }),
  );
}

/**
 * The name of the folder: 16 hexadecimal digits of a hash over all names and contents. It is the same on every machine, and
 * another one as soon as a byte differs.
 */
export function artifactVersion(files: ArtifactFiles): string {
  const lines = Object.keys(files)
    .sort()
    .map((name) => `${files[name]?.sha256} ${name}\n`);
  return sha256Of(lines.join("")).slice(0, 16);
}

export const sha256Of = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/** @throws SalesEtlError ARTIFACT_NOT_READ */
export function readArtifact(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { message } = cause as Error;
    throw new SalesEtlError(`the artifact ${name} cannot be read: ${message}`, {
      code: "ARTIFACT_NOT_READ",
      path,
      cause,
    });
  }
}
