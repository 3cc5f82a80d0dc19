import { expect } from "chai";
import { arnOf, idOf } from "../../infra/testing/record.ts";
import { environments, runPipeline } from "../../infra/testing/stacks.ts";

for (const environment of environments) {
  describe(`the pipeline, ${environment}`, () => {
    const prefix = `sales-etl-${environment}`;
    const running = runPipeline(environment);

    it("is the gate, its two triggers and what the night's cluster needs", async () => {
      const { resources } = await running;
      const top = resources.filter(({ parent, type }) => parent === undefined && !type.startsWith("pulumi:"));
      expect(top.map(({ type, name }) => `${type} ${name}`)).to.have.members([
        `sales-etl:gate:ValidateLanding ${prefix}-validate-landing`,
        `sales-etl:gate:ManifestRule ${prefix}-manifest`,
        `sales-etl:power:NightlySchedule ${prefix}-nightly`,
        `sales-etl:transform:EmrSecurityGroups ${prefix}-emr`,
        `sales-etl:transform:NightlyTransform ${prefix}`,
      ]);
    });

    it("can be destroyed: what must outlive it is in the foundation", async () => {
      const { resources } = await running;
      expect(resources.filter(({ protect }) => protect)).to.deep.equal([]);
      expect(resources.filter(({ type }) => type === "aws:s3/bucket:Bucket")).to.deep.equal([]);
    });

    it("connects the parts", async () => {
      const { inputsOf, result } = await running;
      const lambda = arnOf(`${prefix}-validate-landing-function`);
      expect(inputsOf(`${prefix}-validate-landing-function`).environment.variables).to.deep.equal({
        LANDING_BUCKET: `${prefix}-landing-bucket`,
        CONTROL_BUCKET: `${prefix}-control-bucket`,
        EVENT_BUS_NAME: prefix,
        TIME_ZONE: "UTC",
      });
      expect(JSON.parse(inputsOf(`${prefix}-manifest-rule`).eventPattern).detail.bucket.name).to.deep.equal([
        `${prefix}-landing-bucket`,
      ]);
      expect(inputsOf(`${prefix}-manifest-target`).arn).to.equal(lambda);
      expect(inputsOf(`${prefix}-nightly-schedule`)).to.include({
        scheduleExpression: "cron(0 2 * * ? *)",
        scheduleExpressionTimezone: "UTC",
      });
      expect(inputsOf(`${prefix}-nightly-schedule`).target.arn).to.equal(lambda);
      expect(result).to.deep.equal({
        validateLandingFunctionName: `${prefix}-validate-landing-function`,
        jobFlowUri: `s3://${prefix}-artifacts-bucket/airflow/job_flow.json`,
      });
    });

    it("sizes the cluster by the settings", async () => {
      const { inputsOf } = await running;
      const { jobFlow } = JSON.parse(inputsOf(`${prefix}-job-flow-file`).content);
      expect(jobFlow.Name).to.equal(`${prefix} {{ business_date }}`);
      expect(jobFlow.Instances.InstanceFleets.map(({ Name }: { Name: string }) => Name)).to.deep.equal(
        { dev: ["primary", "core"], prod: ["primary", "core", "task"] }[environment],
      );
      expect(jobFlow.Instances).to.deep.include({
        Ec2SubnetIds: [0, 1].map((zone) => idOf("aws:ec2/subnet:", `${prefix}-network-public-${zone}`)),
        EmrManagedMasterSecurityGroup: `${prefix}-emr-primary-group-id`,
        EmrManagedSlaveSecurityGroup: `${prefix}-emr-core-group-id`,
      });
    });
  });
}
