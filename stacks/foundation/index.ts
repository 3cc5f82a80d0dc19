import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { warehousePrefix } from "@sales-etl/etl-core/emr";
import { AlertsTopic } from "../../infra/common/alerts-topic.ts";
import { EncryptionKey } from "../../infra/common/encryption-key.ts";
import { ImageRepository } from "../../infra/host/image-repository.ts";
import { Network } from "../../infra/network/network.ts";
import { awsProvider } from "../../infra/provider.ts";
import { prefixOf, settings } from "../../infra/settings.ts";
import { Buckets } from "../../infra/storage/buckets.ts";
import { Catalog } from "../../infra/warehouse/catalog.ts";

const config = settings();
const { landingRetentionDays, landingLockDays, logRetentionDays } = config;
const prefix = prefixOf(config);
const opts = { provider: awsProvider(config), protect: config.environment === "prod" };

const key = new EncryptionKey(prefix, { description: `All that ${prefix} stores` }, opts);
const own = { kmsKeyArn: key.arn, logRetentionDays };
const vpc = new Network(`${prefix}-network`, { kind: config.network, range: config.networkRange, ...own }, opts);
const storage = new Buckets(prefix, { landingRetentionDays, landingLockDays, ...own }, opts);
const locationUri = pulumi.interpolate`s3://${storage.refs.warehouse.name}/${warehousePrefix}`;
const catalog = new Catalog(`${prefix}-catalog`, { databaseName: prefix.replaceAll("-", "_"), locationUri }, opts);
const images = new ImageRepository(`${prefix}-airflow`, { kmsKeyArn: key.arn }, opts);
const eventBus = new aws.cloudwatch.EventBus(`${prefix}-events`, { name: prefix }, opts);
const alerts = new AlertsTopic(`${prefix}-alerts`, { kmsKeyArn: key.arn, email: config.alertsEmail }, opts);

export const kmsKeyArn = key.arn;
export const network = { vpcId: vpc.vpcId, subnetIds: vpc.subnetIds, s3PrefixListId: vpc.s3PrefixListId };
export const buckets = storage.refs;
export const databaseName = catalog.databaseName;
export const airflowRepository = { arn: images.arn, url: images.url };
export const bus = { arn: eventBus.arn, name: eventBus.name };
export const alertsTopicArn = alerts.arn;
