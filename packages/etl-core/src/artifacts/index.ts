/** Files that a cluster reads, in a folder of a bucket that is named by their content. */
export { type ArtifactFile, type ArtifactFiles, artifactVersion, describeArtifacts } from "./files.ts";
export { type FindArgs, findArtifacts, type UploadArgs, uploadArtifacts } from "./upload.ts";
