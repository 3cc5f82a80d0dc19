import { manifestKey } from "@sales-etl/etl-core/landing";
import type { Command } from "commander";
import {
  type Context,
  dateOption,
  datesOf,
  jsonOption,
  landingOption,
  newCommand,
  printJson,
  requireLanding,
} from "../command.ts";
import { plural, say } from "../people.ts";
import { writeManifest } from "../source/write-manifest.ts";

interface Options {
  readonly landing: string;
  readonly date: string;
  readonly without?: readonly string[];
  readonly json?: boolean;
}

export const manifestCommand = ({ dataset, exit }: Context): Command =>
  newCommand("manifest", "Write the manifest of a business date, for a source that cannot.")
    .addOption(landingOption())
    .addOption(dateOption().makeOptionMandatory())
    .option("--without <table...>", "tables to leave out: what the date then lacks, the checks say")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const dates = datesOf({ date: options.date });
      await requireLanding(options.landing);
      for (const date of dates) {
        const manifest = await writeManifest(dataset, options.landing, date, options.without);
        const rows = manifest.files.reduce((sum, file) => sum + file.rows, 0);
        say(`${manifestKey(date)}: ${plural(manifest.files.length, "file")}, ${plural(rows, "row")}`);
        if (options.json === true) printJson(manifest);
      }
      exit(0);
    });
