import type { Command } from "commander";
import { type Context, jsonOption, newCommand, printJson, requireLanding, warehouseOption } from "../command.ts";
import { openReader } from "../engine/reader.ts";
import { cellOf, grainOf, grainOptions } from "../explain/cell.ts";
import { explainCell } from "../explain/explain.ts";
import { explanationText } from "../explain/print.ts";
import { refuseOnSpark } from "../spark/publishes.ts";

interface Options {
  readonly warehouse: string;
  readonly measure?: string;
  readonly landing?: string;
  readonly json?: boolean;
}

export function explainCommand({ dataset, exit }: Context): Command {
  const grain = grainOf(dataset);
  const command = newCommand(
    "explain",
    "Show where the numbers of one cell of the fact come from: days, formulas with their numbers, files and lines.",
  ).addOption(warehouseOption());
  for (const option of grainOptions(grain)) command.addOption(option);
  return command
    .option("--measure <measure>", "only this measure, and those that it is computed from (default: all)")
    .option("--landing <dir>", "where the files lie now (default: where each date was loaded from)")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { warehouse, measure, landing } = options;
      refuseOnSpark(
        warehouse,
        "explain",
        "look at the rows with `sales-etl query` (sales, inventory; source_file names the file), or run the dates with --engine duckdb into another folder",
      );
      const cell = cellOf(grain, options as unknown as Readonly<Record<string, unknown>>);
      if (landing !== undefined) await requireLanding(landing);
      const reader = await openReader(dataset, warehouse);
      try {
        const explanation = await explainCell({
          ...{ reader, dataset, warehouse, cell },
          ...(measure === undefined ? {} : { measure }),
          ...(landing === undefined ? {} : { landing }),
        });
        if (options.json === true) printJson(explanation);
        else process.stdout.write(explanationText(dataset, explanation));
      } finally {
        reader.close();
      }
      exit(0);
    });
}
