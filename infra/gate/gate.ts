import * as pulumi from "@pulumi/pulumi";
import { AlertRule } from "../common/alert-rule.ts";
import { FunctionRule } from "../common/function-rule.ts";
import type { FunctionNetwork } from "../common/node-function.ts";
import type { ResourceRef } from "../common/resource-ref.ts";
import { TriggerDag } from "./trigger-dag.ts";
import { ValidateLanding, type ValidateLandingArgs } from "./validate-landing.ts";

export interface GateArgs {
  /** The bundles of the two Lambdas. */
  readonly code: { readonly validateLanding: pulumi.asset.Archive; readonly triggerDag: pulumi.asset.Archive };
  readonly buckets: { readonly [bucket in "landing" | "control"]: ResourceRef };
  readonly eventBus: ResourceRef;
  /** How it looks at what landed; see {@link ValidateLandingArgs}. */
  readonly checks: ValidateLandingArgs["checks"];
  /** The host of Airflow: its start wakes the gate, its API begins the run. */
  readonly host: { readonly instanceId: pulumi.Input<string>; readonly url: pulumi.Input<string> };
  /** Where the host can be reached. */
  readonly network: FunctionNetwork;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** Decides whether a business date can be loaded, and begins its run: two Lambdas and what wakes them. */
export class Gate extends pulumi.ComponentResource {
  readonly functionNames: { readonly [name in "validateLanding" | "triggerDag"]: pulumi.Output<string> };

  constructor(name: string, args: GateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:gate:Gate", name, {}, opts);
    const child = { parent: this };
    const { code, buckets, eventBus, checks, host, network } = args;
    const { landing, control } = buckets;
    const { kmsKeyArn, alertsTopicArn, logRetentionDays } = args;
    const common = { kmsKeyArn, alertsTopicArn, logRetentionDays };

    const validate = new ValidateLanding(
      `${name}-validate-landing`,
      { code: code.validateLanding, landing, control, eventBus, checks, ...common },
      child,
    );
    this.#wake(name, args, validate);
    const trigger = new TriggerDag(
      `${name}-trigger-dag`,
      { code: code.triggerDag, control, airflowUrl: host.url, network, ...common },
      child,
    );
    new FunctionRule(
      `${name}-accepted`,
      {
        description: "A business date can be loaded: its run begins",
        pattern: { source: ["sales-etl"], "detail-type": ["LandingAccepted"] },
        eventBusName: eventBus.name,
        target: trigger,
      },
      child,
    );
    this.#tellAPerson(name, args);

    this.functionNames = { validateLanding: validate.functionName, triggerDag: trigger.functionName };
    this.registerOutputs({ functionNames: this.functionNames });
  }

  #wake(name: string, { buckets, host, eventBus }: GateArgs, target: ValidateLanding) {
    const wake = (suffix: string, description: string, pattern: object, bus?: pulumi.Input<string>) =>
      new FunctionRule(
        `${name}-${suffix}`,
        { description, pattern, target, ...(bus === undefined ? {} : { eventBusName: bus }) },
        { parent: this },
      );
    // S3 and EC2 send to the account's own bus only.
    wake("manifest", "A manifest has landed", {
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: [buckets.landing.name] },
        // Not the report beside it: the function writes that one and would call itself.
        object: { key: [{ wildcard: "_manifest/*/manifest.json" }] },
      },
    });
    wake("host-runs", "The host of Airflow runs", {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { "instance-id": [host.instanceId], state: ["running"] },
    });
    const requested = { source: ["sales-etl"], "detail-type": ["GateRequested"] };
    wake("requested", "The night begins, and the host ran already", requested, eventBus.name);
  }

  #tellAPerson(name: string, { eventBus, alertsTopicArn }: GateArgs) {
    new AlertRule(
      `${name}-rejected`,
      {
        description: "What came cannot be loaded",
        pattern: { source: ["sales-etl"], "detail-type": ["LandingRejected"] },
        eventBusName: eventBus.name,
        paths: { date: "$.detail.businessDate", report: "$.detail.reportKey", reasons: "$.detail.reasons" },
        text: "The files of <date> were rejected: the source must deliver again. The report is <report>. <reasons>",
        alertsTopicArn,
      },
      { parent: this },
    );
  }
}
