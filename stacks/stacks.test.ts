/** What holds for every resource of every stack. */
import { expect } from "chai";
import type { Recorded, Statement } from "../infra/testing/record.ts";
import { type Environment, type Extent, environments, stackRuns } from "../infra/testing/stacks.ts";

/** Statements that may name all resources, by their Sid, and why there is no other way. */
const anyResource: Readonly<Record<string, string>> = {
  AccountDecidesByIam: "a key policy: the resource is the key itself",
  LogGroups: "a key policy",
  AlarmsToTopics: "a key policy",
  EventsToQueues: "a key policy",
  EventsToTopics: "a key policy",
  BudgetsToTopics: "a key policy",
  AttachToNetwork: "Lambda checks its role for all of them; NotByItsCode takes them from the function's code",
  LookAtTheHost: "EC2 has no resources for Describe calls",
  FindClusters: "EMR has no resources for lists",
  Sessions: "the channels of Session Manager have no names before they exist",
  LogInToTheRegistry: "the registry is the account",
  WriteTraces: "X-Ray has no resources for writing",
  Look: "EC2 has no resources for Describe calls",
  TellMetrics: "metrics have no resources; its condition names the namespace",
};

interface Found {
  readonly where: string;
  readonly statement: Statement & Record<string, unknown>;
}

/** As they are deployed, and with all settings turned on. */
const deployments: readonly (readonly [Environment, Extent])[] = [
  ...environments.map((environment) => [environment, "as it is"] as const),
  ["prod", "everything"],
];

for (const [environment, extent] of deployments) {
  for (const [stack, run] of Object.entries(stackRuns)) {
    describe(`all of ${stack}, ${environment}, ${extent}`, () => {
      const running = run(environment, extent).then(({ resources }) => resources);

      it("is named after its environment and made by the tagging provider", async () => {
        for (const { type, name, provider } of (await running).filter(isAws)) {
          expect(name, type).to.match(new RegExp(`^sales-etl-${environment}`));
          expect(provider, name).to.include(`::sales-etl-${environment}::`);
        }
      });

      it("holds no output that was made a string", async () => {
        // The text that the SDK leaves where an output was put into a string.
        for (const { name, inputs } of await running) {
          expect(JSON.stringify(inputs), name).not.to.include("Calling [toString]");
        }
      });
    });
  }

  describe(`all of IAM, ${environment}, ${extent}`, () => {
    const finding = statementsOfAll(environment, extent);

    it("is found in every place that holds statements", async () => {
      const places = new Set((await finding).map(({ where }) => where.replace(/ .*/, "")));
      expect([...places]).to.have.members([
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:kms/key:Key",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
      ]);
    });

    it("names its actions", async () => {
      for (const { where, statement } of await allowing(finding)) {
        expect(
          statement.Action.filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)),
          where,
        ).to.deep.equal([]);
        expect(statement, where).not.to.have.any.keys("NotAction", "NotResource", "NotPrincipal");
      }
    });

    it("names its resources, but for those that AWS does not offer", async () => {
      const used = new Set<string>();
      for (const { where, statement } of await allowing(finding)) {
        if (statement.Action.every((action) => action.startsWith("sts:AssumeRole"))) continue; // the role itself
        for (const resource of [statement.Resource].flat()) {
          if (resource === "*" && statement.Sid in anyResource) used.add(statement.Sid);
          else expect(resource, where).to.match(/^arn:aws:[a-z0-9]+:[^*:]*:[^*:]*:[^*]/);
        }
      }
      expect([...used], "exceptions that nothing uses").to.have.members(Object.keys(anyResource));
    });

    it("trusts services and this account, never anybody", async () => {
      for (const { where, statement } of await allowing(finding)) {
        expect(JSON.stringify(statement.Principal ?? {}), where).not.to.include("*");
      }
    });

    it("denies only under a condition", async () => {
      const denying = (await finding).filter(({ statement }) => statement.Effect === "Deny");
      expect(denying).not.to.have.length(0);
      for (const { where, statement } of denying) expect(statement, where).to.have.property("Condition");
    });
  });
}

const isAws = ({ type }: Recorded) => type.startsWith("aws:");

const allowing = async (finding: Promise<Found[]>) =>
  (await finding).filter(({ statement }) => statement.Effect === "Allow");

/** Whatever input it stands in: a JSON text with a Statement is a policy document. */
async function statementsOfAll(environment: Environment, extent: Extent): Promise<Found[]> {
  const recordings = await Promise.all(Object.values(stackRuns).map((run) => run(environment, extent)));
  return recordings
    .flatMap(({ resources }) => resources)
    .flatMap(({ type, name, inputs }) =>
      Object.values(inputs)
        .filter((value): value is string => typeof value === "string" && value.includes('"Statement"'))
        .flatMap((document) => JSON.parse(document).Statement as Found["statement"][])
        .map((statement) => ({ where: `${type} ${name} ${statement.Sid}`, statement })),
    );
}
