#!/bin/bash
# Runs at every boot of the host, as root: fetches Superset's secrets (the first boot makes them) and starts it.
# Settings: /etc/sales-etl/host.env. Nothing secret is printed: the output is in the log.
set -euo pipefail
umask 077
configuration=${SALES_ETL_CONFIGURATION:-/etc/sales-etl}
runtime=${SALES_ETL_RUNTIME:-/run/sales-etl}
set -a
# shellcheck source=/dev/null
. "$configuration/host.env"
set +a
mkdir -p "$runtime"

secret() { head --bytes 64 /dev/urandom | base64 --wrap 0 | tr -d '/+=' | head --bytes "${1:-40}"; }
value_of() { aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text; }
# Of a flat JSON object whose values hold no quotes.
field() { sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" "$runtime/superset.json"; }

# The database keeps its password as long as its volume.
if [ ! -s "$configuration/postgres.env" ]; then
  printf 'POSTGRES_USER=superset\nPOSTGRES_DB=superset\nPOSTGRES_PASSWORD=%s\n' "$(secret)" >"$configuration/postgres.env"
fi
database_password=$(sed -n 's/^POSTGRES_PASSWORD=//p' "$configuration/postgres.env")

# A secret that was just made has no value: this host gives it one, and whoever may read it knows the password.
if ! value_of "$SECRET_ID" >"$runtime/superset.json" 2>"$runtime/error"; then
  grep --quiet ResourceNotFoundException "$runtime/error" || { cat "$runtime/error" >&2; exit 1; }
  printf '{"secretKey": "%s", "adminPassword": "%s"}' "$(secret 56)" "$(secret 24)" >"$runtime/superset.json"
  aws secretsmanager put-secret-value --secret-id "$SECRET_ID" --secret-string "file://$runtime/superset.json" >"$runtime/error"
  echo "The secret $SECRET_ID has its first value"
fi
if [ -z "$(field secretKey)" ] || [ -z "$(field adminPassword)" ]; then
  echo "The secret $SECRET_ID holds no JSON with secretKey and adminPassword" >&2
  exit 1
fi
cat >"$runtime/secrets.env" <<END
SUPERSET_SECRET_KEY=$(field secretKey)
SUPERSET_ADMIN_PASSWORD=$(field adminPassword)
SUPERSET_DATABASE_URI=postgresql+psycopg2://superset:$database_password@127.0.0.1/superset
END
if [ -n "$OIDC_SECRET_ID" ]; then
  printf 'OIDC_CLIENT_SECRET=%s\n' "$(value_of "$OIDC_SECRET_ID")" >>"$runtime/secrets.env"
fi
rm --force "$runtime/superset.json" "$runtime/error"

registry=${SUPERSET_IMAGE%%/*}
aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin "$registry"
docker pull --quiet "$SUPERSET_IMAGE"
# Amazon Linux has Docker but not its compose command: that comes with Docker's own image.
docker run --rm --env-file "$configuration/host.env" \
  --volume /var/run/docker.sock:/var/run/docker.sock \
  --volume "$configuration:$configuration:ro" --volume "$runtime:$runtime:ro" \
  "$COMPOSE_IMAGE" docker compose --file "$configuration/compose.yaml" up --detach --remove-orphans
echo "Superset starts"
