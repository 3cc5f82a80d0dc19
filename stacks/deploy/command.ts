/** What `npm run deploy` is asked for. */
import { parseArgs } from "node:util";
import { didYouMean, SalesEtlError } from "@sales-etl/etl-core/errors";

/** In the order in which they are built. */
export const stackNames = ["foundation", "pipeline", "bi", "source"] as const;
export type StackName = (typeof stackNames)[number];

export const actions = ["preview", "up", "destroy", "refresh", "outputs", "drift", "drop-table"] as const;
export type Action = (typeof actions)[number];

const environments = ["dev", "prod"] as const;

export interface Command {
  readonly action: Action;
  readonly environment: (typeof environments)[number];
  /** In the order in which they are dealt with. */
  readonly stacks: readonly StackName[];
  /** What is dropped; null for every other action. */
  readonly table: string | null;
  /** Nobody is asked. */
  readonly yes: boolean;
  readonly json: boolean;
}

export const usage = `npm run deploy -- ${actions.filter((action) => action !== "drop-table").join("|")} ${environments.join("|")} [${stackNames.join("|")} ...] [--yes] [--json] [--delete-data ENVIRONMENT]

  preview   what up would change; changes nothing
  up        builds, then deploys; asks first, or takes --yes
  destroy   the stacks in reverse, and forgets them; the settings file stays; the foundation of prod only with --yes and
            --delete-data prod
  refresh   takes over into the state what others have changed
  outputs   what the stacks tell
  drift     exit code 1 if others have changed something; changes nothing

npm run deploy -- drop-table ${environments.join("|")} TABLE --yes --delete-data TABLE

  drops a table of the warehouse that the contract no longer has, and its rows; both keys are needed`;

/** @throws SalesEtlError USAGE */
export function parseCommand(argv: readonly string[]): Command {
  const { positionals, values } = parsed(argv);
  const [action, environment, ...named] = positionals;
  const command = {
    action: oneOf("action", actions, action),
    environment: oneOf("environment", environments, environment),
    yes: values.yes,
    json: values.json,
  };
  if (command.action === "drop-table") {
    const [table, ...others] = named;
    if (table === undefined || others.length > 0) throw wrong("drop-table takes one table");
    if (!values.yes || values["delete-data"] !== table) {
      throw wrong(`the rows of ${table} go with it: give both --yes and --delete-data ${table}`);
    }
    return { ...command, stacks: ["foundation"], table };
  }
  const wanted = named.map((name) => oneOf("stack", stackNames, name));
  const inOrder = stackNames.filter((name) => wanted.length === 0 || wanted.includes(name));
  const stacks = command.action === "destroy" ? inOrder.toReversed() : inOrder;
  checkKeys({ ...command, stacks }, values["delete-data"]);
  return { ...command, stacks, table: null };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        yes: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        "delete-data": { type: "string" },
      },
    });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

/** Data of prod goes only when two things say so: that nobody is asked, and that it is meant. */
function checkKeys(
  { action, environment, stacks, yes }: Omit<Command, "json" | "table">,
  deleteData: string | undefined,
) {
  if (action !== "destroy" || environment !== "prod" || !stacks.includes("foundation")) return;
  if (yes && deleteData === "prod") return;
  throw wrong(
    "the foundation of prod holds all data: to destroy it, give both --yes and --delete-data prod, or name other stacks alone",
  );
}

function oneOf<Name extends string>(what: string, known: readonly Name[], given: string | undefined): Name {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw wrong(given === undefined ? `the ${what} is missing` : `${given} is no ${what}${didYouMean(given, known)}`);
}

const wrong = (message: string) => new SalesEtlError(`${message}\n\n${usage}`, { code: "USAGE" });
