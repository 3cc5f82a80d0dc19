import type { Command } from "commander";
import { backfill, planBackfill } from "../backfill/backfill.ts";
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
import { runAndSay, sayProgress } from "../run-and-say.ts";
import { refuseOnSpark } from "../spark/publishes.ts";

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
    .option("--plan", "only say what would change; every check runs, nothing is written to the warehouse")
    .option("--stop", "end at the first date that is not accepted")
    .addOption(keepOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { landing, warehouse, from, to, plan, keep, by, json } = options;
      const dates = datesOf({ from, to });
      refuseOnSpark(
        warehouse,
        "backfill",
        "`sales-etl run --engine spark --from A --to B` loads the dates that are pending or have changed",
      );
      await requireLanding(landing);
      const args = {
        ...{ dataset, landing, warehouse, dates, keep, stop: options.stop === true },
        ...(by === undefined ? {} : { by }),
        ...(settings.volume === null ? {} : { volume: settings.volume }),
      };
      let result: Awaited<ReturnType<typeof planBackfill>>;
      if (plan === true) {
        say(`planning ${plural(dates.length, "date")}, ${from} to ${to}`);
        result = await planBackfill({ ...args, onProgress: sayProgress });
        sayWarnings(result.warnings);
      } else result = await backfill(args, runAndSay);
      if (json === true) printJson(result);
      else process.stdout.write(backfillText(dataset, result));
      exit(result.dates.every(({ state }) => state !== "rejected" && state !== "incomplete") ? 0 : 1);
    });
