# What every host does at a boot, for its boot.sh: `. common.sh`, after `set -euo pipefail`. Settings: host.env.
# Nothing secret is printed: the output is in the log.
umask 077
configuration=${SALES_ETL_CONFIGURATION:-/etc/sales-etl}
runtime=${SALES_ETL_RUNTIME:-/run/sales-etl}
set -a
# shellcheck source=/dev/null
. "$configuration/host.env"
set +a
mkdir -p "$runtime"

# Letters and digits, 40 or as many as are asked for.
secret() { head --bytes 96 /dev/urandom | base64 --wrap 0 | tr -d '/+=' | head --bytes "${1:-40}"; }

# Of the database of that name, whose user has its name; the password lives as long as the database's volume.
database_password() {
  if [ ! -s "$configuration/postgres.env" ]; then
    printf 'POSTGRES_USER=%s\nPOSTGRES_DB=%s\nPOSTGRES_PASSWORD=%s\n' "$1" "$1" "$(secret)" >"$configuration/postgres.env"
  fi
  sed -n 's/^POSTGRES_PASSWORD=//p' "$configuration/postgres.env"
}

# Pulls the host's own image, and starts all that compose.yaml names.
start_containers() {
  aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin "${1%%/*}"
  docker pull --quiet "$1"
  # Amazon Linux has Docker but not its compose command: that comes with Docker's own image.
  docker run --rm --env-file "$configuration/host.env" \
    --volume /var/run/docker.sock:/var/run/docker.sock \
    --volume "$configuration:$configuration:ro" --volume "$runtime:$runtime:ro" \
    "$COMPOSE_IMAGE" docker compose --file "$configuration/compose.yaml" up --detach --remove-orphans
}
