/** What an environment costs: by the month while nothing happens, and by the night. */
import { type EmrPrices, emrPrices } from "@sales-etl/etl-core/emr";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { Settings } from "../settings.schema.ts";
import type { Recorded } from "../testing/record.ts";

export type Prices = typeof import("./prices.json");

/** What clusters cost is the library's; here whole environments are added up, to the cent. */
const [emrShare, spotShare, publicAddress] = [emrPrices.emrShare, emrPrices.spotShare, emrPrices.publicAddress].map(
  Number,
) as [number, number, number];

export interface CostLine {
  readonly item: string;
  /** In words: `3 x 0.10`. */
  readonly reckoning: string;
  /** US dollars a month while nothing runs. */
  readonly idle: number;
  /** US dollars a night. */
  readonly nightly: number;
}

export interface Estimate {
  readonly lines: readonly CostLine[];
  readonly idlePerMonth: number;
  readonly perNight: number;
  /** With a run every night. */
  readonly perMonth: number;
}

/** Costs nothing by itself; what goes through or into it is the data's. */
const free =
  /^aws:(athena\/(namedQuery|workgroup)|budgets\/budget|cloudwatch\/(event\w+|logGroup|logResourcePolicy)|ec2\/(defaultSecurityGroup|flowLog|internetGateway|route|routeTable|routeTableAssociation|securityGroup|subnet|vpc|vpcEndpoint)|ecr\/lifecyclePolicy|emr\/securityConfiguration|glue\/\w+|iam\/\w+|kms\/alias|lambda\/\w+|lb\/(listener|targetGroup|targetGroupAttachment)|s3\/\w+|scheduler\/\w+|sns\/\w+|sqs\/\w+|vpc\/\w+):|^(docker|pulumi|pulumi-nodejs|sales-etl|snowflake):/;

/** @throws SalesEtlError PRICE_UNKNOWN for a resource or an instance type that prices.json knows nothing of */
export function estimate(resources: readonly Recorded[], settings: Settings, list: Prices): Estimate {
  const lines = [
    ...idleLines(resources, list),
    ...dashboardLines(resources, settings, list),
    ...nightLines(settings, list),
  ];
  const idlePerMonth = sum(lines.map(({ idle }) => idle));
  const perNight = sum(lines.map(({ nightly }) => nightly));
  return { lines, idlePerMonth, perNight, perMonth: idlePerMonth + perNight * list.month.nights };
}

function idleLines(resources: readonly Recorded[], { perMonth, perHour, month, night }: Prices): CostLine[] {
  const priced: Readonly<Record<string, (resource: Recorded) => readonly [item: string, each: number]>> = {
    "aws:kms/key:Key": () => ["key", perMonth.key],
    "aws:cloudwatch/metricAlarm:MetricAlarm": () => ["alarm", perMonth.alarm],
    "aws:cloudwatch/dashboard:Dashboard": () => ["dashboard", perMonth.dashboard],
    "aws:ec2/natGateway:NatGateway": () => ["NAT gateway", perHour.natGateway * month.hours],
    "aws:ec2/eip:Eip": () => ["public address", publicAddress * month.hours],
    "aws:ec2/instance:Instance": ({ inputs }) => {
      const gib: number = inputs.rootBlockDevice.volumeSize;
      return [`volume of a host, ${gib} GiB`, gib * perMonth.gp3GiB];
    },
    "aws:secretsmanager/secret:Secret": () => ["secret", perMonth.secret],
    "aws:lb/loadBalancer:LoadBalancer": () => ["balancer", perHour.balancer * month.hours],
    "aws:ecr/repository:Repository": () => [`image, ${night.imageGiB} GiB`, night.imageGiB * perMonth.imageGiB],
  };
  const found = new Map<string, { each: number; count: number }>();
  for (const resource of resources) {
    const price = priced[resource.type];
    if (price === undefined) {
      if (!free.test(resource.type)) throw unknown(resource.type, "estimate.ts");
      continue;
    }
    const [item, each] = price(resource);
    found.set(item, { each, count: (found.get(item)?.count ?? 0) + 1 });
  }
  return [...found].map(([item, { each, count }]) => ({
    item,
    reckoning: `${count} x ${each.toFixed(2)} a month`,
    idle: each * count,
    nightly: 0,
  }));
}

/** Superset's host, which is on by day: as idle as it gets. */
function dashboardLines(resources: readonly Recorded[], { bi, network }: Settings, list: Prices): CostLine[] {
  if (!resources.some(({ type }) => type === "sales-etl:bi:Superset")) return [];
  const { instanceType, hours } = bi;
  const inMonth = hours === "always" ? list.month.hours : hoursInMonth(hours, list);
  const price = hourly(instanceType, list) + (network === "public" ? publicAddress : 0);
  const reckoning = `${inMonth.toFixed(0)} h x ${price.toFixed(4)}`;
  return [{ item: `Superset, ${instanceType}`, reckoning, idle: inMonth * price, nightly: 0 }];
}

const week = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

function hoursInMonth({ days, from, to }: { days: string; from: number; to: number }, { month }: Prices): number {
  const count = days.split(",").reduce((sum, part) => {
    const [first = "", last = first] = part.split("-");
    return sum + ((week.indexOf(last) - week.indexOf(first) + 7) % 7) + 1;
  }, 0);
  return (month.nights / 7) * count * (to - from);
}

function hourly(type: string, list: Prices): number {
  const clusters: EmrPrices["instances"] = emrPrices.instances;
  const price = (list.hosts as Readonly<Record<string, number>>)[type] ?? clusters[type];
  if (price === undefined) throw unknown(type, "hosts of prices.json or emrPrices of etl-core");
  return Number(price);
}

function nightLines({ host, emr, network }: Settings, list: Prices): CostLine[] {
  const { hostHours, clusterHours, lambdaSeconds } = list.night;
  /** EMR takes the cheapest that it gets; the dearest is what it may cost. */
  const dearest = (types: readonly string[]) => Math.max(...types.map((type) => hourly(type, list)));
  const { primary, core, task } = emr.instances;
  const onDemand = dearest(primary.types) + (core.count ?? 1) * dearest(core.types);
  const spot = task === undefined ? 0 : task.count * dearest(task.types);
  const nodes = 1 + (core.count ?? 1) + (task?.count ?? 0);
  const address = network === "public" ? publicAddress : 0;
  const cluster = onDemand * (1 + emrShare) + spot * (spotShare + emrShare) + nodes * address;
  const line = (item: string, hours: number, price: number): CostLine => ({
    item,
    reckoning: `${hours} h x ${price.toFixed(4)}`,
    idle: 0,
    nightly: hours * price,
  });
  return [
    line(`host, ${host.instanceType}`, hostHours, hourly(host.instanceType, list) + address),
    line(`cluster, ${nodes} nodes`, clusterHours, cluster),
    {
      item: "Lambdas",
      reckoning: `${lambdaSeconds} GiB-seconds`,
      idle: 0,
      nightly: lambdaSeconds * list.lambdaGiBSecond,
    },
  ];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const unknown = (what: string, where: string) =>
  new SalesEtlError(`the price of ${what} is not known: add it to ${where}`, { code: "PRICE_UNKNOWN", path: what });
