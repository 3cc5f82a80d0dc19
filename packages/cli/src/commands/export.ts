import { access } from "node:fs/promises";
import type { Command } from "commander";
import {
  type Context,
  type DateOptions,
  datesOf,
  jsonOption,
  landingOption,
  newCommand,
  printJson,
  usage,
  withDates,
} from "../command.ts";
import { openEngine } from "../engine/duckdb.ts";
import { plural, say } from "../people.ts";
import { exportDate } from "../source/export.ts";

interface Options extends DateOptions {
  readonly database: string;
  readonly landing: string;
  readonly json?: boolean;
}

export const exportCommand = ({ dataset, exit }: Context): Command =>
  withDates(
    newCommand("export", "Export business dates from a DuckDB file, as the source's procedure does.")
      .requiredOption("--database <file>", "the DuckDB file that plays the OLTP database")
      .addOption(landingOption()),
  )
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const dates = datesOf(options);
      await access(options.database).catch(() => {
        throw usage(`there is no database ${options.database}`, "--database");
      });
      const database = await openEngine(options.database, { access_mode: "READ_ONLY" });
      try {
        const manifests = [];
        for (const date of dates) {
          const manifest = await exportDate(database, dataset, options.landing, date);
          manifests.push(manifest);
          say(
            `${date}  ${plural(
              manifest.files.reduce((sum, { rows }) => sum + rows, 0),
              "row",
            )}`,
          );
        }
        if (options.json === true) printJson(options.date === undefined ? manifests : manifests[0]);
      } finally {
        database.close();
      }
      exit(0);
    });
