/** What every command shares: options, output for people and programs, exit codes. */

import { stat } from "node:fs/promises";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { type BusinessDate, businessDates, isBusinessDate } from "@sales-etl/etl-core/landing";
import { Command, Option } from "commander";
import { KEEP } from "./engine/retention.ts";
import type { Settings } from "./settings/settings.ts";

/** 0 done, 1 data rejected or check failed, 2 usage or system error. */
export type ExitCode = 0 | 1 | 2;

export interface Context {
  readonly dataset: Dataset;
  readonly settings: Settings;
  /** Told the exit code of the command that ran. */
  readonly exit: (code: ExitCode) => void;
}

/** @param path the option, argument or property */
export const usage = (message: string, path: string): SalesEtlError =>
  new SalesEtlError(message, { code: "USAGE", path });

export const jsonOption = () => new Option("--json", "one JSON document on stdout; progress goes to stderr");
export const landingOption = () =>
  new Option("--landing <dir>", "the folder where exports arrive").makeOptionMandatory();
export const warehouseOption = (description = "the folder of the published numbers") =>
  new Option("--warehouse <dir>", description).makeOptionMandatory();

/** Declared for `--help`; its value counts for all commands and is read before they are made. */
export const loadOption = () =>
  new Option(
    "--load <table=load,...>",
    "how the source delivers a table, where not as in the contract: delta or cumulative (or SALES_ETL_LOAD)",
  );

/** How many versions stay: the published one, and one at least to go back to. */
export const keepOption = () =>
  new Option("--keep <count>", "versions to keep, the published one among them").default(KEEP).argParser((text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count >= 2) return count;
    throw usage(`--keep ${text}: a whole number from 2`, "--keep");
  });

/** Who answers for what is published; {@link whoRuns} fills it in. */
export const byOption = () =>
  new Option("--by <name>", "who runs this, for the record (default: SALES_ETL_BY, else the user of this machine)");

export const dateOption = () => new Option("--date <date>", "one business date, YYYY-MM-DD");

/** One date or a range; {@link datesOf} reads them. */
export const withDates = (command: Command): Command =>
  command
    .addOption(dateOption())
    .addOption(new Option("--from <date>", "first business date of a range"))
    .addOption(new Option("--to <date>", "last business date of a range"));

export interface DateOptions {
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * @param code of the error where there is none
 * @param what lies in it, for whoever named a file
 */
export async function requireFolder(folder: string, code: string, what: string): Promise<void> {
  const facts = await stat(folder).catch(() => null);
  if (facts?.isDirectory() === true) return;
  const message = facts === null ? `there is no folder ${folder}` : `${folder} is a file: name the folder ${what}`;
  throw new SalesEtlError(message, { code, path: folder });
}

/** A typo in a path must not look like an export that is late. */
export const requireLanding = (folder: string): Promise<void> =>
  requireFolder(folder, "LANDING_NOT_FOUND", "where exports arrive");

/** Twenty years. */
const LONGEST_RANGE = 7305;

/** The dates asked for, oldest first. */
export function datesOf({ date, from, to }: DateOptions): BusinessDate[] {
  for (const [name, value] of Object.entries({ date, from, to })) {
    if (value !== undefined && !isBusinessDate(value)) {
      throw usage(`--${name} ${value}: not a day of the calendar written YYYY-MM-DD`, `--${name}`);
    }
  }
  if (date !== undefined) {
    if (from !== undefined || to !== undefined)
      throw usage("--date stands alone; for a range use --from and --to", "--date");
    return [date];
  }
  if (from === undefined || to === undefined) throw usage("which dates? --date D, or --from A --to B", "--date");
  if (from > to) throw usage(`--from ${from} is later than --to ${to}`, "--from");
  const dates = businessDates(from, to);
  if (dates.length > LONGEST_RANGE) {
    throw usage(
      `--from ${from} --to ${to} are ${dates.length.toLocaleString("en")} dates; a range has at most ${LONGEST_RANGE}`,
      "--to",
    );
  }
  return dates;
}

export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

export const newCommand = (name: string, summary: string): Command =>
  new Command(name).description(summary).showHelpAfterError("(--help shows the options)");
