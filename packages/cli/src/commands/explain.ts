import type { Dataset } from "@sales-etl/etl-core/contract";
import type { Command } from "commander";
import { type Context, jsonOption, newCommand, printJson, requireLanding, warehouseOption } from "../command.ts";
import { openReader } from "../engine/reader.ts";
import { cellOf, grainOf, grainOptions } from "../explain/cell.ts";
import { explainCell } from "../explain/explain.ts";
import { explanationText } from "../explain/print.ts";
import { explainedState } from "../explain/state.ts";
import { openSparkExplained } from "../spark/explained.ts";
import { engineOf } from "../spark/publishes.ts";

interface Options {
  readonly warehouse: string;
  readonly measure?: string;
  readonly landing?: string;
  readonly json?: boolean;
}

async function open(dataset: Dataset, warehouse: string) {
  if (engineOf(warehouse) === "spark") return openSparkExplained(dataset, warehouse);
  const reader = await openReader(dataset, warehouse);
  return { reader, state: explainedState(reader.state, warehouse) };
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
      const cell = cellOf(grain, options as unknown as Readonly<Record<string, unknown>>);
      if (landing !== undefined) await requireLanding(landing);
      const { reader, state } = await open(dataset, warehouse);
      try {
        const explanation = await explainCell({
          ...{ reader, state, dataset, warehouse, cell },
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
