/**
 * Bundles each Lambda of packages/lambdas/src into packages/lambdas/dist/<name>/index.mjs, with everything it imports:
 * Lambda's own copy of the AWS SDK is another version each month. The same sources give the same bytes, so that a
 * deployment without a change deploys nothing.
 *
 *     node scripts/build-lambdas.ts
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const root = path.dirname(import.meta.dirname);
const lambdas = path.join(root, "packages", "lambdas");

/** A cold start reads and compiles all of it. EC2's client alone is larger than the others together. */
export const largestKb = (name: string) => (name === "host-power" ? 1228 : 600);

/** Of the SDK's chain of credentials, all but those of the environment. */
const otherCredentials = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
] as const;

export interface Bundle {
  readonly name: string;
  /** The file to deploy as `index.mjs`; the handler is `index.handler`. */
  readonly file: string;
  readonly bytes: number;
}

/** @throws Error when the bundle is too large, naming its largest files */
export async function bundleLambda(name: string, entry: string, folder: string): Promise<Bundle> {
  const file = path.join(folder, "index.mjs");
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    outfile: file,
    // Names in the bundle must not depend on where the checkout lies.
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    // Node shows the whole source line of an error: it must not be the whole program.
    lineLimit: 500,
    // The SDK's CommonJS files cannot be shaken: with them the bundle is twice as large and starts twice as slowly.
    mainFields: ["module", "main"],
    // Naming conditions of our own drops esbuild's default one, "module", which has the same purpose.
    conditions: ["@sales-etl/source", "module"],
    // Imported only where the environment has no credentials; in Lambda it always has. A sixth of the bundle.
    external: [...otherCredentials],
    // For CommonJS packages that require what Node brings.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const [output] = Object.values(metafile.outputs);
  const [content] = outputFiles;
  if (output === undefined || content === undefined) throw new Error(`${entry}: esbuild made nothing`);
  const limit = largestKb(name);
  if (output.bytes > limit * 1024) {
    const largest = Object.entries(output.inputs)
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 5)
      .map(([input, { bytesInOutput }]) => `${input} (${kilobytes(bytesInOutput)})`);
    throw new Error(
      `${name}: ${kilobytes(output.bytes)} are more than ${limit} KB; the largest are ${largest.join(", ")}`,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, content.contents);
  return { name, file, bytes: output.bytes };
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;

/** Every folder of packages/lambdas/src that has a handler. */
export function lambdaNames(): { readonly name: string; readonly entry: string }[] {
  const source = path.join(lambdas, "src");
  return readdirSync(source)
    .map((name) => ({ name, entry: path.join(source, name, "index.ts") }))
    .filter(({ entry }) => existsSync(entry));
}

export const buildLambdas = (): Promise<Bundle[]> =>
  Promise.all(lambdaNames().map(({ name, entry }) => bundleLambda(name, entry, path.join(lambdas, "dist", name))));

if (import.meta.main) {
  for (const { name, file, bytes } of await buildLambdas()) {
    console.log(`${name}: ${path.relative(root, file)}, ${kilobytes(bytes)}`);
  }
}
