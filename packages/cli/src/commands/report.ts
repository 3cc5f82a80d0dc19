import type { Command } from "commander";
import { type Context, jsonOption, newCommand, printJson, usage, warehouseOption } from "../command.ts";
import { say } from "../people.ts";
import { writeReport } from "../report/write.ts";

interface Options {
  readonly warehouse: string;
  readonly out?: string;
  readonly week?: number;
  readonly json?: boolean;
}

function periodOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usage(`--week ${text}: a number as the calendar has it, such as 201752`, "--week");
}

export const reportCommand = ({ dataset, exit }: Context): Command =>
  newCommand("report", "Write the published numbers as one self-contained HTML file.")
    .addOption(warehouseOption())
    .option("--out <file>", "where to write it (default: report.html in the warehouse)")
    .option("--week <week>", "the week to show (default: the newest that has rows)", periodOf)
    .addOption(jsonOption())
    .action(async ({ warehouse, out, week, json }: Options) => {
      const { file, bytes, period } = await writeReport({ dataset, warehouse, file: out, period: week });
      say(`report: ${file} (${Math.ceil(bytes / 1024).toLocaleString("en")} KB)`);
      if (json === true) printJson({ report: file, bytes, week: period });
      exit(0);
    });
