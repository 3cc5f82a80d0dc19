import { stat } from "node:fs/promises";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { type Receipt, receiptStoreAt } from "@sales-etl/etl-core/receipts";
import { acceptGap as acceptGapAt, type Gap, type GapFact } from "@sales-etl/etl-core/validate";
import type { Command } from "commander";
import { withAws } from "../aws.ts";
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
    .addOption(warehouseOption("the folder of the published numbers; on AWS s3://<control bucket>"))
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
      const { table, reason, by, warehouse } = options;
      const gap = { table, by, reason };
      const isOnAws = warehouse.startsWith("s3://");
      const { written, file, receipt } = isOnAws
        ? await inBucket(warehouse, dataset, date, gap)
        : await inFolder(warehouse, dataset, date, gap);
      const { who, when, what } = receipt;
      say(
        written
          ? `${date}: a gap in ${table} is accepted by ${who}: ${what.reason}. ${isOnAws ? "The gate takes it with its next look at the date." : "Run the date again."}`
          : `${date}: a gap in ${table} was accepted already by ${who} on ${when.slice(0, 10)}: ${what.reason}`,
      );
      if (options.json === true) printJson({ ...receipt, file, written });
      exit(0);
    });

async function inFolder(warehouse: string, dataset: Dataset, date: BusinessDate, gap: Gap) {
  const facts = await stat(warehouse).catch(() => null);
  if (facts?.isDirectory() !== true) {
    throw new SalesEtlError(`there is no warehouse ${warehouse}`, { code: "WAREHOUSE_NOT_FOUND", path: warehouse });
  }
  return acceptGap(warehouse, dataset, date, gap);
}

async function inBucket(uri: string, dataset: Dataset, date: BusinessDate, gap: Gap) {
  const receipts = receiptStoreAt(uri);
  const result = await withAws("accepting the gap", () => acceptGapAt(receipts, dataset, date, gap));
  const receipt = (result.written ? result.receipt : result.existing) as Receipt<GapFact>;
  return { written: result.written, file: `${uri.replace(/[/]$/, "")}/${result.key}`, receipt };
}
