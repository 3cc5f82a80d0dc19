/** Tonight's key to Airflow, which the host writes at each boot. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import * as z from "zod/mini";
import type { Credential } from "./airflow.ts";

/** In the control bucket. */
export const credentialKey = "airflow/credential.json";

const schema = z.object({
  username: z.string().check(z.minLength(1)),
  password: z.string().check(z.minLength(1)),
  validUntil: z.iso.datetime({ offset: true }),
});

/**
 * @returns null when there is none that is valid now: the host has not written it yet
 * @throws {SalesEtlError} CREDENTIAL_INVALID that names properties, never values
 */
export async function readCredential(
  client: Pick<S3Client, "send">,
  bucket: string,
  now: Date,
): Promise<Credential | null> {
  const text = await client.send(new GetObjectCommand({ Bucket: bucket, Key: credentialKey })).then(
    ({ Body }) => Body?.transformToString() ?? "",
    (error: Error) => {
      if (error.name === "NoSuchKey") return null;
      throw error;
    },
  );
  if (text === null) return null;
  const parsed = schema.safeParse(jsonOrNull(text));
  if (!parsed.success) {
    const properties = parsed.error.issues.map(({ path }) => path.join(".") || "the whole").join(", ");
    throw new SalesEtlError(`s3://${bucket}/${credentialKey} cannot be used: look at ${properties}`, {
      code: "CREDENTIAL_INVALID",
      path: credentialKey,
    });
  }
  return Date.parse(parsed.data.validUntil) > now.getTime() ? parsed.data : null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the text, and so the password, in the logs.
    return null;
  }
}
