#!/bin/bash
# Runs at every boot of the host, as root: fetches Superset's secrets (the first boot makes them) and starts it.
set -euo pipefail
# shellcheck source=../../infra/host/common.sh
. "${SALES_ETL_PROGRAMS:-/opt/sales-etl}/common.sh"

value_of() { aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text; }
# Of a flat JSON object whose values hold no quotes.
field() { sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" "$runtime/superset.json"; }

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
database_password=$(database_password superset)
cat >"$runtime/secrets.env" <<END
SUPERSET_SECRET_KEY=$(field secretKey)
SUPERSET_ADMIN_PASSWORD=$(field adminPassword)
SUPERSET_DATABASE_URI=postgresql+psycopg2://superset:$database_password@127.0.0.1/superset
END
if [ -n "$OIDC_SECRET_ID" ]; then
  printf 'OIDC_CLIENT_SECRET=%s\n' "$(value_of "$OIDC_SECRET_ID")" >>"$runtime/secrets.env"
fi
rm --force "$runtime/superset.json" "$runtime/error"

start_containers "$SUPERSET_IMAGE"
echo "Superset starts"
