import { readFileSync } from "node:fs";
import path from "node:path";
import { file, firstBoot, variables } from "./first-boot.ts";
import { metricsNamespace } from "./host-alarms.ts";

const folder = path.resolve(import.meta.dirname, "../../airflow/host");

/** Images beside Airflow's own, from AWS' copy of Docker's official ones. */
export const images = {
  postgres: "public.ecr.aws/docker/library/postgres:17.6-alpine",
  compose: "public.ecr.aws/docker/library/docker:28.5.1-cli",
} as const;

export interface UserDataArgs {
  readonly region: string;
  /** By digest. */
  readonly airflowImage: string;
  /** `s3://...` of the rendered job flow. */
  readonly jobFlowUri: string;
  readonly controlBucket: string;
  readonly logsBucket: string;
  readonly logGroup: string;
  readonly eventBus: string;
  /** Of the raw tables. */
  readonly crawler: string;
  /** Under which watch.sh tells how the host is. */
  readonly hostName: string;
}

/** The user inside Airflow's image, see airflow/Dockerfile. */
const airflowUid = 50_000;

/** The host is off long before. */
const credentialHours = 18;

/**
 * What the host does at its first boot: installs Docker, writes Airflow's settings, and a unit that runs
 * airflow/host/boot.sh at every boot; another one tells every minute how the host is. Holds no secret: anybody on the host can read it.
 */
export function userData(args: UserDataArgs): string {
  const hostEnv = {
    AWS_REGION: args.region,
    AIRFLOW_IMAGE: args.airflowImage,
    AIRFLOW_UID: String(airflowUid),
    POSTGRES_IMAGE: images.postgres,
    COMPOSE_IMAGE: images.compose,
    JOB_FLOW_URI: args.jobFlowUri,
    CONTROL_BUCKET: args.controlBucket,
    CREDENTIAL_HOURS: String(credentialHours),
    LOG_GROUP: args.logGroup,
    HOST_NAME: args.hostName,
    METRICS_NAMESPACE: metricsNamespace,
  };
  const deploymentEnv = {
    AWS_DEFAULT_REGION: args.region,
    SALES_ETL_EVENT_BUS: args.eventBus,
    SALES_ETL_CRAWLER: args.crawler,
    AIRFLOW__LOGGING__REMOTE_LOGGING: "True",
    AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER: `s3://${args.logsBucket}/airflow`,
    AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID: "aws_default",
    AIRFLOW__LOGGING__ENCRYPT_S3_LOGS: "False",
  };
  const files = [
    ...file("/etc/sales-etl/host.env", variables(hostEnv)),
    ...file("/etc/sales-etl/deployment.env", variables(deploymentEnv)),
    ...file("/etc/sales-etl/airflow.env", source("airflow.env")),
    ...file("/etc/sales-etl/compose.yaml", source("compose.yaml")),
    ...file("/opt/sales-etl/boot.sh", source("boot.sh")),
    ...file("/opt/sales-etl/watch.sh", source("watch.sh")),
    ...file("/etc/systemd/system/sales-etl-watch.service", source("sales-etl-watch.service")),
    ...file("/etc/systemd/system/sales-etl-watch.timer", source("sales-etl-watch.timer")),
  ];
  return firstBoot(files, ["sales-etl-watch.timer"]);
}

const source = (name: string) => readFileSync(path.join(folder, name), "utf8");
