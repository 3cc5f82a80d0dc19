import { AlertsTopic } from "../../infra/common/alerts-topic.ts";
import { DeployRole } from "../../infra/common/deploy-role.ts";
import { EncryptionKey } from "../../infra/common/encryption-key.ts";
import { deployedDataset } from "../../infra/deployed-dataset.ts";
import { ImageRepository } from "../../infra/host/image-repository.ts";
import { Network } from "../../infra/network/network.ts";
import { CostBudget } from "../../infra/observe/budget.ts";
import { PipelineBus } from "../../infra/observe/event-bus.ts";
import { EventLog } from "../../infra/observe/event-log.ts";
import { awsProvider } from "../../infra/provider.ts";
import { deploymentSecrets, prefixOf, settings } from "../../infra/settings.ts";
import { Buckets } from "../../infra/storage/buckets.ts";
import { Warehouse } from "../../infra/warehouse/warehouse.ts";

const config = settings();
const { landingRetentionDays, landingLockDays, logRetentionDays, athenaScanLimitGiB: scanLimitGiB } = config;
const [prefix, opts] = [prefixOf(config), { provider: awsProvider(config), protect: config.environment === "prod" }];

const key = new EncryptionKey(prefix, { description: `All that ${prefix} stores` }, opts);
const [own, secretNames] = [{ kmsKeyArn: key.arn, logRetentionDays }, deploymentSecrets(config)];
const vpc = new Network(`${prefix}-network`, { kind: config.network, range: config.networkRange, ...own }, opts);
const storage = new Buckets(prefix, { landingRetentionDays, landingLockDays, ...own }, opts);
const repository = (of: string) => new ImageRepository(`${prefix}-${of}`, { kmsKeyArn: key.arn }, opts).ref;
const database = {
  dataset: deployedDataset(config),
  databaseName: prefix.replaceAll("-", "_"),
  region: config.region,
  scanLimitGiB,
};
const warehouse = new Warehouse(prefix, { ...database, buckets: storage.refs, kmsKeyArn: key.arn }, opts);
export const bus = new PipelineBus(`${prefix}-events`, { busName: prefix, archiveDays: logRetentionDays }, opts).ref;
new EventLog(prefix, { eventBus: bus, ...own }, opts);
const { monthlyBudgetDollars, environment, github, alertsEmail: email, alertsChat: chat } = config;
const alerts = new AlertsTopic(`${prefix}-alerts`, { kmsKeyArn: key.arn, email, chat }, opts);
new CostBudget(prefix, { monthlyDollars: monthlyBudgetDollars, environment, alertsTopicArn: alerts.arn }, opts);
if (github !== undefined) new DeployRole(`${prefix}-deploy`, { ...github, environment, secretNames }, opts);

export const kmsKeyArn = key.arn;
export const network = { vpcId: vpc.vpcId, subnetIds: vpc.subnetIds, s3PrefixListId: vpc.s3PrefixListId };
export const buckets = storage.refs;
export const databaseName = warehouse.databaseName;
export const repositories = { airflow: repository("airflow"), superset: repository("superset") };
export const [rawDatabaseName, crawlerName] = [warehouse.rawDatabaseName, warehouse.crawlerName];
export const [workGroupName, alertsTopicArn] = [warehouse.workGroupName, alerts.arn];
export const next = `npm run deploy -- up ${environment} pipeline`;
