import { expect } from "chai";
import { arnOf, record } from "../testing/record.ts";
import { PipelineBus } from "./event-bus.ts";

describe("PipelineBus", () => {
  it("is a bus whose events are kept for a time", async () => {
    const { childrenOf, inputsOf, result } = await record(() => {
      const { arn, busName } = new PipelineBus("own", { busName: "sales-etl-test", archiveDays: 30 });
      return { arn, busName };
    });
    expect(childrenOf("own")).to.deep.equal([
      "aws:cloudwatch/eventArchive:EventArchive own-archive",
      "aws:cloudwatch/eventBus:EventBus own-bus",
    ]);
    expect(inputsOf("own-archive")).to.deep.include({ eventSourceArn: arnOf("own-bus"), retentionDays: 30 });
    expect(result).to.deep.equal({ arn: arnOf("own-bus"), busName: "sales-etl-test" });
  });
});
