import { type Command, Option } from "commander";
import { type Context, jsonOption, newCommand, warehouseOption } from "../command.ts";
import { openReader } from "../engine/reader.ts";
import { type Format, formats, writeSelection } from "../selection.ts";
import { engineOf } from "../spark/publishes.ts";
import { openSparkReader } from "../spark/reader.ts";

interface Options {
  readonly warehouse: string;
  readonly format: Format;
  readonly json?: boolean;
}

const relations = `
Relations: sales, inventory (accepted rows), store_dim, product_dim (with history), calendar_dim, weekly_fact,
weekly_fact_with_dimensions, weekly_fact_brief, quarantine, runs, receipts, quality_warnings (not in a warehouse of
--engine spark).`;

export const queryCommand = ({ dataset, exit }: Context): Command =>
  newCommand("query", "Ask the published state with SQL (DuckDB's); nothing can be changed by it.")
    .argument("<sql>", "one SELECT")
    .addOption(warehouseOption())
    .addOption(new Option("--format <format>", "how to print the rows").choices(formats).default("table"))
    .addOption(jsonOption())
    .addHelpText("after", relations)
    .action(async (sql: string, options: Options) => {
      const { warehouse } = options;
      const open = engineOf(warehouse) === "spark" ? openSparkReader : openReader;
      const reader = await open(dataset, warehouse);
      try {
        await writeSelection(await reader.select(sql), options.json === true ? "json" : options.format, process.stdout);
      } finally {
        reader.close();
      }
      exit(0);
    });
