import { access } from "node:fs/promises";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { type Command, Option } from "commander";
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
import { exportAs } from "../source/export-as.ts";

interface Options extends DateOptions {
  readonly database: string;
  readonly landing: string;
  readonly partRows?: number;
  readonly json?: boolean;
}

export const exportCommand = ({ dataset, exit }: Context): Command =>
  withDates(
    newCommand("export", "Export business dates from a DuckDB file, as the source's procedure does.")
      .requiredOption("--database <file>", "the DuckDB file that plays the OLTP database")
      .addOption(landingOption()),
  )
    .addOption(
      new Option("--part-rows <count>", "write larger tables in parts of so many rows").argParser((text) => {
        const count = Number(text);
        if (Number.isInteger(count) && count >= 1) return count;
        throw usage(`--part-rows ${text}: a whole number from 1`, "--part-rows");
      }),
    )
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const dates = datesOf(options);
      await access(options.database).catch(() => {
        throw usage(`there is no database ${options.database}`, "--database");
      });
      const database = await openEngine(options.database, { access_mode: "READ_ONLY" }).catch((cause: Error) => {
        throw new SalesEtlError(`${options.database} cannot be opened: ${cause.message}`, {
          code: "DATABASE_UNREADABLE",
          path: options.database,
          cause,
        });
      });
      try {
        const manifests = [];
        for (const date of dates) {
          const { manifest, unchanged } = await exportAs({
            ...{ database, dataset, landing: options.landing, date },
            ...(options.partRows === undefined ? {} : { partRows: options.partRows }),
          });
          manifests.push(manifest);
          const rows = manifest.files.reduce((sum, file) => sum + file.rows, 0);
          say(`${date}  ${plural(rows, "row")}${unchanged ? "  unchanged" : `  export=${manifest.exportId}`}`);
        }
        if (options.json === true) printJson(options.date === undefined ? manifests : manifests[0]);
      } finally {
        database.close();
      }
      exit(0);
    });
