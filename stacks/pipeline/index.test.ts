import { expect } from "chai";
import { idOf } from "../../infra/testing/record.ts";
import { environments, runPipeline } from "../../infra/testing/stacks.ts";

for (const environment of environments) {
  describe(`the pipeline, ${environment}`, () => {
    const prefix = `sales-etl-${environment}`;
    const running = runPipeline(environment);

    it("is the night's cluster, the host of Airflow, the gate and the power switch", async () => {
      const { resources } = await running;
      const top = resources.filter(({ parent, type }) => parent === undefined && !type.startsWith("pulumi:"));
      expect(top.map(({ type, name }) => `${type} ${name}`)).to.have.members([
        `sales-etl:transform:NightlyTransform ${prefix}`,
        `sales-etl:host:HostImage ${prefix}-airflow`,
        `sales-etl:host:AirflowHost ${prefix}-airflow-host`,
        `sales-etl:gate:Gate ${prefix}`,
        `sales-etl:power:Power ${prefix}`,
        `sales-etl:observe:Dashboard ${prefix}`,
      ]);
    });

    it("can be destroyed: what must outlive it is in the foundation", async () => {
      const { resources } = await running;
      expect(resources.filter(({ protect }) => protect)).to.deep.equal([]);
      expect(resources.filter(({ type }) => type === "aws:s3/bucket:Bucket")).to.deep.equal([]);
    });

    it("connects the parts", async () => {
      const { inputsOf, result } = await running;
      const variables = (name: string) => inputsOf(`${prefix}-${name}-function`).environment.variables;
      expect(variables("validate-landing")).to.deep.equal({
        LANDING_BUCKET: `${prefix}-landing-bucket`,
        CONTROL_BUCKET: `${prefix}-control-bucket`,
        EVENT_BUS_NAME: prefix,
        TIME_ZONE: "UTC",
        ...{ SOURCE_SETTINGS: "{}", LOOK_BACK_DAYS: "14", LARGEST_TABLE_MIB: "2048", VOLUME_FACTOR: "3" },
        ...{ PUBLISHED_BY_HOUR: "6", NIGHTLY_TIME_ZONE: "UTC" },
      });
      const instanceId = idOf("aws:ec2/instance:", `${prefix}-airflow-host-instance`);
      expect(variables("trigger-dag")).to.include({ AIRFLOW_URL: "http://10.20.0.7:8080" });
      expect(variables("host-power")).to.include({ INSTANCE_ID: instanceId, ENVIRONMENT: environment });
      const started = JSON.parse(inputsOf(`${prefix}-host-runs-rule`).eventPattern);
      expect(started.detail["instance-id"]).to.deep.equal([instanceId]);
      expect(inputsOf(`${prefix}-trigger-dag-function`).vpcConfig.securityGroupIds).to.deep.equal([
        `${prefix}-airflow-host-access-caller-id`,
      ]);
      expect(inputsOf(`${prefix}-nightly-schedule`)).to.include({
        scheduleExpression: "cron(0 2 * * ? *)",
        scheduleExpressionTimezone: "UTC",
      });
      expect(result).to.deep.equal({
        functionNames: {
          validateLanding: `${prefix}-validate-landing-function`,
          triggerDag: `${prefix}-trigger-dag-function`,
          hostPower: `${prefix}-host-power-function`,
        },
        airflowInstanceId: instanceId,
        jobFlowUri: `s3://${prefix}-artifacts-bucket/airflow/job_flow.json`,
      });
    });

    it("tags clusters as the switch and the host know them", async () => {
      const { inputsOf } = await running;
      const { Tags } = JSON.parse(inputsOf(`${prefix}-job-flow-file`).content).jobFlow;
      expect(Tags).to.deep.include.members([
        { Key: "project", Value: "sales-etl" },
        { Key: "environment", Value: environment },
      ]);
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
        EmrManagedMasterSecurityGroup: `${prefix}-emr-groups-primary-group-id`,
        EmrManagedSlaveSecurityGroup: `${prefix}-emr-groups-core-group-id`,
      });
    });
  });
}
