import { expect } from "chai";
import { alertsTopicArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { CostBudget } from "./budget.ts";

describe("CostBudget", () => {
  it("tells a person of the environment's month, before and when it is over", async () => {
    const { inputsOf } = await record(() => {
      new CostBudget("own", { monthlyDollars: 40, environment: "dev", alertsTopicArn });
    });
    const { notifications, ...budget } = inputsOf("own-budget");
    expect(budget).to.deep.equal({
      name: "own",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "40",
      limitUnit: "USD",
      costFilters: [{ name: "TagKeyValue", values: ["user:environment$dev"] }],
    });
    const told = notifications.map((one: Record<string, unknown>) => [
      one.notificationType,
      one.threshold,
      one.subscriberSnsTopicArns,
    ]);
    expect(told).to.deep.equal([
      ["ACTUAL", 80, [alertsTopicArn]],
      ["ACTUAL", 100, [alertsTopicArn]],
      ["FORECASTED", 100, [alertsTopicArn]],
    ]);
  });
});
