import type { InstanceFleetConfig } from "@aws-sdk/client-emr";
import { isWhole, type Problems } from "./problems.ts";

export interface OnDemandFleetArgs {
  /** Graviton types of one size, e.g. `["m7g.xlarge", "m6g.xlarge"]`: EMR takes the cheapest that it can get. */
  readonly types: readonly string[];
  /** On-demand instances at the start. @default 1 */
  readonly count?: number;
}

export interface SpotFleetArgs {
  /** Graviton types of one size; the more of them, the rarer an interruption. */
  readonly types: readonly string[];
  /** Spot instances at the start; 0 leaves all of them to managed scaling. */
  readonly count: number;
  /** Minutes to wait for spot capacity before on-demand instances take its place: 5 to 1440. @default 10 */
  readonly spotTimeoutMinutes?: number;
}

/** The instance fleets of a cluster, in instances. */
export interface InstancesArgs {
  /** The one node that holds the cluster together; it does no work of Spark's. */
  readonly primary: Pick<OnDemandFleetArgs, "types">;
  /** Hold HDFS and the Spark driver, so they are never spot. */
  readonly core: OnDemandFleetArgs;
  /** Executors only: losing one costs a retry. @default no task fleet */
  readonly task?: SpotFleetArgs;
}

const maximumTypes = 30;
const defaultSpotTimeoutMinutes = 10;

/** The fleets as EMR wants them. One unit of capacity is one instance, hence one size a fleet. */
export function instanceFleets({ primary, core, task }: InstancesArgs): InstanceFleetConfig[] {
  const onDemand = { OnDemandSpecification: { AllocationStrategy: "lowest-price" } } as const;
  const types = (names: readonly string[]) => names.map((name) => ({ InstanceType: name, WeightedCapacity: 1 }));
  const fleets: InstanceFleetConfig[] = [
    {
      Name: "primary",
      InstanceFleetType: "MASTER",
      TargetOnDemandCapacity: 1,
      InstanceTypeConfigs: types(primary.types),
      LaunchSpecifications: onDemand,
    },
    {
      Name: "core",
      InstanceFleetType: "CORE",
      TargetOnDemandCapacity: core.count ?? 1,
      InstanceTypeConfigs: types(core.types),
      LaunchSpecifications: onDemand,
    },
  ];
  if (task === undefined) return fleets;
  const spot = {
    TimeoutDurationMinutes: task.spotTimeoutMinutes ?? defaultSpotTimeoutMinutes,
    TimeoutAction: "SWITCH_TO_ON_DEMAND",
    AllocationStrategy: "price-capacity-optimized",
  } as const;
  fleets.push({
    Name: "task",
    InstanceFleetType: "TASK",
    TargetSpotCapacity: task.count,
    InstanceTypeConfigs: types(task.types),
    LaunchSpecifications: { SpotSpecification: spot, ...onDemand },
  });
  return fleets;
}

export function checkInstances({ primary, core, task }: InstancesArgs, problems: Problems): void {
  checkTypes("instances.primary.types", primary.types, problems);
  checkTypes("instances.core.types", core.types, problems);
  const cores = core.count ?? 1;
  problems.require(isWhole(cores, 1, 1000), "instances.core.count", `${cores} is no whole number from 1 to 1000`);
  if (task === undefined) return;
  checkTypes("instances.task.types", task.types, problems);
  problems.require(
    isWhole(task.count, 0, 1000),
    "instances.task.count",
    `${task.count} is no whole number from 0 to 1000`,
  );
  const minutes = task.spotTimeoutMinutes ?? defaultSpotTimeoutMinutes;
  problems.require(
    isWhole(minutes, 5, 1440),
    "instances.task.spotTimeoutMinutes",
    `${minutes} is no whole number of minutes from 5 to 1440`,
  );
}

function checkTypes(path: string, types: readonly string[], problems: Problems): void {
  problems.require(
    types.length >= 1 && types.length <= maximumTypes,
    path,
    `has ${types.length} types; a fleet takes 1 to ${maximumTypes}`,
  );
  for (const [index, type] of types.entries()) {
    const at = `${path}[${index}]`;
    problems.require(isGraviton(type), at, `${type} is no Graviton type that EMR runs, such as m7g.xlarge`);
    problems.require(types.indexOf(type) === index, at, `${type} is there twice`);
  }
  const sizes = new Set(types.map((type) => type.split(".")[1]));
  problems.require(
    sizes.size <= 1,
    path,
    `mixes the sizes ${[...sizes].join(", ")}; capacity counts instances, so a fleet needs one size`,
  );
}

/** `m7g.xlarge`, `r8gd.2xlarge`: a "g" right after the generation. Burstable t4g is not offered by EMR. */
const isGraviton = (type: string): boolean => /^(?!t\d)[a-z]+\d+g[a-z]*\.(?:\d*xlarge|large|metal)$/.test(type);

/** Cores that do Spark's work: of core and task nodes. A Graviton core is a core, not a thread. */
export const coresOf = ({ core, task }: InstancesArgs): number =>
  (core.count ?? 1) * coresOfType(core.types[0] ?? "") + (task?.count ?? 0) * coresOfType(task?.types[0] ?? "");

/** `large` has 2, `xlarge` 4, `4xlarge` 16; `metal` the most that Graviton has in one machine. */
function coresOfType(type: string): number {
  const size = type.split(".")[1] ?? "";
  if (size === "metal") return 64;
  return size === "large" ? 2 : 4 * Number(/^(\d+)xlarge$/.exec(size)?.[1] ?? "1");
}
