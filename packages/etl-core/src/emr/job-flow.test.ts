import { expect } from "chai";
import { InvalidPropertiesError } from "../errors.ts";
import { type JobFlowArgs, jobFlow } from "./job-flow.ts";

const smallest: JobFlowArgs = {
  name: "nightly",
  instances: { primary: { types: ["m7g.xlarge"] }, core: { types: ["m7g.xlarge"] } },
  logUri: "s3://my-logs/emr/",
  serviceRole: "emr-service",
  jobFlowRole: "emr-instance",
};

const problemsOf = (args: JobFlowArgs) => {
  try {
    jobFlow(args);
  } catch (error) {
    if (error instanceof InvalidPropertiesError)
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
};

describe("jobFlow", () => {
  it("needs little and ends by itself", () => {
    const onDemand = { OnDemandSpecification: { AllocationStrategy: "lowest-price" } };
    const types = [{ InstanceType: "m7g.xlarge", WeightedCapacity: 1 }];
    expect(jobFlow(smallest)).to.deep.equal({
      Name: "nightly",
      ReleaseLabel: "emr-spark-8.1.0",
      Applications: [{ Name: "Spark" }],
      LogUri: "s3://my-logs/emr/",
      ServiceRole: "emr-service",
      JobFlowRole: "emr-instance",
      Instances: {
        InstanceFleets: [
          {
            Name: "primary",
            InstanceFleetType: "MASTER",
            TargetOnDemandCapacity: 1,
            InstanceTypeConfigs: types,
            LaunchSpecifications: onDemand,
          },
          {
            Name: "core",
            InstanceFleetType: "CORE",
            TargetOnDemandCapacity: 1,
            InstanceTypeConfigs: types,
            LaunchSpecifications: onDemand,
          },
        ],
        KeepJobFlowAliveWhenNoSteps: true,
        TerminationProtected: false,
        UnhealthyNodeReplacement: true,
      },
      ScaleDownBehavior: "TERMINATE_AT_TASK_COMPLETION",
      AutoTerminationPolicy: { IdleTimeout: 900 },
      Configurations: [],
      Tags: [{ Key: "for-use-with-amazon-emr-managed-policies", Value: "true" }],
    });
  });

  it("takes spot task nodes that fall back to on-demand", () => {
    const { Instances } = jobFlow({
      ...smallest,
      instances: { ...smallest.instances, task: { types: ["m7g.xlarge", "m6g.xlarge"], count: 3 } },
    });
    expect(Instances?.InstanceFleets?.[2]).to.deep.equal({
      Name: "task",
      InstanceFleetType: "TASK",
      TargetSpotCapacity: 3,
      InstanceTypeConfigs: [
        { InstanceType: "m7g.xlarge", WeightedCapacity: 1 },
        { InstanceType: "m6g.xlarge", WeightedCapacity: 1 },
      ],
      LaunchSpecifications: {
        SpotSpecification: {
          TimeoutDurationMinutes: 10,
          TimeoutAction: "SWITCH_TO_ON_DEMAND",
          AllocationStrategy: "price-capacity-optimized",
        },
        OnDemandSpecification: { AllocationStrategy: "lowest-price" },
      },
    });
  });

  it("takes the groups of its nodes, and EMR's way to them where it needs one", () => {
    const [primary, core, serviceAccess] = ["sg-1", "sg-2", "sg-3"] as const;
    expect(jobFlow({ ...smallest, securityGroups: { primary, core } }).Instances).to.deep.include({
      EmrManagedMasterSecurityGroup: "sg-1",
      EmrManagedSlaveSecurityGroup: "sg-2",
    });
    const flow = jobFlow({ ...smallest, securityGroups: { primary, core, serviceAccess } });
    expect(flow.Instances).to.have.property("ServiceAccessSecurityGroup", "sg-3");
    expect(jobFlow(smallest).Instances).not.to.have.any.keys(
      "EmrManagedMasterSecurityGroup",
      "EmrManagedSlaveSecurityGroup",
      "ServiceAccessSecurityGroup",
    );
  });

  it("takes scaling, subnets, a security configuration and tags", () => {
    const flow = jobFlow({
      ...smallest,
      release: "emr-7.13.0",
      managedScaling: { minimum: 1, maximum: 8, maximumOnDemand: 2 },
      subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-12345678"],
      securityConfiguration: "at-rest",
      idleTimeoutMinutes: 30,
      tags: { team: "retail" },
    });
    expect(flow.ReleaseLabel).to.equal("emr-7.13.0");
    expect(flow.ManagedScalingPolicy).to.deep.equal({
      ComputeLimits: {
        UnitType: "InstanceFleetUnits",
        MinimumCapacityUnits: 1,
        MaximumCapacityUnits: 8,
        MaximumOnDemandCapacityUnits: 2,
        MaximumCoreCapacityUnits: 8,
      },
    });
    expect(flow.Instances?.Ec2SubnetIds).to.deep.equal(["subnet-0a1b2c3d4e5f60718", "subnet-12345678"]);
    expect(flow.SecurityConfiguration).to.equal("at-rest");
    expect(flow.AutoTerminationPolicy).to.deep.equal({ IdleTimeout: 1800 });
    expect(flow.Tags).to.deep.equal([
      { Key: "team", Value: "retail" },
      { Key: "for-use-with-amazon-emr-managed-policies", Value: "true" },
    ]);
  });

  it("declares the Iceberg catalog; own defaults win", () => {
    const { Configurations } = jobFlow({
      ...smallest,
      iceberg: { warehouse: "s3://my-warehouse/iceberg", database: "sales" },
      sparkDefaults: { "spark.sql.session.timeZone": "Europe/Berlin", "spark.executor.memory": "4g" },
    });
    expect(Configurations).to.deep.equal([
      { Classification: "iceberg-defaults", Properties: { "iceberg.enabled": "true" } },
      {
        Classification: "spark-defaults",
        Properties: {
          "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
          "spark.sql.catalog.glue_catalog": "org.apache.iceberg.spark.SparkCatalog",
          "spark.sql.catalog.glue_catalog.type": "glue",
          "spark.sql.catalog.glue_catalog.warehouse": "s3://my-warehouse/iceberg",
          "spark.sql.catalog.glue_catalog.default-namespace": "sales",
          "spark.sql.catalog.glue_catalog.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
          "spark.sql.session.timeZone": "Europe/Berlin",
          "spark.executor.memory": "4g",
        },
      },
    ]);
  });

  it("belongs to an environment whatever the tags say, so that a forgotten cluster is found", () => {
    const tags = { team: "retail", environment: "elsewhere" };
    expect(jobFlow({ ...smallest, environment: "dev", tags }).Tags).to.deep.equal([
      { Key: "team", Value: "retail" },
      { Key: "environment", Value: "dev" },
      { Key: "project", Value: "sales-etl" },
      { Key: "for-use-with-amazon-emr-managed-policies", Value: "true" },
    ]);
  });

  it("names every mistake at once", () => {
    expect(
      problemsOf({
        name: "",
        environment: "Dev stage",
        release: "8.1.0",
        instances: {
          primary: { types: [] },
          core: { types: ["m7g.xlarge", "m7i.xlarge", "m7g.2xlarge"], count: 0 },
          task: { types: ["t4g.xlarge", "r7gd.xlarge", "r7gd.xlarge"], count: 1.5, spotTimeoutMinutes: 4 },
        },
        managedScaling: { minimum: 0, maximum: 1001, maximumCore: 1002 },
        subnetIds: ["subnet-12345678", "sg-12345678"],
        logUri: "s3://my-logs/emr",
        serviceRole: "",
        jobFlowRole: "",
        iceberg: { warehouse: "/warehouse", database: "Sales-Etl" },
        idleTimeoutMinutes: 0,
        tags: { "aws:mine": "x" },
      }),
    ).to.deep.equal([
      "name: has 0 characters; EMR takes 1 to 256",
      "release: 8.1.0 is no release label such as emr-spark-8.1.0 or emr-7.13.0",
      "environment: Dev stage is no name of a-z, 0-9 and -",
      "instances.primary.types: has 0 types; a fleet takes 1 to 30",
      "instances.core.types[1]: m7i.xlarge is no Graviton type that EMR runs, such as m7g.xlarge",
      "instances.core.types: mixes the sizes xlarge, 2xlarge; capacity counts instances, so a fleet needs one size",
      "instances.core.count: 0 is no whole number from 1 to 1000",
      "instances.task.types[0]: t4g.xlarge is no Graviton type that EMR runs, such as m7g.xlarge",
      "instances.task.types[2]: r7gd.xlarge is there twice",
      "instances.task.count: 1.5 is no whole number from 0 to 1000",
      "instances.task.spotTimeoutMinutes: 4 is no whole number of minutes from 5 to 1440",
      "subnetIds[1]: sg-12345678 is no subnet id",
      "logUri: s3://my-logs/emr is no s3:// URI that ends in /",
      "serviceRole: is empty",
      "jobFlowRole: is empty",
      "iceberg.warehouse: /warehouse is no s3:// URI",
      "iceberg.database: Sales-Etl is no name of a-z, 0-9, _",
      "idleTimeoutMinutes: 0 is no whole number of minutes from 1 to 10080",
      "managedScaling.minimum: 0 is no whole number from 1 to 1000",
      "managedScaling.maximum: 1001 is no whole number from 0 (the minimum) to 1000",
      "managedScaling.maximumCore: 1002 is no whole number from 0 (the core nodes) to 1001 (the maximum)",
      'tags["aws:mine"]: takes a key of 1 to 128 characters that does not begin with "aws:" and a value of at most 256',
    ]);
  });

  it("says what and where in one message", () => {
    expect(() => jobFlow({ ...smallest, logUri: "logs" })).to.throw(
      InvalidPropertiesError,
      'the job flow "nightly": 1 property cannot be used\n  logUri: logs is no s3:// URI that ends in /',
    );
  });
});
