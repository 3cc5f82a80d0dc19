/** Does what was asked for, stack by stack. */
import type { Command, StackName } from "./command.ts";

/** How many resources are to be created, updated ...; `same` among them. */
export type Changes = Readonly<Record<string, number>>;

/** Pulumi, for one stack of one environment. */
export interface Engine {
  preview(stack: StackName): Promise<Changes>;
  up(stack: StackName): Promise<Changes>;
  destroy(stack: StackName): Promise<Changes>;
  refresh(stack: StackName): Promise<Changes>;
  /** What a refresh would change. */
  drift(stack: StackName): Promise<Changes>;
  /** Secrets as "[secret]". */
  outputs(stack: StackName): Promise<Readonly<Record<string, unknown>>>;
  /** @param outputs of the foundation @returns where the table's files were */
  dropTable(table: string, outputs: Readonly<Record<string, unknown>>): Promise<string>;
}

export interface RunArgs {
  readonly command: Command;
  readonly engine: Engine;
  /** Whether a person agrees. */
  readonly ask: (question: string) => Promise<boolean>;
  /** For people; nothing of the result. */
  readonly say: (line: string) => void;
  readonly build: () => Promise<void>;
}

export interface StackResult {
  readonly stack: StackName;
  readonly changes?: Changes;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface RunResult {
  readonly stacks: readonly StackResult[];
  /** 1: there is drift, or a person did not agree. */
  readonly exitCode: 0 | 1;
}

/** Pipeline's preview needs outputs that only a deployed foundation has: the order is the engine's, one after the other. */
export async function run({ command, engine, ask, say, build }: RunArgs): Promise<RunResult> {
  const { action, environment, stacks, yes, table } = command;
  if (action === "drop-table" || table !== null) {
    const location = await engine.dropTable(table ?? "", await engine.outputs("foundation"));
    say(`${table} of ${environment} is dropped; its files were in ${location}`);
    return { stacks: [], exitCode: 0 };
  }
  // Refreshing, too: Pulumi's process reads our own resources with what is built.
  if (action !== "outputs") await build();
  const results: StackResult[] = [];
  for (const stack of stacks) {
    say(`${action} ${environment}: ${stack}`);
    if (action === "outputs") {
      results.push({ stack, outputs: await engine.outputs(stack) });
      continue;
    }
    if (action === "up" || action === "destroy") {
      if (!yes && !(await agreed({ action, environment, stack, engine, ask, say }))) {
        say("Nothing was changed here.");
        return { stacks: results, exitCode: 1 };
      }
    }
    const changes = await engine[action](stack);
    say(`  ${inWords(changes)}`);
    results.push({ stack, changes });
  }
  if (results.length > 1) for (const line of summaryOf(command, results)) say(line);
  const drifted = action === "drift" && results.some(({ changes = {} }) => differs(changes));
  return { stacks: results, exitCode: drifted ? 1 : 0 };
}

interface Question extends Pick<RunArgs, "engine" | "ask" | "say"> {
  readonly action: "up" | "destroy";
  readonly environment: string;
  readonly stack: StackName;
}

async function agreed({ action, environment, stack, engine, ask, say }: Question): Promise<boolean> {
  if (action === "destroy") return ask(`Destroy the stack ${stack} of ${environment}?`);
  const changes = await engine.preview(stack);
  say(`  ${inWords(changes)}`);
  if (!differs(changes)) return true;
  return ask(`Deploy this to ${stack} of ${environment}?`);
}

/** Once more at the end: between the stacks stands all that Pulumi prints. */
const summaryOf = ({ action, environment }: Command, results: readonly StackResult[]): string[] =>
  results.flatMap(({ stack, changes }, index) => {
    if (changes === undefined) return [];
    return [
      ...(index === 0 ? [`${action} ${environment}, all of it:`] : []),
      `  ${stack.padEnd(12)}${inWords(changes)}`,
    ];
  });

const differs = (changes: Changes) => Object.entries(changes).some(([kind, count]) => kind !== "same" && count > 0);

const inWords = (changes: Changes) =>
  Object.entries(changes)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ") || "no resources";
