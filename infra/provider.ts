import * as aws from "@pulumi/aws";
import { environmentTags } from "@sales-etl/etl-core/emr";
import { prefixOf, type Settings } from "./settings.ts";

/** AWS in the region of the settings; it tags all that it makes. */
export const awsProvider = (settings: Settings): aws.Provider =>
  new aws.Provider(prefixOf(settings), {
    region: settings.region,
    defaultTags: { tags: { ...settings.tags, ...environmentTags(settings.environment) } },
  });
