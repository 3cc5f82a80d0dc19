#!/bin/bash
# Every minute that the host is on, as root: tells CloudWatch how full the host is, and what of Airflow is not well.
# The alarms of infra/host/host-alarms.ts look at these numbers. Settings: /etc/sales-etl/host.env.
set -euo pipefail
configuration=${SALES_ETL_CONFIGURATION:-/etc/sales-etl}
set -a
# shellcheck source=/dev/null
. "$configuration/host.env"
set +a
proc=${SALES_ETL_PROC:-/proc}
health_url=${SALES_ETL_HEALTH_URL:-http://127.0.0.1:8080/api/v2/monitor/health}

disk=$(df --output=pcent / | tail -n 1 | tr -dc '0-9')
memory=$(awk '/^MemTotal:/ { all = $2 } /^MemAvailable:/ { free = $2 } END { printf "%d", 100 * (all - free) / all }' "$proc/meminfo")

# All of compose.yaml but the one that migrates and ends.
running=$(docker ps --filter status=running --format '{{.Label "com.docker.compose.service"}}') || running=
down=0
for service in postgres api-server scheduler dag-processor triggerer; do
  grep --quiet --line-regexp "$service" <<<"$running" || down=$((down + 1))
done

# Airflow says of its four parts whether they beat; who does not answer has none that does.
health=$(curl --silent --max-time 10 "$health_url") || health=
healthy=$(grep --only-matching '"status": *"healthy"' <<<"$health" | wc -l) || healthy=0
unhealthy=$((healthy < 4 ? 4 - healthy : 0))

dimensions="Dimensions=[{Name=Host,Value=$HOST_NAME}]"
aws cloudwatch put-metric-data --region "$AWS_REGION" --namespace "$METRICS_NAMESPACE" --metric-data \
  "MetricName=DiskUsed,Unit=Percent,Value=$disk,$dimensions" \
  "MetricName=MemoryUsed,Unit=Percent,Value=$memory,$dimensions" \
  "MetricName=ContainersDown,Unit=Count,Value=$down,$dimensions" \
  "MetricName=AirflowUnhealthy,Unit=Count,Value=$unhealthy,$dimensions"
