import * as pulumi from "@pulumi/pulumi";
import { alarmSilent } from "../common/alarm.ts";
import { AlertRule } from "../common/alert-rule.ts";
import { FunctionRule } from "../common/function-rule.ts";
import { FunctionSchedule } from "../common/function-schedule.ts";
import { HostPower, type HostPowerArgs } from "./host-power.ts";

export interface PowerArgs extends HostPowerArgs {
  /** When the night begins: hour of the day in `nightlyTimeZone`, 0 to 23. */
  readonly nightlyHour: number;
  /** By when the last day must be published: hour of the day in `nightlyTimeZone`, 0 to 23. */
  readonly publishedByHour: number;
  /** IANA zone of these hours. */
  readonly nightlyTimeZone: string;
}

/** Turns the pipeline on at night and when a date is accepted, off after its run, and off whatever happens. */
export class Power extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: PowerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:power:Power", name, {}, opts);
    const { nightlyHour: _, publishedByHour: _by, nightlyTimeZone: _zone, ...lambda } = args;

    const hostPower = new HostPower(`${name}-host-power`, lambda, { parent: this });
    this.#byTheClock(name, args, hostPower);
    this.#byEvents(name, args, hostPower);
    // What watches all else is watched, too: it is called every hour.
    alarmSilent(
      `${name}-host-power-silent`,
      {
        description:
          "The power switch was not called for three hours: nothing stops what runs on, nobody tells of a late day.",
        namespace: "AWS/Lambda",
        metricName: "Invocations",
        dimensions: { FunctionName: hostPower.functionName },
        ...{ hours: 3, alertsTopicArn: args.alertsTopicArn },
      },
      { parent: this },
    );

    this.functionName = hostPower.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }

  #byTheClock(name: string, args: PowerArgs, target: HostPower) {
    const { nightlyHour, publishedByHour, nightlyTimeZone: timeZone, kmsKeyArn } = args;
    const scheduledTime = "<aws.scheduler.scheduled-time>";
    const at = (suffix: string, description: string, expression: string, input: object) =>
      new FunctionSchedule(
        `${name}-${suffix}`,
        { description, expression, timeZone, input, target, kmsKeyArn },
        { parent: this },
      );
    const begin = { action: "ensure-running", scheduledTime };
    at("nightly", "The night begins", `cron(0 ${nightlyHour} * * ? *)`, begin);
    // Late in the hour: a host that the night turned on has had its time to find work.
    at("dead-man", "Stops what runs without need", "cron(50 * * * ? *)", { action: "dead-man" });
    const check = { action: "check-freshness", scheduledTime };
    at("freshness", "The last day must be published", `cron(0 ${publishedByHour} * * ? *)`, check);
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
