import { expect } from "chai";
import { arnOf, record, type Statement, statementsOf } from "../testing/record.ts";
import { EmrServiceRole } from "./emr-service-role.ts";

const instanceRoleArn = "arn:aws:iam::123456789012:role/nodes";
const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
const existingIsTagged = { StringEquals: { "aws:ResourceTag/for-use-with-amazon-emr-managed-policies": "true" } };
const newIsTagged = { StringEquals: { "aws:RequestTag/for-use-with-amazon-emr-managed-policies": "true" } };

describe("EmrServiceRole", () => {
  const make = () => record(() => new EmrServiceRole("emr", { instanceRoleArn, kmsKeyArn }).roleArn);

  it("is for EMR, on behalf of this account's clusters", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("emr")).to.deep.equal(["aws:iam/role:Role emr-role", "aws:iam/rolePolicy:RolePolicy emr-policy"]);
    expect(statementsOf(inputsOf("emr-role").assumeRolePolicy).TakeOnThisRole).to.deep.include({
      Principal: { Service: "elasticmapreduce.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:elasticmapreduce:eu-central-1:123456789012:*" },
      },
    });
    expect(result).to.equal(arnOf("emr-role"));
  });

  it("touches instances and networks only with the tag of the EMR policies", async () => {
    const { inputsOf } = await make();
    const statements = statementsOf(inputsOf("emr-policy").policy);
    const conditions = Object.fromEntries(
      Object.values(statements).map(({ Sid, Condition }: Statement) => [Sid, Condition]),
    );
    expect(conditions).to.deep.equal({
      LaunchInTaggedNetwork: existingIsTagged,
      LaunchFromTaggedTemplate: existingIsTagged,
      CreateTaggedTemplate: newIsTagged,
      CreateTaggedInstances: newIsTagged,
      LaunchWithOthers: undefined,
      CreateTaggedInterface: newIsTagged,
      TagWhatIsCreated: {
        StringEquals: {
          "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "CreateNetworkInterface", "RunInstances"],
        },
      },
      EndTaggedInstances: existingIsTagged,
      TagTagged: existingIsTagged,
      Look: undefined,
      ManageTaggedGroups: existingIsTagged,
      GiveNodesTheirRole: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
      UseTheDisksKey: undefined,
      GiveDisksTheirKey: {
        Bool: { "kms:GrantIsForAWSResource": "true" },
        StringEquals: { "kms:ViaService": "ec2.eu-central-1.amazonaws.com" },
      },
      FirstSpotInstance: { StringEquals: { "iam:AWSServiceName": "spot.amazonaws.com" } },
    });
    expect(statements.LaunchInTaggedNetwork?.Resource).to.deep.equal([
      "arn:aws:ec2:eu-central-1:123456789012:subnet/*",
      "arn:aws:ec2:eu-central-1:123456789012:security-group/*",
    ]);
  });

  it("hands the nodes their role and no other", async () => {
    const { inputsOf } = await make();
    const passing = Object.values(statementsOf(inputsOf("emr-policy").policy)).filter(({ Action }) =>
      Action.includes("iam:PassRole"),
    );
    expect(passing.map(({ Resource }) => Resource)).to.deep.equal([[instanceRoleArn]]);
  });

  it("fits into the 10240 characters that IAM gives the policies of a role", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("emr-policy").policy.length).to.be.lessThan(10_240);
  });
});
