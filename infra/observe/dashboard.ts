import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricsNamespace } from "../host/host-alarms.ts";
import { eventQueries, hostPowerQueries, landingQueries } from "./dashboard-queries.ts";
import { eventLogGroup } from "./event-log.ts";

export interface DashboardArgs {
  /** Names of the Lambdas, as they are called in the pictures. */
  readonly functions: Readonly<Record<string, pulumi.Input<string>>>;
  /** Names of log groups: the pipeline's events, `validate-landing`, `host-power`. */
  readonly logGroups: { readonly [group in "events" | "landing" | "hostPower"]: pulumi.Input<string> };
  /** Of Airflow; `hostName` is how it calls itself where it tells how it is. */
  readonly host: { readonly instanceId: pulumi.Input<string>; readonly hostName: string };
  /** Of Athena. */
  readonly workGroupName: pulumi.Input<string>;
}

/** Those of an environment, by the names that its components give them. */
export const logGroupsOf = (prefix: string): DashboardArgs["logGroups"] => ({
  events: eventLogGroup(prefix),
  landing: `/aws/lambda/${prefix}-validate-landing`,
  hostPower: `/aws/lambda/${prefix}-host-power`,
});

/** The pipeline on one page, a row for each word of the data's way: source, landing, gate, power, transform, warehouse and bi. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:observe:Dashboard", name, {}, opts);

    const { region } = aws.getRegionOutput({}, { parent: this });
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: name,
        dashboardBody: pulumi
          .all([region, args.functions, args.logGroups, args.host.instanceId, args.workGroupName])
          .apply(([regionName, functions, groups, instance, workGroup]) => {
            const host = args.host.hostName;
            return JSON.stringify({
              widgets: widgets({ region: regionName, functions, groups, instance, host, workGroup }),
            });
          }),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

interface Names {
  readonly region: string;
  readonly functions: Readonly<Record<string, string>>;
  readonly groups: Readonly<Record<"events" | "landing" | "hostPower", string>>;
  readonly instance: string;
  readonly host: string;
  readonly workGroup: string;
}

type Metric = readonly (string | object)[];

/** Of 24 columns. */
const height = 6;

/** A row a word, or two. */
function widgets({ region, functions, groups, instance, host, workGroup }: Names) {
  const graph = (title: string, metrics: readonly Metric[], period: number) => ({
    type: "metric",
    properties: { title, region, metrics, period, view: "timeSeries" },
  });
  const logs = (title: string, group: string, query: string) => ({
    type: "log",
    properties: { title, region, view: "table", query: `SOURCE '${group}' | ${query}` },
  });
  const ofFunctions = (metric: string, stat: string): Metric[] =>
    Object.entries(functions).map(([label, name]) => ["AWS/Lambda", metric, "FunctionName", name, { label, stat }]);
  const ofHost = (metric: string, stat: string): Metric => ["AWS/EC2", metric, "InstanceId", instance, { stat }];
  const told = (metric: string): Metric => [metricsNamespace, metric, "Host", host, { stat: "Maximum" }];
  const ofQueries = (metric: string, stat: string): Metric => ["AWS/Athena", metric, "WorkGroup", workGroup, { stat }];
  const rows = [
    [
      logs("source and landing: what came, newest date first", groups.events, eventQueries.landed),
      logs("landing: rows and rejects by table", groups.landing, landingQueries.rows),
    ],
    [
      logs("gate: verdicts, and seconds that they took", groups.landing, landingQueries.verdicts),
      logs("gate: problems of dates", groups.landing, landingQueries.problems),
    ],
    [
      graph("gate and power: failures", ofFunctions("Errors", "Sum"), 3600),
      graph("power: the host is on", [ofHost("CPUUtilization", "Average")], 300),
      graph("power: the host is ill", [ofHost("StatusCheckFailed", "Maximum")], 300),
      graph("power: percent of its volume and memory in use", [told("DiskUsed"), told("MemoryUsed")], 60),
    ],
    [
      logs("transform: last run of each date", groups.events, eventQueries.runs),
      logs("transform: minutes from accepted to done", groups.events, eventQueries.minutes),
    ],
    [
      logs(
        "warehouse: rows, rejects, restated weeks and dollars of each run",
        groups.hostPower,
        hostPowerQueries.closed,
      ),
    ],
    [
      graph("warehouse and bi: bytes read by queries", [ofQueries("ProcessedBytes", "Sum")], 86_400),
      graph("warehouse and bi: milliseconds of queries", [ofQueries("TotalExecutionTime", "p95")], 86_400),
    ],
  ];
  return rows.flatMap((row, line) =>
    row.map((picture, index) => {
      const width = 24 / row.length;
      return { ...picture, x: index * width, y: line * height, width, height };
    }),
  );
}
