/** The command `sales-etl`. */

import { type Loads, parseLoads, withLoads } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { type Command, CommanderError } from "commander";
import { type Context, type ExitCode, loadOption, newCommand, printJson } from "./command.ts";
import { acceptCommand } from "./commands/accept.ts";
import { backfillCommand } from "./commands/backfill.ts";
import { contractCommand } from "./commands/contract.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { gateCommand } from "./commands/gate.ts";
import { initCommand } from "./commands/init.ts";
import { landCommand } from "./commands/land.ts";
import { manifestCommand } from "./commands/manifest.ts";
import { queryCommand } from "./commands/query.ts";
import { reportCommand } from "./commands/report.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { validateCommand } from "./commands/validate.ts";
import { type Failure, failureOf, INTERRUPTED } from "./failure.ts";
import { onInterrupt } from "./interrupt.ts";
import { say } from "./people.ts";
import { applyTo, configOf, withDays } from "./settings/apply.ts";
import { noSettings, readSettings, settingsFileIn } from "./settings/settings.ts";
import { version } from "./version.ts";

function program(context: Context) {
  const root = newCommand("sales-etl", "From the nightly export to the weekly fact, on a laptop.")
    .version(version())
    .exitOverride()
    .addHelpText("after", "\nExit codes: 0 done, 1 data rejected or check failed, 2 usage or system error.");
  const makers = [
    acceptCommand,
    runCommand,
    backfillCommand,
    validateCommand,
    reportCommand,
    manifestCommand,
    exportCommand,
    gateCommand,
    initCommand,
    landCommand,
    contractCommand,
    queryCommand,
    explainCommand,
    statusCommand,
    rollbackCommand,
    doctorCommand,
  ];
  for (const make of makers) {
    root.addCommand(make(context).exitOverride());
  }
  return root;
}

/** A command and all below it. */
const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];

/** Commands that judge, read or write exports: they must know how a table comes. */
const OF_LOADS = ["run", "validate", "manifest", "export", "contract", "accept", "backfill"];

/** A setting of the whole deployment: read before the commands are made, which all see one data set. */
function loadsOf(args: readonly string[]): Loads {
  const given = args.flatMap((arg, index) =>
    arg === "--load" ? [args[index + 1] ?? ""] : arg.startsWith("--load=") ? [arg.slice("--load=".length)] : [],
  );
  return parseLoads(given.length === 0 ? (process.env.SALES_ETL_LOAD ?? "") : given.join(","));
}

/** Commands that settings say nothing to, and that must work where the settings do not. */
const WITHOUT = ["init", "doctor", "--help", "-h", "--version", "help"];

/** @returns the exit code; never throws */
export async function main(args: readonly string[], dataset = retail): Promise<ExitCode> {
  let code: ExitCode = 0;
  const json = args.includes("--json");
  const tell = (failure: Failure) => {
    if (json) printJson({ error: failure });
    else say(`sales-etl: ${failure.message}`);
  };
  const watched = onInterrupt(() => tell(INTERRUPTED));
  try {
    let settings = noSettings(dataset);
    const file = configOf(args) ?? (WITHOUT.includes(args[0] ?? "") ? null : await settingsFileIn(process.cwd()));
    if (file !== null) settings = await readSettings(file, dataset);
    const root = program({
      ...{ dataset: withLoads(settings.dataset, loadsOf(args)), settings },
      exit: (result) => {
        code = result;
      },
    });
    for (const command of root.commands.filter((one) => OF_LOADS.includes(one.name()))) {
      for (const leaf of withSubcommands(command)) if (leaf.commands.length === 0) leaf.addOption(loadOption());
    }
    applyTo(root, settings);
    // With --json the usage error is part of the document; commander would print it, too.
    if (json)
      for (const command of withSubcommands(root))
        command.configureOutput({ outputError: () => {} }).showHelpAfterError(false);
    await root.parseAsync(withDays(args, settings.timeZone), { from: "user" });
    return code;
  } catch (error) {
    const failed = failureOf(error);
    if (failed === null) return 0;
    // Commander has printed its own errors for people.
    if (json || !(error instanceof CommanderError)) tell(failed.failure);
    return failed.exit;
  } finally {
    watched();
  }
}
