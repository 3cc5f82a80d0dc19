/** The manifest: written last, it says which files make a business date and how large they are. */
import { text } from "node:stream/consumers";
import { en } from "zod/locales";
import * as z from "zod/mini";
import { SalesEtlError } from "../errors.ts";
import { type BusinessDate, type Landing, manifestKey } from "./landing.ts";
import { isBusinessDate } from "./names.ts";

const count = z.int().check(z.minimum(0));

/** A plain decimal; a sum never has an exponent. */
const total = z.string().check(z.regex(/^-?[0-9]+([.][0-9]+)?$/, { error: "is no decimal in plain digits" }));

const manifestSchema = z.object({
  version: z.literal(1),
  businessDate: z.string().check(z.refine(isBusinessDate, { error: "is no day written YYYY-MM-DD" })),
  /** Who wrote it, where it was not the source itself. */
  writtenBy: z.optional(z.string()),
  /** Names one export of the date: a later one replaces it whole. */
  exportId: z.optional(z.string()),
  /** Control totals: of each table, over all of its files, the sums of its decimal columns as the source counted them. */
  totals: z.optional(z.record(z.string(), z.record(z.string(), total))),
  files: z.array(
    z.object({
      table: z.string(),
      /** The key inside the landing. */
      file: z.string(),
      /** Data rows, without the header. */
      rows: count,
      /** As the file lies there, compressed or not. */
      bytes: count,
      sha256: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: "is no SHA-256 in lower-case hex" }))),
    }),
  ),
});

/** The small zod brings no messages of its own. */
const inWords = { error: en().localeError };

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = Manifest["files"][number];

/** @throws {SalesEtlError} MANIFEST_INVALID that names each wrong property */
export function parseManifest(json: string, businessDate: BusinessDate): Manifest {
  const fail = (message: string, cause?: unknown) => new SalesEtlError(message, { code: "MANIFEST_INVALID", cause });
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw fail(`the manifest is no JSON: ${(error as Error).message}`, error);
  }
  const parsed = manifestSchema.safeParse(value, inWords);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join(".") || "manifest"}: ${issue.message}`);
    throw fail(`the manifest cannot be used: ${lines.join("; ")}`);
  }
  const manifest = parsed.data;
  if (manifest.businessDate !== businessDate) {
    throw fail(`the manifest of dt=${businessDate} says businessDate ${manifest.businessDate}`);
  }
  const files = new Set<string>();
  for (const { file } of manifest.files) {
    if (files.has(file)) throw fail(`the manifest names ${file} twice`);
    files.add(file);
  }
  return manifest;
}

/** @throws {SalesEtlError} LANDING_OBJECT_NOT_FOUND; MANIFEST_INVALID as {@link parseManifest} */
export const readManifest = async (landing: Landing, businessDate: BusinessDate): Promise<Manifest> =>
  parseManifest(await text(await landing.open(manifestKey(businessDate))), businessDate);
