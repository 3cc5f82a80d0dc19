import path from "node:path";
import type { Command } from "commander";
import { type Context, jsonOption, newCommand, printJson, warehouseOption } from "../command.ts";
import { say } from "../people.ts";
import { writeReport } from "../report/write.ts";

interface Options {
  readonly warehouse: string;
  readonly out?: string;
  readonly json?: boolean;
}

export const reportCommand = ({ dataset, exit }: Context): Command =>
  newCommand("report", "Write the published numbers as one self-contained HTML file.")
    .addOption(warehouseOption())
    .option("--out <file>", "where to write it (default: report.html in the warehouse)")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const file = await writeReport(
        dataset,
        options.warehouse,
        options.out ?? path.join(options.warehouse, "report.html"),
      );
      say(`report: ${file}`);
      if (options.json === true) printJson({ report: file });
      exit(0);
    });
