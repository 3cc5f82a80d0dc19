/** Settings and the command line: `--config`, defaults of options, `yesterday`. */
import { lastEndedDay } from "@sales-etl/etl-core/events";
import { type Command, Option } from "commander";
import type { Settings } from "./settings.ts";

export const configOption = () =>
  new Option("--config <file>", "settings (default: sales-etl.config.* of this folder, or SALES_ETL_CONFIG)");

/** The last `--config` of a command line; null where there is none. */
export function configOf(args: readonly string[]): string | null {
  const given = args.flatMap((arg, index) =>
    arg === "--config" ? [args[index + 1] ?? ""] : arg.startsWith("--config=") ? [arg.slice("--config=".length)] : [],
  );
  return given.at(-1) ?? process.env.SALES_ETL_CONFIG ?? null;
}

/** This machine's; a `TZ` that is no name of a zone is taken for none. */
export const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

/** The day that ended last. @param timeZone null: of this machine */
export const yesterdayIn = (timeZone: string | null, now = new Date()): string =>
  lastEndedDay(now, timeZone ?? zoneHere());

const DATES = ["--date", "--from", "--to"];

/** `--date yesterday` is the last business date that has ended. */
export function withDays(args: readonly string[], timeZone: string | null): string[] {
  return args.map((arg, index) => {
    const [name = "", value] = arg.split("=");
    if (arg === "yesterday" && DATES.includes(args[index - 1] ?? "")) return yesterdayIn(timeZone);
    return DATES.includes(name) && value === "yesterday" ? `${name}=${yesterdayIn(timeZone)}` : arg;
  });
}

const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

/** What is set counts where the option is not given; `--help` shows it. */
export function applyTo(root: Command, { landing, warehouse, keep }: Settings): void {
  const values = { "--landing": landing, "--warehouse": warehouse, "--keep": keep };
  for (const command of leavesOf(root)) {
    command.addOption(configOption());
    for (const option of command.options) {
      const value = values[option.long as keyof typeof values] ?? null;
      // An option that may be left out means something else then.
      if (value === null || !(option.mandatory || option.long === "--keep")) continue;
      option.default(value);
      command.setOptionValueWithSource(option.attributeName(), value, "config");
    }
  }
}
