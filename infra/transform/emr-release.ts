import * as pulumi from "@pulumi/pulumi";
import type { InstancesArgs } from "@sales-etl/etl-core/emr";
import { type EmrReleaseInputs, emrReleaseProvider } from "./emr-release.provider.ts";

export interface EmrReleaseArgs {
  readonly region: string;
  readonly release: string;
  readonly instances: InstancesArgs;
}

/** The release of the night's clusters: one that cannot run the job fails in the preview. */
export class EmrRelease extends pulumi.dynamic.Resource {
  constructor(name: string, { region, release, instances }: EmrReleaseArgs, opts?: pulumi.CustomResourceOptions) {
    const { primary, core, task } = instances;
    const types = new Set([...primary.types, ...core.types, ...(task?.types ?? [])]);
    const inputs: EmrReleaseInputs = { region, release, instanceTypes: [...types].sort() };
    super(emrReleaseProvider, name, { ...inputs, applications: undefined }, opts, "sales-etl", "EmrRelease");
  }
}
