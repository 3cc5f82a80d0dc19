import * as pulumi from "@pulumi/pulumi";
import { namespace, parseSettings, type Settings } from "./settings.schema.ts";

export type { Settings } from "./settings.schema.ts";

/**
 * The settings of this deployment, from Pulumi.<environment>.yaml.
 *
 * @throws InvalidPropertiesError with all mistakes at once
 */
export function settings(): Settings {
  const prefix = `${namespace}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return parseSettings(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])));
}

/** Begins the name of everything: `sales-etl-dev`. */
export const prefixOf = ({ environment }: Settings): string => `${namespace}-${environment}`;

/** Names of the secrets that a deployment itself reads, to sign in where it makes something. */
export const deploymentSecrets = ({ source }: Settings): readonly string[] =>
  source?.snowflake === undefined ? [] : [source.snowflake.privateKeySecret];
