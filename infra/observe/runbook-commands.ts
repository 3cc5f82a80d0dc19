/** The commands of a runbook, and what is wrong with them: a program, a command or an option that there is not. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { parseCommand } from "../../stacks/deploy/command.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Lines of `sh` blocks, and what stands in the text between backticks and begins like one. */
export function commandsIn(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, text = ""]) =>
    text.trim().split("\n"),
  );
  const inline = [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/`((?:aws|npm|sudo) [^`]+)`/g)];
  return [...blocks, ...inline.map(([, command = ""]) => command)];
}

/** Words as a shell splits them; quotes hold together. */
const words = (command: string): string[] =>
  (command.match(/(?:'[^']*'|"[^"]*"|<[^>]*>|[^\s'"<>])+/g) ?? []).map((word) => word.replaceAll(/['"]/g, ""));

/** @returns nothing for a command that can be run */
export async function problemsOf(command: string): Promise<string[]> {
  const [program = "", ...args] = words(command);
  const check = programs[program];
  if (check === undefined) return [`${command}: ${program} is no program of a runbook`];
  return (await check(args)).map((problem) => `${command}: ${problem}`);
}

const programs: Readonly<Record<string, (args: readonly string[]) => Promise<string[]> | string[]>> = {
  aws,
  npm,
  sudo: onHost,
  cat: () => [],
};

const optionsOf = (args: readonly string[]) =>
  args.filter((arg) => arg.startsWith("--") && arg !== "--").map((arg) => arg.split("=")[0] ?? arg);

/** https://docs.aws.amazon.com/cli/latest/reference/: of services whose client is not a dependency here, and what the CLI adds. */
const awsCommands: Readonly<Record<string, readonly string[]>> = {
  "ec2 wait": ["--instance-ids"],
  "emr list-clusters": ["--active"],
  "lambda invoke": ["--cli-binary-format"],
  "logs tail": ["--since", "--follow", "--format", "--filter-pattern"],
  "s3 cp": ["--recursive", "--only-show-errors"],
  "s3 ls": ["--recursive"],
  "scheduler list-schedules": ["--group-name", "--name-prefix", "--state"],
  "sqs list-queues": ["--queue-name-prefix"],
  "sqs purge-queue": ["--queue-url"],
  "sqs receive-message": ["--queue-url", "--max-number-of-messages", "--visibility-timeout", "--wait-time-seconds"],
  "ssm start-session": ["--target", "--document-name", "--parameters"],
};

/** Clients of the SDK, which know what their operations take. */
const clients: Readonly<Record<string, () => Promise<object>>> = {
  ec2: () => import("@aws-sdk/client-ec2"),
  emr: () => import("@aws-sdk/client-emr"),
  lambda: () => import("@aws-sdk/client-lambda"),
};

const pascal = (kebab: string) => kebab.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
const kebab = (name: string) => name.replaceAll(/(?<!^)([A-Z])/g, "-$1").toLowerCase();

async function aws([service = "", operation = "", ...args]: readonly string[]): Promise<string[]> {
  const own = awsCommands[`${service} ${operation}`];
  const ofSdk = await inputOf(service, operation);
  if (own === undefined && ofSdk === null) return [`aws has no ${service} ${operation}`];
  const known = [...(own ?? []), ...(ofSdk ?? []).map((member) => `--${kebab(member)}`), "--query", "--output"];
  return optionsOf(args)
    .filter((option) => !known.includes(option))
    .map((option) => `${service} ${operation} has no ${option}`);
}

/** The properties that an operation takes; null where the SDK here has none of that name. */
async function inputOf(service: string, operation: string): Promise<readonly string[] | null> {
  const client = (await clients[service]?.()) as Record<string, unknown> | undefined;
  // A schema is [.., .., name, .., names of members, ...], of an operation [9, namespace, name, traits, input, output].
  const schema = client?.[`${pascal(operation)}$`] as readonly unknown[] | undefined;
  const input = schema?.[4];
  const resolved = (typeof input === "function" ? input() : input) as readonly unknown[] | undefined;
  return resolved === undefined ? null : (resolved[4] as string[]);
}

function npm([verb = "", name = "", ...args]: readonly string[]): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const rest = args.slice(args[0] === "--" ? 1 : 0);
  if (verb === "exec") return name === "sales-etl" ? salesEtl(rest) : [`npm exec ${name} is not ours`];
  if (verb !== "run" || scripts[name] === undefined) return [`there is no script ${name}`];
  if (name !== "deploy") return [];
  try {
    parseCommand(rest);
    return [];
  } catch (error) {
    if (error instanceof SalesEtlError) return [error.message];
    throw error;
  }
}

function salesEtl([name = "", ...args]: readonly string[]): string[] {
  const command = path.join(root, "packages/cli/bin/sales-etl.js");
  const { status, stdout } = spawnSync(process.execPath, [command, name, "--help"], {
    env: { ...process.env, NODE_OPTIONS: "" },
    encoding: "utf8",
  });
  if (status !== 0) return [`sales-etl has no ${name}`];
  return optionsOf(args)
    .filter((option) => !new RegExp(`^ +(-., )?${option}\\b`, "m").test(stdout))
    .map((option) => `${name} has no ${option}`);
}

/** What is called on a host, with the options that it may have there. */
const hostCommands: Readonly<Record<string, readonly string[]>> = {
  "systemctl status": [],
  "systemctl restart": [],
  journalctl: ["--unit", "--no-pager", "--lines", "--vacuum-size"],
  "docker ps": ["--all"],
  "docker stats": ["--no-stream"],
  "docker system": ["--all", "--force"],
  du: ["--max-depth", "--human-readable"],
  cat: [],
};

function onHost([program = "", ...args]: readonly string[]): string[] {
  const name = hostCommands[program] === undefined ? `${program} ${args[0]}` : program;
  const known = hostCommands[name];
  if (known === undefined) return [`nothing on a host is called ${name}`];
  const units = ["airflow/host", "infra/host"].flatMap((folder) => readdirSync(path.join(root, folder)));
  const unit = program === "systemctl" ? args[1] : args[args.indexOf("--unit") + 1];
  const isUnit = name.startsWith("systemctl") || args.includes("--unit");
  return [
    ...optionsOf(args)
      .filter((option) => !known.includes(option))
      .map((option) => `${name} has no ${option}`),
    ...(isUnit && !units.includes(`${unit}.service`) ? [`no unit is called ${unit}`] : []),
  ];
}
