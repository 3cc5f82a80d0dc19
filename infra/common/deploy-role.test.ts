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
});
