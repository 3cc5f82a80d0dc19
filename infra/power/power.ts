import * as pulumi from "@pulumi/pulumi";
import { AlertRule } from "../common/alert-rule.ts";
import { FunctionRule } from "../common/function-rule.ts";
import { FunctionSchedule } from "../common/function-schedule.ts";
import { HostPower, type HostPowerArgs } from "./host-power.ts";

export interface PowerArgs extends HostPowerArgs {
  /** When the night begins: hour of the day in `timeZone`, 0 to 23. */
  readonly hour: number;
  /** IANA zone of `hour`. */
  readonly timeZone: string;
}

/** Turns the pipeline on at night and when a date is accepted, off after its run, and off whatever happens. */
export class Power extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: PowerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:power:Power", name, {}, opts);
    const { hour, timeZone, ...lambda } = args;

    const hostPower = new HostPower(`${name}-host-power`, lambda, { parent: this });
    this.#byTheClock(name, args, hostPower);
    this.#byEvents(name, args, hostPower);

    this.functionName = hostPower.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }

  #byTheClock(name: string, { hour, timeZone, kmsKeyArn }: PowerArgs, target: HostPower) {
    new FunctionSchedule(
      `${name}-nightly`,
      {
        description: "The night begins",
        expression: `cron(0 ${hour} * * ? *)`,
        timeZone,
        input: { action: "ensure-running", scheduledTime: "<aws.scheduler.scheduled-time>" },
        target,
        kmsKeyArn,
      },
      { parent: this },
    );
    new FunctionSchedule(
      `${name}-dead-man`,
      {
        description: "Stops what runs without need",
        // Late in the hour: a host that the night turned on has had its time to find work.
        expression: "cron(50 * * * ? *)",
        timeZone,
        input: { action: "dead-man" },
        target,
        kmsKeyArn,
      },
      { parent: this },
    );
  }

  #byEvents(name: string, { eventBus, alertsTopicArn }: PowerArgs, target: HostPower) {
    const source = ["sales-etl"];
    const rule = (suffix: string, description: string, type: string) =>
      new FunctionRule(
        `${name}-${suffix}`,
        { description, pattern: { source, "detail-type": [type] }, eventBusName: eventBus.name, target },
        { parent: this },
      );
    rule("accepted", "A business date can be loaded: the host is needed", "LandingAccepted");
    rule("ended", "A run has ended: the host may not be needed any more", "RunEnded");

    const tell = (suffix: string, description: string, pattern: object, paths: Record<string, string>, text: string) =>
      new AlertRule(
        `${name}-${suffix}`,
        { description, pattern: { source, ...pattern }, eventBusName: eventBus.name, paths, text, alertsTopicArn },
        { parent: this },
      );
    tell(
      "attention",
      "A person must look",
      { "detail-type": ["AttentionNeeded"] },
      { code: "$.detail.code", message: "$.detail.message" },
      "<code>: <message>",
    );
    tell(
      "failed",
      "A run has failed",
      { "detail-type": ["RunEnded"], detail: { result: ["failed"] } },
      { date: "$.detail.businessDate", run: "$.detail.runId" },
      "The run <run> of <date> has failed; its cluster is down. Published tables are as before. See docs/operate.md.",
    );
  }
}
