import { expect } from "chai";
import { eventBus, kmsKeyArn } from "../testing/examples.ts";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { EventLog } from "./event-log.ts";

describe("EventLog", () => {
  it("logs all events of the pipeline, encrypted and for a time, and lets nothing else write", async () => {
    const { childrenOf, inputsOf } = await record(() => {
      new EventLog("own", { eventBus, kmsKeyArn, logRetentionDays: 14 });
    });
    expect(childrenOf("own")).to.deep.equal([
      "aws:cloudwatch/eventRule:EventRule own-rule",
      "aws:cloudwatch/eventTarget:EventTarget own-target",
      "aws:cloudwatch/logGroup:LogGroup own-group",
      "aws:cloudwatch/logResourcePolicy:LogResourcePolicy own-policy",
    ]);
    expect(inputsOf("own-group")).to.deep.equal({ name: "/aws/events/own", kmsKeyId: kmsKeyArn, retentionInDays: 14 });
    expect(inputsOf("own-rule")).to.deep.include({ eventBusName: "bus", eventPattern: '{"source":["sales-etl"]}' });
    expect(inputsOf("own-target")).to.include({ arn: arnOf("own-group"), eventBusName: "bus" });
    expect(statementsOf(inputsOf("own-policy").policyDocument).EventsOfThisRule).to.deep.include({
      Resource: [`${arnOf("own-group")}:*`],
      Condition: { ArnEquals: { "aws:SourceArn": arnOf("own-rule") } },
    });
  });
});
