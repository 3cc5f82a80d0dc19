import { fileURLToPath } from "node:url";
import { lambdaBundle } from "../../infra/common/lambda-bundle.ts";
import { Gate } from "../../infra/gate/gate.ts";
import { AirflowHost } from "../../infra/host/airflow-host.ts";
import { HostImage } from "../../infra/host/host-image.ts";
import { Dashboard } from "../../infra/observe/dashboard.ts";
import { Power } from "../../infra/power/power.ts";
import { awsProvider } from "../../infra/provider.ts";
import { reference } from "../../infra/references.ts";
import { prefixOf, settings } from "../../infra/settings.ts";
import { NightlyTransform } from "../../infra/transform/nightly-transform.ts";

const config = settings();
const { environment, region, logRetentionDays, network: networkKind, host: sizes } = config;
const [prefix, opts] = [prefixOf(config), { provider: awsProvider(config) }];
const foundation = reference<typeof import("../foundation/index.ts")>("sales-etl");
const [network, buckets] = [foundation.requireOutput("network"), foundation.requireOutput("buckets")];
const [eventBus, kmsKeyArn] = [foundation.requireOutput("bus"), foundation.requireOutput("kmsKeyArn")];
const common = { kmsKeyArn, alertsTopicArn: foundation.requireOutput("alertsTopicArn"), logRetentionDays };
const place = { environment, region, timeZone: config.timeZone, network, networkKind, buckets, eventBus };

const tags = { ...config.tags, project: "sales-etl", environment };
const cluster = { ...config.emr, namePrefix: prefix, tags };
const contract = fileURLToPath(import.meta.resolve("@sales-etl/etl-core/generated/spark/retail.json"));
const databaseName = foundation.requireOutput("databaseName");
const transform = new NightlyTransform(prefix, { cluster, contract, databaseName, ...place, kmsKeyArn }, opts);

const repository = foundation.requireOutput("repositories").airflow;
const image = new HostImage(`${prefix}-airflow`, { repositoryUrl: repository.url, folder: "airflow" }, opts).digest;
const night = { emr: transform.roles, jobFlowUri: transform.jobFlowUri, image, repositoryArn: repository.arn };
const host = new AirflowHost(`${prefix}-airflow-host`, { settings: sizes, ...night, ...place, ...common }, opts);

const code = { validateLanding: lambdaBundle("validate-landing"), triggerDag: lambdaBundle("trigger-dag") };
const callers = { subnetIds: network.subnetIds, securityGroupIds: [host.callerGroupId] };
const checks = { ...config, ...config.gate };
const gate = new Gate(prefix, { code, checks, ...place, host, network: callers, ...common }, opts);

const limits = { ...sizes, ...config.gate, maxClusterHours: sizes.maxHours };
const onOff = { code: lambdaBundle("host-power"), instanceId: host.instanceId, control: buckets.control };
const power = new Power(prefix, { ...config, ...limits, ...onOff, ...place, ...common }, opts);

export const functionNames = { ...gate.functionNames, hostPower: power.functionName };
export const [airflowInstanceId, jobFlowUri] = [host.instanceId, transform.jobFlowUri];
const workGroupName = foundation.requireOutput("workGroupName");
const shown = { landingLogGroup: `/aws/lambda/${prefix}-validate-landing`, airflowInstanceId, workGroupName };
new Dashboard(prefix, { functions: functionNames, ...shown }, opts);
