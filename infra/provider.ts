import * as aws from "@pulumi/aws";
import { prefixOf, type Settings } from "./settings.ts";

/** AWS in the region of the settings; it tags all that it makes. */
export const awsProvider = (settings: Settings): aws.Provider =>
  new aws.Provider(prefixOf(settings), {
    region: settings.region,
    defaultTags: { tags: { ...settings.tags, project: "sales-etl", environment: settings.environment } },
  });
