import path from "node:path";
import { type Command, Option } from "commander";
import {
  byOption,
  type Context,
  type DateOptions,
  datesOf,
  jsonOption,
  keepOption,
  landingOption,
  newCommand,
  printJson,
  requireLanding,
  warehouseOption,
  withDates,
} from "../command.ts";
import { runAndSay } from "../run-and-say.ts";

interface Options extends DateOptions {
  readonly landing: string;
  readonly warehouse: string;
  readonly stop?: boolean;
  readonly keep: number;
  readonly by?: string;
  readonly json?: boolean;
}

export const runCommand = ({ dataset, exit }: Context): Command =>
  withDates(
    newCommand("run", "The whole way: check, load, compute the touched weeks, publish, report.")
      .addOption(landingOption())
      .addOption(warehouseOption()),
  )
    .addOption(new Option("--engine <engine>", "the engine to run on").choices(["duckdb"]).default("duckdb"))
    .option("--stop", "end at the first date that is not accepted")
    .addOption(keepOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const businessDates = datesOf(options);
      await requireLanding(options.landing);
      const result = await runAndSay({
        dataset,
        landing: options.landing,
        warehouse: options.warehouse,
        dates: businessDates,
        stop: options.stop === true,
        keep: options.keep,
        ...(options.by === undefined ? {} : { by: options.by }),
      });
      const { dates, runId, warnings } = result;
      if (options.json === true) printJson({ dates, warehouse: path.resolve(result.warehouse), runId, warnings });
      exit(result.dates.every(({ verdict }) => verdict === "accepted") ? 0 : 1);
    });
