import type { Command } from "commander";
import { type BackfillResult, backfill, planBackfill } from "../backfill/backfill.ts";
import { backfillText } from "../backfill/print.ts";
import {
  byOption,
  type Context,
  datesOf,
  jsonOption,
  keepOption,
  landingOption,
  newCommand,
  printJson,
  requireLanding,
  warehouseOption,
} from "../command.ts";
import { sayWarnings } from "../describe.ts";
import { plural, say } from "../people.ts";
import { runAndSay, runOnSparkAndSay, sayProgress } from "../run-and-say.ts";
import { backfillOnSpark, planOnSpark } from "../spark/backfill.ts";
import { engineOf } from "../spark/publishes.ts";

interface Options {
  readonly landing: string;
  readonly warehouse: string;
  readonly from: string;
  readonly to: string;
  readonly plan?: boolean;
  readonly stop?: boolean;
  readonly keep: number;
  readonly by?: string;
  readonly json?: boolean;
}

export const backfillCommand = ({ dataset, settings, exit }: Context): Command =>
  newCommand(
    "backfill",
    "Load the dates of a range that are pending or have changed, and say what that changes; or only say it.",
  )
    .addOption(landingOption())
    .addOption(warehouseOption())
    .requiredOption("--from <date>", "first business date of the range")
    .requiredOption("--to <date>", "last business date of the range")
    .option(
      "--plan",
      "only say what would change; the checks run, nothing is written to the warehouse (one of Spark's: which dates, not which numbers)",
    )
    .option("--stop", "end at the first date that is not accepted")
    .addOption(keepOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { landing, warehouse, from, to, plan, keep, by, json } = options;
      const dates = datesOf({ from, to });
      await requireLanding(landing);
      const args = {
        ...{ dataset, landing, warehouse, dates, keep, stop: options.stop === true },
        ...(by === undefined ? {} : { by }),
        ...(settings.volume === null ? {} : { volume: settings.volume }),
      };
      const isSpark = engineOf(warehouse) === "spark";
      let result: BackfillResult;
      if (plan === true) {
        say(`planning ${plural(dates.length, "date")}, ${from} to ${to}`);
        result = await (isSpark ? planOnSpark : planBackfill)({ ...args, onProgress: sayProgress });
        sayWarnings(result.warnings);
      } else result = isSpark ? await backfillOnSpark(args, runOnSparkAndSay) : await backfill(args, runAndSay);
      if (json === true) printJson(result);
      else process.stdout.write(backfillText(dataset, result));
      exit(result.dates.every(({ state }) => state !== "rejected" && state !== "incomplete") ? 0 : 1);
    });
