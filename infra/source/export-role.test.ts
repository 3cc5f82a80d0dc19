import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { ExportRole } from "./export-role.ts";

describe("ExportRole", () => {
  const principalArn = "arn:aws:iam::111122223333:role/exporter";
  const make = (externalId?: string) =>
    record(
      () =>
        new ExportRole("own", {
          ...{ roleName: "the-writer", description: "Puts files", landing: bucketRef("landing"), kmsKeyArn },
          ...{ principalArn, externalId },
        }).arn,
    );

  it("is a role of a chosen name with one policy", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("own")).to.deep.equal(["aws:iam/role:Role own-role", "aws:iam/rolePolicy:RolePolicy own-policy"]);
    expect(inputsOf("own-role").name).to.equal("the-writer");
    expect(result).to.equal(arnOf("own-role"));
  });

  it("puts files of dates, and can neither read nor remove any", async () => {
    const { inputsOf } = await make();
    const statements = statementsOf(inputsOf("own-policy").policy);
    expect(statements.PutFiles).to.deep.include({
      Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
      Resource: ["arn:aws:s3:::landing/*/dt=*"],
    });
    const actions = Object.values(statements).flatMap(({ Action }) => Action);
    expect(actions).to.have.members([
      "s3:AbortMultipartUpload",
      "s3:PutObject",
      "s3:GetBucketLocation",
      "kms:Decrypt",
      "kms:GenerateDataKey",
    ]);
  });

  it("trusts one principal, who must say the external id where there is one", async () => {
    const trust = async (externalId?: string) =>
      statementsOf((await make(externalId)).inputsOf("own-role").assumeRolePolicy).TakeOnThisRole;
    expect(await trust()).to.deep.equal({
      Sid: "TakeOnThisRole",
      Effect: "Allow",
      Principal: { AWS: principalArn },
      Action: ["sts:AssumeRole"],
    });
    expect(await trust("ours")).to.have.deep.property("Condition", { StringEquals: { "sts:ExternalId": "ours" } });
  });
});
