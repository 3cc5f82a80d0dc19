#!/bin/bash
# Runs at every boot of the host, as root: makes this night's secrets, starts Airflow and hands its key to trigger-dag.
set -euo pipefail
# shellcheck source=../../infra/host/common.sh
. "${SALES_ETL_PROGRAMS:-/opt/sales-etl}/common.sh"

database_password=$(database_password airflow)
# All else is made anew at each boot: what somebody learned last night is worth nothing tonight.
cat >"$runtime/secrets.env" <<EOF
AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql+psycopg2://airflow:$database_password@127.0.0.1/airflow
AIRFLOW__API__SECRET_KEY=$(secret)
AIRFLOW__API_AUTH__JWT_SECRET=$(secret 64)
AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=$runtime/passwords.json
SALES_ETL_JOB_FLOW=$runtime/job_flow.json
EOF
password=$(secret)
printf '{"admin": "%s", "trigger-dag": "%s"}\n' "$(secret)" "$password" >"$runtime/passwords.json"

aws s3 cp --only-show-errors "$JOB_FLOW_URI" "$runtime/job_flow.json"
# The containers' user: Airflow writes nothing there that it does not find, but opens the file to write.
chown "$AIRFLOW_UID" "$runtime/passwords.json" "$runtime/job_flow.json"

start_containers "$AIRFLOW_IMAGE"

valid_until=$(date --utc --date "+$CREDENTIAL_HOURS hours" +%Y-%m-%dT%H:%M:%SZ)
printf '{"username": "trigger-dag", "password": "%s", "validUntil": "%s"}\n' "$password" "$valid_until" >"$runtime/credential.json"
# The bucket encrypts it with its key.
aws s3 cp --only-show-errors --content-type application/json "$runtime/credential.json" "s3://$CONTROL_BUCKET/airflow/credential.json"
rm "$runtime/credential.json"
echo "Airflow starts; its key for tonight is valid until $valid_until"
