import { expect } from "chai";
import { record, statementsOf } from "../testing/record.ts";
import { DeployRole } from "./deploy-role.ts";

describe("DeployRole", () => {
  it("is for the jobs of one environment of one repository", async () => {
    const policyArns = ["arn:aws:iam::123456789012:policy/deploy"];
    const { childrenOf, inputsOf } = await record(
      () => new DeployRole("own", { repository: "acme/sales-etl", environment: "prod", policyArns }).arn,
    );
    expect(childrenOf("own")).to.deep.equal([
      "aws:iam/role:Role own-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment own-policy-0",
    ]);
    expect(statementsOf(inputsOf("own-role").assumeRolePolicy).TakeOnThisRole).to.deep.equal({
      Sid: "TakeOnThisRole",
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:acme/sales-etl:environment:prod",
        },
      },
    });
    expect(inputsOf("own-policy-0").policyArn).to.equal(policyArns[0]);
  });

  it("reads the secrets that a deployment needs, and no other ones", async () => {
    const args = {
      repository: "acme/sales-etl",
      environment: "prod",
      policyArns: ["arn:aws:iam::123456789012:policy/deploy"],
    };
    const { inputsOf } = await record(
      () => new DeployRole("own", { ...args, secretNames: ["sales-etl/snowflake"] }).arn,
    );
    expect(inputsOf("own-secrets").role).to.equal("own");
    expect(statementsOf(inputsOf("own-secrets").policy)).to.deep.equal({
      ReadTheSecretsOfADeployment: {
        Sid: "ReadTheSecretsOfADeployment",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:sales-etl/snowflake-??????"],
      },
    });
  });
});
