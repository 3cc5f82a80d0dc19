import { deployedDataset } from "../../infra/deployed-dataset.ts";
import { awsProvider } from "../../infra/provider.ts";
import { reference } from "../../infra/references.ts";
import { prefixOf, settings } from "../../infra/settings.ts";
import { Source } from "../../infra/source/source.ts";

const config = settings();
const opts = { provider: awsProvider(config) };
const foundation = reference<typeof import("../foundation/index.ts")>("sales-etl");
const landing = foundation.requireOutput("buckets").landing;
const kmsKeyArn = foundation.requireOutput("kmsKeyArn");

const { source, timeZone } = config;
const made = new Source(
  prefixOf(config),
  { source, dataset: deployedDataset(config), landing, kmsKeyArn, timeZone },
  opts,
);

/** Of the role that writes to the landing, and the task in Snowflake; only where the settings ask for one. */
export const [writerRoleArn, exportTask] = [made.roleArn, made.taskName];
