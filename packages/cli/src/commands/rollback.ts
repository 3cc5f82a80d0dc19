import type { Command } from "commander";
import { byOption, type Context, jsonOption, keepOption, newCommand, printJson, warehouseOption } from "../command.ts";
import { rollback } from "../engine/rollback.ts";
import { say } from "../people.ts";
import { writeReport } from "../report/write.ts";
import { engineOf } from "../spark/publishes.ts";
import { rollbackOnSpark } from "../spark/rollback.ts";

interface Options {
  readonly warehouse: string;
  readonly to: string;
  readonly keep: number;
  readonly by?: string;
  readonly json?: boolean;
}

export const rollbackCommand = ({ dataset, exit }: Context): Command =>
  newCommand("rollback", "Publish the numbers as of an earlier run again; `status` lists the runs that are kept.")
    .addOption(warehouseOption())
    .requiredOption("--to <run>", "the run, also a later one to go forward again")
    .addOption(keepOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async ({ warehouse, to, keep, by, json }: Options) => {
      const who = by === undefined ? {} : { by };
      const isSpark = engineOf(warehouse) === "spark";
      const result = isSpark
        ? await rollbackOnSpark({ dataset, warehouse, to, say, ...who })
        : await rollback({ dataset, warehouse, to, keep, ...who });
      if (result.changed) {
        if (!isSpark) await writeReport({ dataset, warehouse });
        say(`Published as of run ${to} again (run ${result.runId}).`);
      } else say(`Nothing changed: run ${to} is what is published.`);
      if (json === true) printJson(result);
      exit(0);
    });
