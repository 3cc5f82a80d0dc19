import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings.schema.ts";
import { Balancer } from "./balancer.ts";
import { OpeningHours } from "./opening-hours.ts";
import { SupersetHost, type SupersetHostArgs } from "./superset-host.ts";

export interface SupersetArgs extends Omit<SupersetHostArgs, "settings" | "signIn"> {
  readonly settings: Settings["bi"];
  /** IANA zone of the opening hours. */
  readonly timeZone: string;
}

/** Dashboards: Superset on a host, when it is on, and how people come in. */
export class Superset extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** Of the secret with the administrator's password. */
  readonly secretName: pulumi.Output<string>;
  /** Of the balancer; undefined where people come through Session Manager. */
  readonly dnsName: pulumi.Output<string> | undefined;

  constructor(name: string, args: SupersetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:bi:Superset", name, {}, opts);
    const child = { parent: this };
    const { settings, network, networkKind, timeZone, kmsKeyArn, alertsTopicArn } = args;
    const { hours, signIn } = settings;

    const host = new SupersetHost(`${name}-host`, { ...args, signIn }, child);
    const { instanceId } = host;
    if (hours !== "always") {
      new OpeningHours(`${name}-hours`, { instanceId, hours, timeZone, kmsKeyArn, alertsTopicArn }, child);
    }
    if (signIn !== undefined) {
      const { securityGroupId, certificateArn } = signIn;
      const front = { securityGroupId, certificateArn, network, networkKind };
      this.dnsName = new Balancer(`${name}-balancer`, { instanceId, ...front }, child).dnsName;
    }

    this.instanceId = instanceId;
    this.secretName = host.secretName;
    this.registerOutputs({ instanceId: this.instanceId, secretName: this.secretName, dnsName: this.dnsName });
  }
}
