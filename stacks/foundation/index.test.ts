import { expect } from "chai";
import { arnOf, idOf } from "../../infra/testing/record.ts";
import { environments, runFoundation } from "../../infra/testing/stacks.ts";

for (const environment of environments) {
  describe(`the foundation, ${environment}`, () => {
    const prefix = `sales-etl-${environment}`;
    const running = runFoundation(environment);

    it("is a key, a network, five buckets, a catalog, an event bus and alerts", async () => {
      const { resources } = await running;
      const top = resources.filter(({ parent, type }) => parent === undefined && !type.startsWith("pulumi:"));
      expect(top.map(({ type, name }) => `${type} ${name}`)).to.have.members([
        `sales-etl:common:EncryptionKey ${prefix}`,
        `sales-etl:network:Network ${prefix}-network`,
        `sales-etl:common:SecureBucket ${prefix}-landing`,
        `sales-etl:common:SecureBucket ${prefix}-warehouse`,
        `sales-etl:common:SecureBucket ${prefix}-control`,
        `sales-etl:common:SecureBucket ${prefix}-artifacts`,
        `sales-etl:common:SecureBucket ${prefix}-logs`,
        `sales-etl:warehouse:Catalog ${prefix}-catalog`,
        `sales-etl:common:AlertsTopic ${prefix}-alerts`,
        `aws:cloudwatch/eventBus:EventBus ${prefix}-events`,
      ]);
    });

    it(`is ${environment === "prod" ? "" : "not "}protected`, async () => {
      const { resources } = await running;
      const made = resources.filter(({ type }) => !type.startsWith("pulumi:"));
      expect(new Set(made.map((resource) => resource.protect))).to.deep.equal(new Set([environment === "prod"]));
    });

    it("never deletes a bucket with what is in it, and tells EventBridge what lands", async () => {
      const { resources, inputsOf } = await running;
      const buckets = resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
      expect(buckets.map(({ inputs }) => inputs.forceDestroy)).to.deep.equal([false, false, false, false, false]);
      const notifications = resources.filter(({ type }) => type === "aws:s3/bucketNotification:BucketNotification");
      expect(notifications.map(({ name }) => name)).to.deep.equal([`${prefix}-landing-notification`]);
      expect(inputsOf(`${prefix}-landing-lifecycle`).rules[1].expiration).to.deep.equal({
        days: { dev: 30, prod: 730 }[environment],
      });
      expect(inputsOf(`${prefix}-warehouse-lifecycle`).rules).to.have.length(1);
    });

    it("tells other stacks where everything is", async () => {
      const { result } = await running;
      const bucket = (name: string) => ({ arn: arnOf(`${prefix}-${name}-bucket`), name: `${prefix}-${name}-bucket` });
      expect(result).to.deep.equal({
        kmsKeyArn: arnOf(`${prefix}-key`),
        network: {
          vpcId: `${prefix}-network-vpc-id`,
          subnetIds: [0, 1].map((zone) => idOf("aws:ec2/subnet:", `${prefix}-network-public-${zone}`)),
          s3PrefixListId: undefined,
        },
        landingBucket: bucket("landing"),
        warehouseBucket: bucket("warehouse"),
        controlBucket: bucket("control"),
        artifactsBucket: bucket("artifacts"),
        logsBucket: bucket("logs"),
        databaseName: prefix.replaceAll("-", "_"),
        bus: { arn: arnOf(`${prefix}-events`), name: prefix },
        alertsTopicArn: arnOf(`${prefix}-alerts-topic`),
      });
    });
  });
}
