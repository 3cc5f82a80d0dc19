import { Superset } from "../../infra/bi/superset.ts";
import { HostImage } from "../../infra/host/host-image.ts";
import { awsProvider } from "../../infra/provider.ts";
import { reference } from "../../infra/references.ts";
import { prefixOf, settings } from "../../infra/settings.ts";

const config = settings();
const { bi, timeZone, network: networkKind, logRetentionDays } = config;
const [name, opts] = [`${prefixOf(config)}-superset`, { provider: awsProvider(config) }];
const foundation = reference<typeof import("../foundation/index.ts")>("sales-etl");
const place = { network: foundation.requireOutput("network"), networkKind, timeZone };
const kmsKeyArn = foundation.requireOutput("kmsKeyArn");
const common = { kmsKeyArn, alertsTopicArn: foundation.requireOutput("alertsTopicArn"), logRetentionDays };
const warehouse = {
  workGroupName: foundation.requireOutput("workGroupName"),
  databaseName: foundation.requireOutput("databaseName"),
  buckets: foundation.requireOutput("buckets"),
};

const repository = foundation.requireOutput("repositories").superset;
const { digest } = new HostImage(name, { repositoryUrl: repository.url, folder: "superset" }, opts);
const program = { image: digest, repositoryArn: repository.arn };
const superset = new Superset(name, { settings: bi, ...program, ...warehouse, ...place, ...common }, opts);

export const supersetInstanceId = superset.instanceId;
/** Of the secret with the password of `admin`, and the name to which a name of yours can point. */
export const [adminSecretName, balancerName] = [superset.secretName, superset.dnsName];
