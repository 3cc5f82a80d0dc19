import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { record, statementsOf } from "../testing/record.ts";
import { SupersetRole } from "./superset-role.ts";

const glue = "arn:aws:glue:eu-central-1:123456789012";

describe("SupersetRole", () => {
  const make = async (oidcSecretName?: string) => {
    const { childrenOf, inputsOf } = await record(
      () =>
        new SupersetRole("own", {
          ...{ workGroupName: "queries", databaseName: "retail", kmsKeyArn, oidcSecretName },
          buckets: { warehouse: bucketRef("warehouse"), logs: bucketRef("logs") },
          repositoryArn: "arn:aws:ecr:eu-central-1:123456789012:repository/superset",
          logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:superset",
          secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:own-1a2b3c",
        }).instanceProfileName,
    );
    return { children: childrenOf("own"), statements: statementsOf(inputsOf("own-policy").policy), inputsOf };
  };

  it("is a role of EC2 with its profile", async () => {
    const { children, inputsOf } = await make();
    expect(children).to.deep.equal([
      "aws:iam/instanceProfile:InstanceProfile own-profile",
      "aws:iam/role:Role own-role",
      "aws:iam/rolePolicy:RolePolicy own-policy",
    ]);
    const { TakeOnThisRole } = statementsOf(inputsOf("own-role").assumeRolePolicy);
    expect(TakeOnThisRole?.Principal).to.deep.equal({ Service: "ec2.amazonaws.com" });
  });

  it("queries one work group, reads one database and its files, and writes answers alone", async () => {
    const { statements } = await make();
    const resources = Object.fromEntries(Object.values(statements).map(({ Sid, Resource }) => [Sid, Resource]));
    expect(resources).to.deep.equal({
      Sessions: ["*"],
      LogInToTheRegistry: ["*"],
      PullTheImage: ["arn:aws:ecr:eu-central-1:123456789012:repository/superset"],
      Query: ["arn:aws:athena:eu-central-1:123456789012:workgroup/queries"],
      LookAtTables: ["arn:aws:athena:eu-central-1:123456789012:datacatalog/AwsDataCatalog"],
      ReadDefinitions: [`${glue}:catalog`, `${glue}:database/retail`, `${glue}:table/retail/*`],
      ReadFiles: ["arn:aws:s3:::warehouse/tables/*"],
      FindFiles: ["arn:aws:s3:::warehouse"],
      KeepAnswers: ["arn:aws:s3:::logs/athena/*"],
      FindAnswers: ["arn:aws:s3:::logs"],
      FindBuckets: ["arn:aws:s3:::warehouse", "arn:aws:s3:::logs"],
      ItsSecret: ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:own-1a2b3c"],
      WriteLogs: ["arn:aws:logs:eu-central-1:123456789012:log-group:superset:*"],
      UseKey: [kmsKeyArn],
    });
    expect(statements.FindFiles?.Condition).to.deep.equal({ StringLike: { "s3:prefix": ["tables/*"] } });
    const writing = Object.values(statements).filter(({ Action }) =>
      Action.some((action) => /:(Put|Create|Update|Delete|Batch(Create|Delete))/.test(action)),
    );
    expect(writing.map(({ Sid }) => Sid)).to.have.members(["Sessions", "KeepAnswers", "ItsSecret", "WriteLogs"]);
  });

  it("reads the secret of the identity provider's client where there is one", async () => {
    const { statements } = await make("sales-etl/oidc");
    expect(statements.SecretOfTheClient).to.deep.include({
      Action: ["secretsmanager:GetSecretValue"],
      Resource: ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:sales-etl/oidc-??????"],
    });
  });
});
