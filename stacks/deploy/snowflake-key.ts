/** The key with which the stack `source` signs in to Snowflake: from Secrets Manager to Pulumi's environment, and nowhere else. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";

/** What Snowflake's provider reads by itself. */
export const keyVariable = "SNOWFLAKE_PRIVATE_KEY";

/** The settings that this needs, as Pulumi hands them over. */
export interface RawSettings {
  readonly "sales-etl:region"?: string;
  /** JSON */
  readonly "sales-etl:source"?: string;
}

/**
 * @returns the variable for Pulumi; none where the settings name no Snowflake account, or where it is set already
 * @throws SalesEtlError SECRET_NOT_READ
 */
export async function snowflakeKey(
  settings: RawSettings,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  const name = secretName(settings["sales-etl:source"]);
  if (name === undefined || environment[keyVariable] !== undefined) return {};
  const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const region = settings["sales-etl:region"];
  const client = new SecretsManagerClient(region === undefined ? {} : { region });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name })).catch((cause: Error) => {
    throw notRead(name, cause.message, cause);
  });
  if (SecretString === undefined || !SecretString.includes("PRIVATE KEY")) {
    throw notRead(name, "it holds no private key in PEM form");
  }
  return { [keyVariable]: SecretString };
}

function secretName(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  return (JSON.parse(source) as { snowflake?: { privateKeySecret?: string } }).snowflake?.privateKeySecret;
}

const notRead = (name: string, why: string, cause?: Error) =>
  new SalesEtlError(
    `the key of Snowflake cannot be read from the secret ${name}: ${why}. Put it there, or into ${keyVariable}`,
    { code: "SECRET_NOT_READ", path: name, cause },
  );
