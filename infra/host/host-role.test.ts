import { expect } from "chai";
import { bucketRef, eventBus, kmsKeyArn } from "../testing/examples.ts";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { HostRole } from "./host-role.ts";

const clusters = "arn:aws:elasticmapreduce:eu-central-1:123456789012:cluster/*";
const tags = (where: string) => ({
  StringEquals: {
    [`elasticmapreduce:${where}/project`]: "sales-etl",
    [`elasticmapreduce:${where}/environment`]: "dev",
  },
});

describe("HostRole", () => {
  const make = () =>
    record(
      () =>
        new HostRole("own", {
          buckets: { control: bucketRef("control"), artifacts: bucketRef("artifacts"), logs: bucketRef("logs") },
          eventBus,
          crawlerName: "raw",
          repositoryArn: "arn:aws:ecr:eu-central-1:123456789012:repository/airflow",
          logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:airflow",
          emr: {
            serviceRoleArn: "arn:aws:iam::123456789012:role/emr",
            instanceRoleArn: "arn:aws:iam::123456789012:role/nodes",
          },
          environment: "dev",
          kmsKeyArn,
        }).instanceProfileArn,
    );

  it("is a role of EC2 with its profile", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("own")).to.deep.equal([
      "aws:iam/instanceProfile:InstanceProfile own-profile",
      "aws:iam/role:Role own-role",
      "aws:iam/rolePolicy:RolePolicy own-policy",
    ]);
    expect(statementsOf(inputsOf("own-role").assumeRolePolicy).TakeOnThisRole?.Principal).to.deep.equal({
      Service: "ec2.amazonaws.com",
    });
    expect(result).to.equal(arnOf("own-profile"));
  });

  it("may do what the night needs: where, and to which clusters", async () => {
    const { inputsOf } = await make();
    const statements = Object.values(statementsOf(inputsOf("own-policy").policy));
    expect(Object.fromEntries(statements.map(({ Sid, Resource }) => [Sid, Resource]))).to.deep.equal({
      Sessions: ["*"],
      LogInToTheRegistry: ["*"],
      PullTheImage: ["arn:aws:ecr:eu-central-1:123456789012:repository/airflow"],
      ReadTheJobFlow: ["arn:aws:s3:::artifacts/airflow/*"],
      HandOverItsKey: ["arn:aws:s3:::control/airflow/credential.json"],
      KeepTaskLogs: ["arn:aws:s3:::logs/airflow/*"],
      FindTaskLogs: ["arn:aws:s3:::logs"],
      CreateClusters: [clusters],
      UseOurClusters: [clusters],
      GiveEmrItsRole: ["arn:aws:iam::123456789012:role/emr"],
      GiveNodesTheirRole: ["arn:aws:iam::123456789012:role/nodes"],
      FindNewDates: ["arn:aws:glue:eu-central-1:123456789012:crawler/raw"],
      TellOthers: [eventBus.arn],
      WriteLogs: ["arn:aws:logs:eu-central-1:123456789012:log-group:airflow:*"],
      TellMetrics: ["*"],
      UseKey: [kmsKeyArn],
    });
    const conditions = Object.fromEntries(statements.map(({ Sid, Condition }) => [Sid, Condition]));
    expect(conditions.TellMetrics).to.deep.equal({ StringEquals: { "cloudwatch:namespace": "sales-etl" } });
    expect(conditions.CreateClusters).to.deep.equal(tags("RequestTag"));
    expect(conditions.UseOurClusters).to.deep.equal(tags("ResourceTag"));
    expect(conditions.GiveNodesTheirRole).to.deep.equal({
      StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
    });
    expect(conditions.GiveEmrItsRole).to.deep.equal({
      StringEquals: { "iam:PassedToService": "elasticmapreduce.amazonaws.com" },
    });
  });
});
