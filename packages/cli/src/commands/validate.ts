import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { type DateReport, validateDate } from "@sales-etl/etl-core/validate";
import type { Command } from "commander";
import {
  type Context,
  type DateOptions,
  datesOf,
  jsonOption,
  landingOption,
  newCommand,
  printJson,
  requireLanding,
  withDates,
} from "../command.ts";
import { sayReport } from "../describe.ts";

interface Options extends DateOptions {
  readonly landing: string;
  readonly json?: boolean;
}

export const validateCommand = ({ dataset, settings, exit }: Context): Command =>
  withDates(newCommand("validate", "Check what a business date delivered; changes nothing.").addOption(landingOption()))
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const dates = datesOf(options);
      await requireLanding(options.landing);
      const landing = folderLanding(options.landing);
      const reports: DateReport[] = [];
      for (const businessDate of dates) {
        const report = await validateDate({
          ...{ dataset, landing, businessDate },
          ...(settings.volume === null ? {} : { volume: settings.volume }),
        });
        reports.push(report);
        sayReport(report);
      }
      if (options.json === true) printJson(options.date === undefined ? reports : reports[0]);
      exit(reports.every(({ verdict }) => verdict === "accepted") ? 0 : 1);
    });
