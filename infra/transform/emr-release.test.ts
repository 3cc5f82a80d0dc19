/** The provider with the SDK's own client against an EMR that knows one release. */
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { awsStandIn } from "../testing/aws-stand-in.ts";
import { record } from "../testing/record.ts";
import { emrReleaseProvider as provider } from "./emr-release.provider.ts";
import { EmrRelease } from "./emr-release.ts";

const wanted = { region: "eu-central-1", release: "emr-spark-8.1.0", instanceTypes: ["m6g.xlarge", "m7g.xlarge"] };

describe("EmrRelease", () => {
  let applications: Readonly<Record<string, string>> = {};
  const operations: Record<string, (input: Record<string, string>) => object> = {
    DescribeReleaseLabel: ({ ReleaseLabel }) =>
      ReleaseLabel === wanted.release
        ? { Applications: Object.entries(applications).map(([Name, Version]) => ({ Name, Version })) }
        : { __type: "InvalidRequestException", message: "no such release" },
    // Two pages, as AWS gives hundreds.
    ListSupportedInstanceTypes: ({ Marker }) =>
      Marker === undefined
        ? { SupportedInstanceTypes: [{ Type: "m6g.xlarge" }], Marker: "2" }
        : { SupportedInstanceTypes: [{ Type: "m7g.xlarge" }] },
  };

  awsStandIn(operations);
  beforeEach(() => {
    applications = { Spark: "4.0.1", Iceberg: "1.10.0" };
  });

  const check = async (news: typeof wanted) =>
    ((await provider.check?.(news, news))?.failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);

  it("takes a release that runs the job, and tells its versions", async () => {
    expect(await check(wanted)).to.deep.equal([]);
    const { id, outs } = await provider.create(wanted);
    expect([id, outs]).to.deep.equal([wanted.release, { ...wanted, applications }]);
    expect(await provider.diff?.(id, { ...wanted, applications }, wanted)).to.deep.equal({ changes: false });
    const other = { ...wanted, instanceTypes: ["m7g.xlarge"] };
    expect(await provider.diff?.(id, { ...wanted, applications }, other)).to.deep.equal({ changes: true });
  });

  it("refuses one that does not exist", async () => {
    expect(await check({ ...wanted, release: "emr-9.9.9" })).to.deep.equal([
      "release: emr-9.9.9 does not exist in eu-central-1: choose another emr.release",
    ]);
  });

  it("refuses one with an older Spark or without Iceberg, and an instance that it does not run on", async () => {
    applications = { Spark: "3.4.9" };
    expect(await check({ ...wanted, instanceTypes: ["m7g.xlarge", "m9g.xlarge"] })).to.deep.equal([
      "release: emr-spark-8.1.0 has Spark 3.4.9; the job needs 3.5 or newer",
      "release: emr-spark-8.1.0 has no Iceberg; the job needs 1.4 or newer",
      "instanceTypes: emr-spark-8.1.0 does not run on m9g.xlarge in eu-central-1",
    ]);
  });

  it("compares versions as numbers, with AWS' own endings", async () => {
    applications = { Spark: "3.5.6-amzn-1", Iceberg: "1.10.0-amzn-0" };
    expect(await check(wanted)).to.deep.equal([]);
  });

  it("is small as text, and asks for all types of the fleets once", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => provider);
    expect(text.length).to.be.lessThan(10_000);
    const { inputsOf } = await record(() => {
      const types = ["m7g.xlarge", "m6g.xlarge"];
      const instances = { primary: { types }, core: { types }, task: { types: ["r7g.xlarge"], count: 1 } };
      new EmrRelease("own", { region: "eu-central-1", release: "emr-spark-8.1.0", instances });
    });
    expect(inputsOf("own")).to.deep.include({ instanceTypes: ["m6g.xlarge", "m7g.xlarge", "r7g.xlarge"] });
  });
});
