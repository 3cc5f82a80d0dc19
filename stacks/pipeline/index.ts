import { fileURLToPath } from "node:url";
import { lambdaBundle } from "../../infra/common/lambda-bundle.ts";
import { ManifestRule } from "../../infra/gate/manifest-rule.ts";
import { ValidateLanding } from "../../infra/gate/validate-landing.ts";
import { NightlySchedule } from "../../infra/power/nightly-schedule.ts";
import { awsProvider } from "../../infra/provider.ts";
import { reference } from "../../infra/references.ts";
import { prefixOf, settings } from "../../infra/settings.ts";
import { EmrSecurityGroups } from "../../infra/transform/emr-security-groups.ts";
import { NightlyTransform } from "../../infra/transform/nightly-transform.ts";

const config = settings();
const { emr, tags, timeZone, logRetentionDays } = config;
const prefix = prefixOf(config);
const opts = { provider: awsProvider(config) };

const foundation = reference<typeof import("../foundation/index.ts")>("sales-etl");
const [landing, control] = [foundation.requireOutput("landingBucket"), foundation.requireOutput("controlBucket")];
const artifacts = foundation.requireOutput("artifactsBucket");
const warehouse = foundation.requireOutput("warehouseBucket");
const logs = foundation.requireOutput("logsBucket");
const eventBus = foundation.requireOutput("bus");
const databaseName = foundation.requireOutput("databaseName");
const [kmsKeyArn, alertsTopicArn] = [foundation.requireOutput("kmsKeyArn"), foundation.requireOutput("alertsTopicArn")];

const gate = { code: lambdaBundle("validate-landing"), landing, control, eventBus, timeZone };
const common = { kmsKeyArn, alertsTopicArn, logRetentionDays };
const validate = new ValidateLanding(`${prefix}-validate-landing`, { ...gate, ...common }, opts);
new ManifestRule(`${prefix}-manifest`, { landingBucketName: landing.name, target: validate }, opts);

const when = { hour: config.nightlyHour, timeZone: config.nightlyTimeZone };
new NightlySchedule(`${prefix}-nightly`, { ...when, target: validate, kmsKeyArn }, opts);

const contract = fileURLToPath(import.meta.resolve("@sales-etl/etl-core/generated/spark/retail.json"));
const network = foundation.requireOutput("network");
const privateSubnets = config.network === "private";
const groups = new EmrSecurityGroups(`${prefix}-emr`, { vpcId: network.vpcId, privateSubnets }, opts);
const cluster = { ...emr, namePrefix: prefix, tags };
const buckets = { landing, warehouse, artifacts, logs };
const transform = new NightlyTransform(
  prefix,
  {
    cluster,
    network: { subnetIds: network.subnetIds, securityGroups: groups.ids },
    buckets,
    databaseName,
    contract,
    kmsKeyArn,
  },
  opts,
);

export const validateLandingFunctionName = validate.functionName;
export const jobFlowUri = transform.jobFlowUri;
