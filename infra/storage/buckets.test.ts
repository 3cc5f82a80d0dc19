import { expect } from "chai";
import { arnOf, record } from "../testing/record.ts";
import { Buckets, bucketNames } from "./buckets.ts";

describe("Buckets", () => {
  const make = (landingLockDays?: number) =>
    record(
      () =>
        new Buckets("own", {
          kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
          landingRetentionDays: 100,
          landingLockDays,
          logRetentionDays: 14,
        }).refs,
    );

  it("is one bucket for each purpose", async () => {
    const { childrenOf, result } = await make();
    expect(childrenOf("own")).to.have.members(bucketNames.map((name) => `sales-etl:common:SecureBucket own-${name}`));
    expect(result.quarantine).to.deep.equal({ arn: arnOf("own-quarantine-bucket"), name: "own-quarantine-bucket" });
  });

  it("keeps data for its time, tables for ever, and tells of what lands", async () => {
    const { inputsOf, resources } = await make();
    const kept = bucketNames.map((name) => [
      name,
      inputsOf(`own-${name}-lifecycle`).rules[1]?.expiration.days as number | undefined,
    ]);
    expect(Object.fromEntries(kept)).to.deep.equal({
      landing: 100,
      warehouse: undefined,
      quarantine: undefined,
      control: undefined,
      artifacts: undefined,
      logs: 14,
    });
    const notified = resources.filter(({ type }) => type.includes("bucketNotification"));
    expect(notified.map(({ name }) => name)).to.deep.equal(["own-landing-notification"]);
    const buckets = resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(buckets.some(({ inputs }) => inputs.forceDestroy)).to.equal(false);
  });

  it("locks what landed, if it shall", async () => {
    const { inputsOf, resources } = await make(30);
    expect(inputsOf("own-landing-lock")).to.deep.equal({
      bucket: "own-landing-bucket",
      rule: { defaultRetention: { mode: "COMPLIANCE", days: 30 } },
    });
    expect(resources.filter(({ inputs }) => inputs.objectLockEnabled).map(({ name }) => name)).to.deep.equal([
      "own-landing-bucket",
    ]);
    expect((await make()).resources.filter(({ type }) => type.includes("ObjectLock"))).to.deep.equal([]);
  });
});
