import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { warehousePrefix } from "@sales-etl/etl-core/emr";
import { AlertsTopic } from "../../infra/common/alerts-topic.ts";
import { EncryptionKey } from "../../infra/common/encryption-key.ts";
import { SecureBucket } from "../../infra/common/secure-bucket.ts";
import { Network } from "../../infra/network/network.ts";
import { awsProvider } from "../../infra/provider.ts";
import { prefixOf, settings } from "../../infra/settings.ts";
import { Catalog } from "../../infra/warehouse/catalog.ts";

const config = settings();
const prefix = prefixOf(config);
const opts = { provider: awsProvider(config), protect: config.environment === "prod" };

const key = new EncryptionKey(prefix, { description: `All that ${prefix} stores` }, opts);
const { network: kind, networkRange: range, logRetentionDays } = config;
const vpc = new Network(`${prefix}-network`, { kind, range, kmsKeyArn: key.arn, logRetentionDays }, opts);
const bucket = (name: string, args: { expireAfterDays?: number; notifyEventBridge?: boolean } = {}) =>
  new SecureBucket(`${prefix}-${name}`, { kmsKeyArn: key.arn, ...args }, opts);

const landing = bucket("landing", { expireAfterDays: config.landingRetentionDays, notifyEventBridge: true });
const warehouse = bucket("warehouse");
const control = bucket("control");
const artifacts = bucket("artifacts");
const logs = bucket("logs", { expireAfterDays: config.logRetentionDays });
const locationUri = pulumi.interpolate`s3://${warehouse.bucketName}/${warehousePrefix}`;
const catalog = new Catalog(`${prefix}-catalog`, { databaseName: prefix.replaceAll("-", "_"), locationUri }, opts);
const eventBus = new aws.cloudwatch.EventBus(`${prefix}-events`, { name: prefix }, opts);
const alerts = new AlertsTopic(`${prefix}-alerts`, { kmsKeyArn: key.arn, email: config.alertsEmail }, opts);

export const kmsKeyArn = key.arn;
export const network = { vpcId: vpc.vpcId, subnetIds: vpc.subnetIds, s3PrefixListId: vpc.s3PrefixListId };
const refer = ({ arn, bucketName: name }: SecureBucket) => ({ arn, name });
export const landingBucket = refer(landing);
export const warehouseBucket = refer(warehouse);
export const controlBucket = refer(control);
export const artifactsBucket = refer(artifacts);
export const logsBucket = refer(logs);
export const databaseName = catalog.databaseName;
export const bus = { arn: eventBus.arn, name: eventBus.name };
export const alertsTopicArn = alerts.arn;
