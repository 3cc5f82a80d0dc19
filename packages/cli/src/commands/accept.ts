import { stat } from "node:fs/promises";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { Command } from "commander";
import {
  type Context,
  dateOption,
  datesOf,
  jsonOption,
  newCommand,
  printJson,
  usage,
  warehouseOption,
} from "../command.ts";
import { acceptGap } from "../engine/accepted-gaps.ts";
import { say } from "../people.ts";

interface Options {
  readonly warehouse: string;
  readonly date: string;
  readonly table: string;
  readonly reason: string;
  readonly by: string;
  readonly json?: boolean;
}

export const acceptCommand = ({ dataset, exit }: Context): Command =>
  newCommand("accept", "Accept that a table is missing on a date: the next run loads the others, its values unknown.")
    .addOption(warehouseOption())
    .addOption(dateOption().makeOptionMandatory())
    .requiredOption("--table <table>", "the table that is missing, or cannot be used")
    .requiredOption("--reason <text>", "why, for those who read the numbers later")
    .requiredOption("--by <name>", "who accepts it")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const [date = ""] = datesOf({ date: options.date });
      for (const name of ["reason", "by"] as const) {
        if (options[name].trim() === "") throw usage(`--${name} must not be empty`, `--${name}`);
      }
      const facts = await stat(options.warehouse).catch(() => null);
      if (facts?.isDirectory() !== true) {
        throw new SalesEtlError(`there is no warehouse ${options.warehouse}`, {
          code: "WAREHOUSE_NOT_FOUND",
          path: options.warehouse,
        });
      }
      const { table, reason, by } = options;
      const { written, file, receipt } = await acceptGap(options.warehouse, dataset, date, { table, by, reason });
      const { who, when, what } = receipt;
      say(
        written
          ? `${date}: a gap in ${table} is accepted by ${who}: ${what.reason}. Run the date again.`
          : `${date}: a gap in ${table} was accepted already by ${who} on ${when.slice(0, 10)}: ${what.reason}`,
      );
      if (options.json === true) printJson({ ...receipt, file, written });
      exit(0);
    });
