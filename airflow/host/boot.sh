#!/bin/bash
# Runs at every boot of the host, as root: makes this night's secrets, starts Airflow and hands its key to trigger-dag.
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

secret() { head --bytes 48 /dev/urandom | base64 --wrap 0 | tr -d '/+=' | head --bytes "${1:-40}"; }

# The database keeps its password as long as its volume.
if [ ! -s "$configuration/postgres.env" ]; then
  printf 'POSTGRES_USER=airflow\nPOSTGRES_DB=airflow\nPOSTGRES_PASSWORD=%s\n' "$(secret)" >"$configuration/postgres.env"
fi
database_password=$(sed -n 's/^POSTGRES_PASSWORD=//p' "$configuration/postgres.env")

# All else is made anew at each boot: what somebody learned last night is worth nothing tonight.
cat >"$runtime/secrets.env" <<EOF
AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql+psycopg2://airflow:$database_password@127.0.0.1/airflow
AIRFLOW__API__SECRET_KEY=$(secret)
AIRFLOW__API_AUTH__JWT_SECRET=$(secret 60)
AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=$runtime/passwords.json
SALES_ETL_JOB_FLOW=$runtime/job_flow.json
EOF
password=$(secret)
printf '{"admin": "%s", "trigger-dag": "%s"}\n' "$(secret)" "$password" >"$runtime/passwords.json"

aws s3 cp --only-show-errors "$JOB_FLOW_URI" "$runtime/job_flow.json"
# The containers' user: Airflow writes nothing there that it does not find, but opens the file to write.
chown "$AIRFLOW_UID" "$runtime/passwords.json" "$runtime/job_flow.json"

registry=${AIRFLOW_IMAGE%%/*}
aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin "$registry"
docker pull --quiet "$AIRFLOW_IMAGE"
# Amazon Linux has Docker but not its compose command: that comes with Docker's own image.
docker run --rm --env-file "$configuration/host.env" \
  --volume /var/run/docker.sock:/var/run/docker.sock \
  --volume "$configuration:$configuration:ro" --volume "$runtime:$runtime:ro" \
  "$COMPOSE_IMAGE" docker compose --file "$configuration/compose.yaml" up --detach --remove-orphans

valid_until=$(date --utc --date "+$CREDENTIAL_HOURS hours" +%Y-%m-%dT%H:%M:%SZ)
printf '{"username": "trigger-dag", "password": "%s", "validUntil": "%s"}\n' "$password" "$valid_until" >"$runtime/credential.json"
# The bucket encrypts it with its key.
aws s3 cp --only-show-errors --content-type application/json "$runtime/credential.json" "s3://$CONTROL_BUCKET/airflow/credential.json"
rm "$runtime/credential.json"
echo "Airflow starts; its key for tonight is valid until $valid_until"
