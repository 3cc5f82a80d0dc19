import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface DashboardArgs {
  /** Names of the Lambdas, as they are called in the pictures. */
  readonly functions: Readonly<Record<string, pulumi.Input<string>>>;
  /** The log group of `validate-landing`, which tells what was found in the files. */
  readonly landingLogGroup: pulumi.Input<string>;
  readonly airflowInstanceId: pulumi.Input<string>;
  /** Of Athena. */
  readonly workGroupName: pulumi.Input<string>;
}

/** The pipeline on one page, along the data's way: landing, gate, power, warehouse. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:observe:Dashboard", name, {}, opts);

    const { region } = aws.getRegionOutput({}, { parent: this });
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: name,
        dashboardBody: pulumi
          .all([region, args.functions, args.landingLogGroup, args.airflowInstanceId, args.workGroupName])
          .apply(([regionName, functions, logGroup, instance, workGroup]) =>
            JSON.stringify({ widgets: widgets({ region: regionName, functions, logGroup, instance, workGroup }) }),
          ),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

interface Names {
  readonly region: string;
  readonly functions: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly instance: string;
  readonly workGroup: string;
}

type Metric = readonly (string | object)[];

/** Three to a row of 24 columns. */
function widgets({ region, functions, logGroup, instance, workGroup }: Names) {
  const ofFunctions = (metric: string, stat: string): Metric[] =>
    Object.entries(functions).map(([label, name]) => ["AWS/Lambda", metric, "FunctionName", name, { label, stat }]);
  const pictures = [
    logs(region, logGroup, "landing: rows by date and table", rowsQuery),
    logs(region, logGroup, "gate: verdicts", verdictsQuery),
    logs(region, logGroup, "gate: problems of dates", problemsQuery),
    graph(region, "gate and power: calls", ofFunctions("Invocations", "Sum"), 3600),
    graph(region, "gate and power: failures", ofFunctions("Errors", "Sum"), 3600),
    graph(region, "gate and power: seconds", ofFunctions("Duration", "p95"), 3600),
    graph(
      region,
      "power: the host is on",
      [["AWS/EC2", "CPUUtilization", "InstanceId", instance, { stat: "Average" }]],
      300,
    ),
    graph(
      region,
      "power: the host is ill",
      [["AWS/EC2", "StatusCheckFailed", "InstanceId", instance, { stat: "Maximum" }]],
      300,
    ),
    graph(
      region,
      "warehouse: bytes read by queries",
      [["AWS/Athena", "ProcessedBytes", "WorkGroup", workGroup, { stat: "Sum" }]],
      86_400,
    ),
  ];
  return pictures.map((picture, index) => ({
    ...picture,
    x: (index % 3) * 8,
    y: Math.floor(index / 3) * 7,
    width: 8,
    height: 7,
  }));
}

const graph = (region: string, title: string, metrics: readonly Metric[], period: number) => ({
  type: "metric",
  properties: { title, region, metrics, period, view: "timeSeries" },
});

const logs = (region: string, logGroup: string, title: string, query: string) => ({
  type: "log",
  properties: { title, region, view: "table", query: `SOURCE '${logGroup}' | ${query}` },
});

// Lambda wraps our line of JSON as the text of its own.
const field = (name: string) => `parse message '"${name}":"*"' as ${name}`;
const number = (name: string, end: string) => `parse message '"${name}":*${end}' as ${name}`;

const rowsQuery = [
  `filter message like '"fact":"file"'`,
  ...[field("businessDate"), field("table"), number("rowsRead", ","), number("rowsRejected", "}")],
  "stats latest(rowsRead) as rows, latest(rowsRejected) as rejected by businessDate, table",
  "sort businessDate desc",
].join(" | ");

const verdictsQuery = [
  `filter message like '"fact":"validated"'`,
  ...[field("businessDate"), field("verdict")],
  "stats latest(verdict) as verdict, latest(@timestamp) as at by businessDate",
  "sort businessDate desc",
].join(" | ");

const problemsQuery = [
  `filter message like '"fact":"problem"'`,
  ...[field("businessDate"), field("code"), field("severity")],
  "stats count() as times by businessDate, code, severity",
  "sort businessDate desc",
].join(" | ");
