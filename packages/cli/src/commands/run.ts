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
import { runAndSay, runOnSparkAndSay } from "../run-and-say.ts";

interface Options extends DateOptions {
  readonly landing: string;
  readonly warehouse: string;
  readonly stop?: boolean;
  readonly keep: number;
  readonly by?: string;
  readonly engine: "duckdb" | "spark";
  readonly json?: boolean;
}

export const runCommand = ({ dataset, settings, exit }: Context): Command =>
  withDates(
    newCommand("run", "The whole way: check, load, compute the touched weeks, publish, report.")
      .addOption(landingOption())
      .addOption(warehouseOption()),
  )
    .addOption(
      new Option("--engine <engine>", "the engine to run on: spark needs Python 3.11 to 3.13, see docs/spark.md")
        .choices(["duckdb", "spark"])
        .default("duckdb"),
    )
    .option("--stop", "end at the first date that is not accepted")
    .addOption(keepOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const businessDates = datesOf(options);
      await requireLanding(options.landing);
      const { landing, warehouse } = options;
      const what = { dataset, landing, warehouse, dates: businessDates, stop: options.stop === true };
      const by = options.by === undefined ? {} : { by: options.by };
      const volume = settings.volume === null ? {} : { volume: settings.volume };
      const result =
        options.engine === "spark"
          ? await runOnSparkAndSay({ ...what, ...by, ...volume })
          : await runAndSay({ ...what, ...by, ...volume, keep: options.keep });
      const { dates, runId, warnings } = result;
      if (options.json === true) printJson({ dates, warehouse: path.resolve(result.warehouse), runId, warnings });
      exit(result.dates.every(({ verdict }) => verdict === "accepted") ? 0 : 1);
    });
