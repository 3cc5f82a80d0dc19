import { readFileSync } from "node:fs";
import path from "node:path";
import { file, firstBoot, variables } from "../host/first-boot.ts";
import { images } from "../host/user-data.ts";
import { supersetPort } from "./superset-access.ts";

const folder = path.resolve(import.meta.dirname, "../../superset/host");

export interface SupersetUserDataArgs {
  readonly region: string;
  /** By digest. */
  readonly supersetImage: string;
  readonly logGroup: string;
  readonly secretId: string;
  readonly workGroup: string;
  readonly database: string;
  /** People come over HTTPS through a balancer, and sign in at an identity provider. @default Session Manager alone */
  readonly oidc?: OidcSettings | undefined;
}

/** Where people sign in. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** The name of a secret. */
  readonly clientSecret: string;
  /** The claim of the ID token with a person's groups. @default groups */
  readonly groupsClaim?: string;
  /** Superset's role by the name of a group. @default everybody gets Gamma, and an administrator gives more */
  readonly roles?: Readonly<Record<string, string>>;
}

/**
 * What the host of Superset does at its first boot, and a unit that runs superset/host/boot.sh at every boot. Holds no
 * secret, but names of secrets.
 */
export function supersetUserData(args: SupersetUserDataArgs): string {
  const { region, oidc } = args;
  const hostEnv = {
    AWS_REGION: region,
    SUPERSET_IMAGE: args.supersetImage,
    POSTGRES_IMAGE: images.postgres,
    COMPOSE_IMAGE: images.compose,
    LOG_GROUP: args.logGroup,
    SECRET_ID: args.secretId,
    OIDC_SECRET_ID: oidc?.clientSecret ?? "",
  };
  const deploymentEnv = {
    AWS_DEFAULT_REGION: region,
    WAREHOUSE_URI: `awsathena+rest://@athena.${region}.amazonaws.com:443/${args.database}?work_group=${args.workGroup}`,
    WAREHOUSE_ENGINE_PARAMS: "{}",
    // Session Manager forwards to the host itself.
    GUNICORN_CMD_ARGS: `--bind ${oidc === undefined ? "127.0.0.1" : "0.0.0.0"}:${supersetPort}`,
    ...(oidc === undefined ? {} : { SUPERSET_BEHIND_BALANCER: "1", ...oidcEnv(oidc) }),
  };
  return firstBoot([
    ...file("/etc/sales-etl/host.env", variables(hostEnv)),
    ...file("/etc/sales-etl/deployment.env", variables(deploymentEnv)),
    ...file("/etc/sales-etl/compose.yaml", source("compose.yaml")),
    ...file("/opt/sales-etl/boot.sh", source("boot.sh")),
  ]);
}

/** As superset/image/superset_config.py reads it. */
export const oidcEnv = ({ issuer, clientId, groupsClaim = "groups", roles = {} }: OidcSettings) => ({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: clientId,
  OIDC_GROUPS_CLAIM: groupsClaim,
  OIDC_ROLES: Object.entries(roles)
    .map(([group, role]) => `${group}=${role}`)
    .join(";"),
});

const source = (name: string) => readFileSync(path.join(folder, name), "utf8");
