import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CostBudgetArgs {
  /** US dollars a month. */
  readonly monthlyDollars: number;
  /** The tag `environment` of what counts; AWS must know it as a cost allocation tag, see docs/deploy.md. */
  readonly environment: string;
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** Tells a person when a month gets more expensive than it was meant to be, and before it does. */
export class CostBudget extends pulumi.ComponentResource {
  constructor(name: string, args: CostBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:observe:CostBudget", name, {}, opts);

    const { monthlyDollars, environment, alertsTopicArn } = args;
    const tell = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      notificationType,
      comparisonOperator: "GREATER_THAN",
      threshold,
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [alertsTopicArn],
    });
    new aws.budgets.Budget(
      `${name}-budget`,
      {
        name,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(monthlyDollars),
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: [`user:environment$${environment}`] }],
        notifications: [tell("ACTUAL", 80), tell("ACTUAL", 100), tell("FORECASTED", 100)],
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
