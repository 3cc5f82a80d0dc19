/** Nothing that fails is lost, and a person is told: where each failure goes, and that it may go there. */
import { expect } from "chai";
import { arnOf, type Recorded, statementsOf } from "../../infra/testing/record.ts";
import { environments, runFoundation, runPipeline } from "../../infra/testing/stacks.ts";

const functionType = "aws:lambda/function:Function";

for (const environment of environments) {
  describe(`what fails in the pipeline, ${environment}`, () => {
    const prefix = `sales-etl-${environment}`;
    const running = runPipeline(environment, "everything");
    const lambdas = ["host-power", "trigger-dag", "validate-landing"].map((name) => `${prefix}-${name}`);
    const of = async (type: string) => (await running).resources.filter((one) => one.type === type);
    const alertsTopicArn = async () => (await runFoundation(environment, "everything")).result.alertsTopicArn;
    const queueOf = (lambda: string) => `${lambda}-dead-letters-queue`;
    const actionsOf = async (policy: string, resource: string): Promise<string[]> =>
      Object.values(statementsOf((await running).inputsOf(policy).policy))
        .filter(({ Effect, Resource }) => Effect === "Allow" && [Resource].flat().includes(resource))
        .flatMap(({ Action }) => Action as string[]);
    const allowsEvents = async (queue: string) => {
      const policies = await of("aws:sqs/queuePolicy:QueuePolicy");
      const statements = policies.flatMap(({ inputs }) => Object.values(statementsOf(inputs.policy)));
      return statements.some(
        ({ Effect, Principal, Action, Resource }) =>
          Effect === "Allow" &&
          (Principal as { Service?: unknown })?.Service === "events.amazonaws.com" &&
          [Action].flat().includes("sqs:SendMessage") &&
          [Resource].flat().includes(arnOf(queue)),
      );
    };

    it("are these Lambdas", async () => {
      const found = (await of(functionType)).map(({ name }) => name);
      expect(found).to.have.members(lambdas.map((name) => `${name}-function`));
    });

    for (const lambda of lambdas) {
      it(`${lambda}: its failures go to its queue, which it may send to, with the queue's key`, async () => {
        const { inputsOf } = await running;
        const queue = arnOf(queueOf(lambda));
        expect(inputsOf(`${lambda}-retries`)).to.deep.include({
          functionName: `${lambda}-function`,
          destinationConfig: { onFailure: { destination: queue } },
        });
        expect(inputsOf(`${lambda}-function`).role).to.equal(arnOf(`${lambda}-role`));
        expect(inputsOf(`${lambda}-policy`).role).to.equal(`${lambda}-role-id`);
        expect(await actionsOf(`${lambda}-policy`, queue)).to.deep.equal(["sqs:SendMessage"]);
        const { kmsMasterKeyId } = inputsOf(queueOf(lambda));
        expect(await actionsOf(`${lambda}-policy`, kmsMasterKeyId)).to.include.members([
          ...["kms:Decrypt", "kms:GenerateDataKey"],
        ]);
      });

      it(`${lambda}: a person is told when it fails, and when something lies in its queue`, async () => {
        const { inputsOf } = await running;
        const told = {
          alarmActions: [await alertsTopicArn()],
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
        };
        expect(inputsOf(`${lambda}-errors`)).to.deep.include({
          ...{ ...told, namespace: "AWS/Lambda", metricName: "Errors" },
          dimensions: { FunctionName: `${lambda}-function` },
        });
        expect(inputsOf(`${lambda}-dead-letters-alarm`)).to.deep.include({
          ...{ ...told, namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" },
          dimensions: { QueueName: queueOf(lambda) },
        });
      });
    }

    it("every rule that calls a Lambda keeps what it cannot hand over, where rules may send", async () => {
      const targets = (await of("aws:cloudwatch/eventTarget:EventTarget")).filter(({ inputs }) =>
        lambdas.some((name) => inputs.arn === arnOf(`${name}-function`)),
      );
      expect(targets).to.have.length(6);
      for (const { name, inputs } of targets) {
        const lambda = lambdas.find((one) => inputs.arn === arnOf(`${one}-function`)) ?? "";
        expect(inputs.deadLetterConfig.arn, name).to.equal(arnOf(queueOf(lambda)));
        expect(await allowsEvents(queueOf(lambda)), name).to.equal(true);
      }
    });

    it("every schedule may call its Lambda, and keeps what it cannot hand over", async () => {
      const schedules = await of("aws:scheduler/schedule:Schedule");
      expect(schedules).to.have.length(3);
      for (const { name, inputs } of schedules) {
        const { arn, roleArn, deadLetterConfig } = inputs.target;
        const policy = name.replace(/-schedule$/, "-policy");
        expect(roleArn, name).to.equal(arnOf(name.replace(/-schedule$/, "-role")));
        expect(await actionsOf(policy, arn), name).to.deep.equal(["lambda:InvokeFunction"]);
        expect(await actionsOf(policy, deadLetterConfig.arn), name).to.deep.equal(["sqs:SendMessage"]);
      }
    });

    it("topic and key let alarms and rules through", async () => {
      const { resources } = await runFoundation(environment, "everything");
      const statements = (type: string) =>
        resources
          .filter((one: Recorded) => one.type === type)
          .flatMap(({ inputs }: Recorded) => Object.values(statementsOf(inputs.policy)));
      const services = (type: string, action: string) =>
        statements(type)
          .filter(({ Effect, Action }) => Effect === "Allow" && [Action].flat().includes(action))
          .map(({ Principal }) => (Principal as { Service?: unknown }).Service);
      const senders = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];
      expect(services("aws:sns/topicPolicy:TopicPolicy", "sns:Publish")).to.include.members(senders);
      expect(services("aws:kms/key:Key", "kms:GenerateDataKey")).to.include.members(senders);
    });
  });
}
