import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { EmrInstanceRole } from "./emr-instance-role.ts";

describe("EmrInstanceRole", () => {
  const make = () =>
    record(() => {
      const { roleArn, instanceProfileArn } = new EmrInstanceRole("nodes", {
        landing: { bucketArn: "arn:aws:s3:::landing", prefix: "" },
        program: { bucketArn: "arn:aws:s3:::artifacts", prefix: "spark/" },
        warehouse: { bucketArn: "arn:aws:s3:::warehouse", prefix: "tables" },
        quarantine: { bucketArn: "arn:aws:s3:::quarantine", prefix: "tables" },
        control: { bucketArn: "arn:aws:s3:::control", prefix: "spark/" },
        logs: { bucketArn: "arn:aws:s3:::logs", prefix: "emr/" },
        databaseName: "sales",
        kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
      });
      return { roleArn, instanceProfileArn };
    });

  it("is a role in a profile", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("nodes")).to.deep.equal([
      "aws:iam/instanceProfile:InstanceProfile nodes-profile",
      "aws:iam/role:Role nodes-role",
      "aws:iam/rolePolicy:RolePolicy nodes-policy",
    ]);
    expect(inputsOf("nodes-profile")).to.deep.equal({ role: "nodes-role" });
    expect(statementsOf(inputsOf("nodes-role").assumeRolePolicy).TakeOnThisRole?.Principal).to.deep.equal({
      Service: "ec2.amazonaws.com",
    });
    expect(result).to.deep.equal({ roleArn: arnOf("nodes-role"), instanceProfileArn: arnOf("nodes-profile") });
  });

  it("sees its folders, its tables and its key", async () => {
    const { inputsOf } = await make();
    const statements = Object.values(statementsOf(inputsOf("nodes-policy").policy));
    expect(statements.map(({ Sid, Action, Resource }) => [Sid, Action, Resource])).to.deep.equal([
      [
        "ListBuckets",
        ["s3:GetBucketLocation", "s3:ListBucket"],
        ["landing", "artifacts", "warehouse", "quarantine", "control", "logs"].map((name) => `arn:aws:s3:::${name}`),
      ],
      ["ReadLandingAndProgram", ["s3:GetObject"], ["arn:aws:s3:::landing/*", "arn:aws:s3:::artifacts/spark/*"]],
      [
        "ReadAndWriteTables",
        ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        ["arn:aws:s3:::warehouse/tables*", "arn:aws:s3:::quarantine/tables*"],
      ],
      ["KeepLeaseAndReceipts", ["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::control/spark/*"]],
      ["ReadAcceptedGaps", ["s3:GetObject"], ["arn:aws:s3:::control/dt=*/gap-*.json"]],
      ["WriteLogs", ["s3:PutObject"], ["arn:aws:s3:::logs/emr/*"]],
      [
        "Tables",
        ["glue:CreateTable", "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"],
        [
          "arn:aws:glue:eu-central-1:123456789012:catalog",
          "arn:aws:glue:eu-central-1:123456789012:database/sales",
          "arn:aws:glue:eu-central-1:123456789012:table/sales/*",
        ],
      ],
      ["UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], ["arn:aws:kms:eu-central-1:123456789012:key/1"]],
      [
        "OpenDisks",
        ["kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        ["arn:aws:kms:eu-central-1:123456789012:key/1"],
      ],
    ]);
  });
});
