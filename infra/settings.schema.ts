import { type SourceSettings, sourceSettings, withSourceSettings } from "@sales-etl/etl-core/contract";
import { jobFlow, weekdays } from "@sales-etl/etl-core/emr";
import { didYouMean, InvalidPropertiesError, type PropertyProblem, SalesEtlError } from "@sales-etl/etl-core/errors";
import { retail } from "@sales-etl/etl-core/retail";
import * as z from "zod";
import { subnetRanges } from "./network/subnet-ranges.ts";

/** The namespace of the settings in Pulumi.<environment>.yaml; all stacks share it. */
export const namespace = "sales-etl";

/** The periods that CloudWatch Logs offers, in days. */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Pulumi hands over numbers, lists and objects as JSON text. */
const json = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => {
    try {
      return typeof value === "string" ? JSON.parse(value) : value;
    } catch {
      return value;
    }
  }, schema);

const whole = (minimum: number, maximum: number) => {
  const error = `takes a whole number from ${minimum} to ${maximum}`;
  return z.int(error).min(minimum, error).max(maximum, error);
};

const timeZone = z.string().refine(isTimeZone, "takes an IANA time zone such as Europe/Berlin or UTC");

const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, "takes an object");

const types = z.array(z.string("takes an instance type such as m7g.xlarge"), "takes a list of instance types");
const count = z.number("takes a number");

/** Only the shape: what the numbers may be is etl-core's to say, see {@link emrProblems}. */
const emr = section({
  release: z.string("takes a release label such as emr-spark-8.1.0").exactOptional(),
  instances: section({
    primary: section({ types }),
    core: section({ types, count: count.exactOptional() }),
    task: section({ types, count, spotTimeoutMinutes: count.exactOptional() }).exactOptional(),
  }),
  managedScaling: section({
    minimum: count,
    maximum: count,
    maximumOnDemand: count.exactOptional(),
    maximumCore: count.exactOptional(),
  }).exactOptional(),
  idleTimeoutMinutes: count.exactOptional(),
});

const graviton = z
  .string("takes an instance type such as t4g.medium")
  .regex(/^(?:t4g|[a-z]+\d+g[a-z]*)\.[a-z0-9]+$/, "takes a Graviton type such as t4g.medium");

/** The host of Airflow. */
const host = section({
  instanceType: graviton.default("t4g.medium"),
  volumeGiB: whole(20, 1000).default(30),
  graceMinutes: whole(0, 10).default(10),
  maxHours: whole(1, 23).default(6),
});

/** What keeps the tables quick. */
const maintenance = section({
  weekday: z.enum(weekdays, `takes one of ${weekdays.join(", ")}`).default("SUN"),
  retentionDays: whole(1, 36_500).default(30),
});

/** What the gate looks for, and how closely. */
const gate = section({
  ...sourceSettings,
  lookBackDays: whole(1, 60).default(14),
  largestTableMiB: whole(1, 1_000_000).default(2048),
  volumeFactor: z.number("takes a number above 1").gt(1, "takes a number above 1").default(3),
}).superRefine((one, context) => {
  for (const { path, message } of sourceProblems(one))
    context.addIssue({ code: "custom", path: path.split("."), message });
});

/** Who may deploy from GitHub. */
const github = section({
  repository: z.string("is missing").regex(/^[\w.-]+\/[\w.-]+$/, "takes owner/name"),
  policyArns: z
    .array(
      z.string("takes the ARN of a policy").regex(/^arn:/, "takes the ARN of a policy"),
      "takes a list of policies",
    )
    .min(1, "takes at least one policy"),
});

const text = (example: string) => z.string("is missing").min(1, `takes ${example}`);

const snowflakeName = (example: string) =>
  z
    .string("is missing")
    // Its provider joins names by these characters; quotes would make another name of it.
    .regex(/^[A-Za-z_][A-Za-z0-9_$]*$/, `takes a name such as ${example}, without quotes`);

/** A Snowflake account that exports; docs/deploy.md says what must be there. */
const snowflake = section({
  organization: text("the organization of the account"),
  account: text("the name of the account in its organization"),
  user: text("a user of type SERVICE"),
  role: snowflakeName("SALES_ETL"),
  warehouse: snowflakeName("SALES_ETL"),
  database: snowflakeName("RETAIL"),
  schema: snowflakeName("PUBLIC"),
  cron: z
    .string("takes minute, hour, day, month and weekday, such as 30 0 * * *")
    .regex(/^\S+( \S+){4}$/, "takes minute, hour, day, month and weekday, such as 30 0 * * *")
    .default("30 0 * * *"),
  privateKeySecret: text("the name of a secret in Secrets Manager"),
});

/** Who drops files into the landing. */
const writer = section({
  principalArn: z
    .string("is missing")
    .regex(/^arn:[a-z-]+:iam::\d{12}:(role|user|root)/, "takes the ARN of a role or user"),
  externalId: z.string("takes text").min(2, "takes at least 2 characters").exactOptional(),
});

const source = section({ snowflake: snowflake.exactOptional(), writer: writer.exactOptional() }).refine(
  (one) => (one.snowflake === undefined) !== (one.writer === undefined),
  "takes either snowflake or writer",
);

const arn = (service: string) =>
  z.string("is missing").regex(new RegExp(`^arn:[a-z-]+:${service}:`), `takes an ARN of ${service}`);

const days = "takes days such as MON-FRI or MON,WED";

/** HTTPS in front of Superset, and who signs in. */
const signIn = section({
  certificateArn: arn("acm"),
  securityGroupId: z.string("is missing").regex(/^sg-[0-9a-f]+$/, "takes the id of a security group"),
  oidc: section({
    issuer: z.url({ protocol: /^https$/, error: "takes the https:// address of an identity provider" }),
    clientId: text("the id of a client of the identity provider"),
    clientSecret: z
      .string("is missing")
      .regex(/^[\w/+=.@-]+$/, "takes the name of a secret in Secrets Manager, not the secret"),
    groupsClaim: z
      .string()
      .regex(/^[\w.:/-]+$/, "takes the name of a claim such as groups")
      .exactOptional(),
    roles: z
      .record(
        z.string().regex(/^[\w.:@/ -]+$/, "takes names of groups, of letters, digits and .:@/-"),
        z.enum(["Admin", "Alpha", "Gamma"], "takes Admin, Alpha or Gamma"),
        "takes a role by the name of a group",
      )
      .exactOptional(),
  }),
});

/** Superset and its host. */
const bi = section({
  instanceType: graviton.default("t4g.medium"),
  volumeGiB: whole(20, 1000).default(30),
  hours: z
    .union(
      [
        z.literal("always"),
        section({
          days: z.string(days).regex(/^(SUN|MON|TUE|WED|THU|FRI|SAT)([-,](SUN|MON|TUE|WED|THU|FRI|SAT))*$/, days),
          from: whole(0, 23),
          to: whole(0, 23),
        }).refine(({ from, to }) => from < to, "takes an hour to that is after from, on the same day"),
      ],
      'takes "always", or days, from and to',
    )
    .default({ days: "MON-FRI", from: 6, to: 20 }),
  signIn: signIn.exactOptional(),
});

const schema = z.strictObject({
  environment: z.enum(["dev", "prod"], "takes dev or prod"),
  region: z.string("is missing").regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "takes a region such as eu-central-1"),
  timeZone: timeZone.default("UTC"),
  nightlyHour: json(whole(0, 23)).default(2),
  nightlyTimeZone: timeZone.default("UTC"),
  publishedByHour: json(whole(0, 23)).default(6),
  alertsEmail: z.email("takes an e-mail address").optional(),
  alertsChat: z.email("takes the e-mail address of a channel").optional(),
  landingRetentionDays: json(whole(1, 36_500)).default(365),
  landingLockDays: json(whole(1, 36_500)).optional(),
  logRetentionDays: json(
    z.literal(logRetentions, `takes one of the periods of CloudWatch: ${logRetentions.join(", ")}`),
  ).default(30),
  network: z.enum(["public", "private"], "takes public or private").default("public"),
  networkRange: z.string("takes a range of addresses").superRefine(isNetworkRange).default("10.20.0.0/16"),
  emr: json(emr).default({
    instances: {
      primary: { types: ["m7g.xlarge", "m6g.xlarge"] },
      core: { types: ["m7g.xlarge", "m6g.xlarge"], count: 1 },
    },
  }),
  monthlyBudgetDollars: json(whole(1, 1_000_000)).default(100),
  athenaScanLimitGiB: json(whole(1, 10_000)).default(10),
  github: json(github).optional(),
  host: json(host).default(host.parse({})),
  maintenance: json(maintenance).default(maintenance.parse({})),
  source: json(source).optional(),
  bi: json(bi).default(bi.parse({})),
  gate: json(gate).default(gate.parse({})),
  tags: json(z.record(z.string(), z.string("takes text"), "takes an object of texts")).default({}),
});

/** What a deployment can choose; docs/deploy.md describes each. */
export type Settings = Readonly<z.infer<typeof schema>>;

/**
 * Checks the raw settings, as Pulumi hands them over, without the namespace.
 *
 * @throws InvalidPropertiesError with all mistakes at once; paths are those of the settings file
 */
export function parseSettings(raw: Readonly<Record<string, unknown>>): Settings {
  const { data, error } = schema.safeParse(raw, { reportInput: true });
  // What is well formed can be looked at by etl-core, even when something else is not.
  const problems = [...(error?.issues.flatMap(toProblems) ?? []), ...emrProblems(raw)];
  if (data === undefined || problems.length > 0) {
    throw new InvalidPropertiesError("the settings", problems, "SETTINGS_INVALID");
  }
  return data;
}

function toProblems(issue: z.core.$ZodIssue): PropertyProblem[] {
  if (issue.code !== "unrecognized_keys") return [{ path: pathOf(issue.path), message: messageOf(issue) }];
  return issue.keys.map((key) => ({
    path: pathOf([...issue.path, key]),
    message: `is no setting${didYouMean(key, knownKeys(issue.path))}`,
  }));
}

const messageOf = ({ code, input, message }: z.core.$ZodIssue) =>
  code === "invalid_type" && input === undefined ? "is missing" : message;

const pathOf = (path: readonly PropertyKey[]) =>
  `${namespace}:${path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)).join("")}`;

/** The settings that exist beside an unknown one. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const part of path) at = shapeOf(at)?.[String(part)];
  return Object.keys(shapeOf(at) ?? {});
}

function shapeOf(type: unknown): Record<string, unknown> | undefined {
  if (type instanceof z.ZodObject) return type.shape;
  if (type instanceof z.ZodOptional || type instanceof z.ZodExactOptional || type instanceof z.ZodDefault)
    return shapeOf(type.unwrap());
  if (type instanceof z.ZodPipe) return shapeOf(type.out);
  return undefined;
}

/** What etl-core says about the cluster: before anything is deployed, not in the first night. */
function emrProblems(raw: Readonly<Record<string, unknown>>): PropertyProblem[] {
  const cluster = schema.shape.emr.safeParse(raw.emr);
  const tags = schema.shape.tags.safeParse(raw.tags);
  if (!cluster.success) return [];
  try {
    jobFlow({
      ...cluster.data,
      tags: tags.data ?? {},
      name: namespace,
      logUri: "s3://logs/",
      serviceRole: namespace,
      jobFlowRole: namespace,
    });
  } catch (error) {
    if (!(error instanceof InvalidPropertiesError)) throw error;
    return error.problems.map(({ path, message }) => ({
      path: `${namespace}:${/^tags\b/.test(path) ? path : `emr.${path}`}`,
      message,
    }));
  }
  return [];
}

/** What the tables of the contract cannot be. */
function sourceProblems(settings: SourceSettings): readonly PropertyProblem[] {
  try {
    withSourceSettings(retail, settings);
    return [];
  } catch (error) {
    if (error instanceof InvalidPropertiesError) return error.problems;
    throw error;
  }
}

function isNetworkRange(range: string, context: z.RefinementCtx): void {
  try {
    subnetRanges(range);
  } catch (error) {
    if (!(error instanceof SalesEtlError)) throw error;
    context.addIssue(error.message);
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Node also takes "+01:00", which EventBridge Scheduler does not.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
