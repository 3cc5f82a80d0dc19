import type * as pulumi from "@pulumi/pulumi";
import { findRelease, releaseProblems } from "./emr-release.find.ts";

export interface EmrReleaseInputs {
  readonly region: string;
  /** `emr-spark-8.1.0` */
  readonly release: string;
  /** All types that a fleet may take. */
  readonly instanceTypes: readonly string[];
}

export interface EmrReleaseOutputs extends EmrReleaseInputs {
  /** Of the applications, by name: `{"Spark": "4.0.1"}`. */
  readonly applications: Readonly<Record<string, string>>;
}

/**
 * Makes nothing: asks EMR whether there is such a release in the region, with what the Spark job needs and on these
 * instances, in the preview already instead of in the first night.
 *
 * Pulumi runs the text of these methods in another process: see IcebergTable's.
 */
export const emrReleaseProvider: pulumi.dynamic.ResourceProvider<EmrReleaseInputs, EmrReleaseOutputs> = {
  async check(_, news) {
    return { inputs: news, failures: releaseProblems(news, await findRelease(news)) };
  },
  async diff(_, olds, news) {
    const { region, release, instanceTypes } = olds;
    const before = JSON.stringify([region, release, instanceTypes]);
    return { changes: before !== JSON.stringify([news.region, news.release, news.instanceTypes]) };
  },
  async create(inputs) {
    const found = await findRelease(inputs);
    return { id: inputs.release, outs: { ...inputs, applications: found?.applications ?? {} } };
  },
  async update(_, __, news) {
    const found = await findRelease(news);
    return { outs: { ...news, applications: found?.applications ?? {} } };
  },
};
