import { expect } from "chai";
import { bucketNames } from "../../infra/storage/buckets.ts";
import { arnOf, idOf } from "../../infra/testing/record.ts";
import { environments, runFoundation } from "../../infra/testing/stacks.ts";

for (const environment of environments) {
  describe(`the foundation, ${environment}`, () => {
    const prefix = `sales-etl-${environment}`;
    const running = runFoundation(environment);

    it("is a key, a network, buckets, a warehouse, two registries, events, alerts and a budget", async () => {
      const { resources } = await running;
      const top = resources.filter(({ parent, type }) => parent === undefined && !type.startsWith("pulumi:"));
      expect(top.map(({ type, name }) => `${type} ${name}`)).to.have.members([
        `sales-etl:common:EncryptionKey ${prefix}`,
        `sales-etl:network:Network ${prefix}-network`,
        `sales-etl:storage:Buckets ${prefix}`,
        `sales-etl:host:ImageRepository ${prefix}-airflow`,
        `sales-etl:host:ImageRepository ${prefix}-superset`,
        `sales-etl:common:AlertsTopic ${prefix}-alerts`,
        `sales-etl:warehouse:Warehouse ${prefix}`,
        `sales-etl:observe:PipelineBus ${prefix}-events`,
        `sales-etl:observe:EventLog ${prefix}`,
        `sales-etl:observe:CostBudget ${prefix}`,
      ]);
    });

    it(`is ${environment === "prod" ? "" : "not "}protected`, async () => {
      const { resources } = await running;
      const made = resources.filter(({ type }) => !type.startsWith("pulumi:"));
      expect(new Set(made.map((resource) => resource.protect))).to.deep.equal(new Set([environment === "prod"]));
    });

    it("keeps files as long as the settings say", async () => {
      const { inputsOf } = await running;
      expect(inputsOf(`${prefix}-landing-lifecycle`).rules[1].expiration).to.deep.equal({
        days: { dev: 30, prod: 730 }[environment],
      });
    });

    it("tells other stacks where everything is", async () => {
      const { result } = await running;
      const repository = (name: string) => ({
        arn: arnOf(`${prefix}-${name}-repository`),
        url: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${prefix}-${name}-repository`,
      });
      const bucket = (name: string) => ({ arn: arnOf(`${prefix}-${name}-bucket`), name: `${prefix}-${name}-bucket` });
      expect(result).to.deep.equal({
        kmsKeyArn: arnOf(`${prefix}-key`),
        network: {
          vpcId: `${prefix}-network-vpc-id`,
          subnetIds: [0, 1].map((zone) => idOf("aws:ec2/subnet:", `${prefix}-network-public-${zone}`)),
          s3PrefixListId: `pl-${prefix}-network-s3`,
        },
        buckets: Object.fromEntries(bucketNames.map((name) => [name, bucket(name)])),
        databaseName: prefix.replaceAll("-", "_"),
        rawDatabaseName: `${prefix.replaceAll("-", "_")}_raw`,
        crawlerName: `${prefix}-raw-crawler-crawler`,
        repositories: { airflow: repository("airflow"), superset: repository("superset") },
        workGroupName: `${prefix}-queries`,
        bus: { arn: arnOf(`${prefix}-events-bus`), name: prefix },
        alertsTopicArn: arnOf(`${prefix}-alerts-topic`),
        // What Pulumi prints last is what to do next.
        next: `npm run deploy -- up ${environment} pipeline`,
      });
    });
  });
}
