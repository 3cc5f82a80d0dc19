import path from "node:path";
import { type Command, Option } from "commander";
import { type Context, datesOf, jsonOption, landingOption, newCommand, printJson, usage } from "../command.ts";
import { landFiles } from "../land/land.ts";
import { plural, say } from "../people.ts";

interface Options {
  readonly landing: string;
  readonly from?: string;
  readonly to?: string;
  readonly emptyDays?: boolean;
  readonly json?: boolean;
}

export const landCommand = ({ dataset, settings, exit }: Context): Command =>
  newCommand("land", "Bring somebody's CSV files into a landing, as the settings' `sources` say; `init` proposes them.")
    .addOption(landingOption())
    .addOption(new Option("--from <date>", "only days from this one on"))
    .addOption(new Option("--to <date>", "only days up to this one"))
    .option("--empty-days", "also land days in between without any row: nothing happened on them")
    .addOption(jsonOption())
    .action(async ({ landing, from, to, emptyDays, json }: Options) => {
      for (const date of [from, to]) if (date !== undefined) datesOf({ date });
      if (settings.file === null || Object.keys(settings.sources).length === 0) {
        throw usage("no settings say where your files are (sources): `sales-etl init FOLDER` proposes them", "sources");
      }
      const result = await landFiles({
        ...{ dataset, landing, folder: path.dirname(path.resolve(settings.file)), sources: settings.sources },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        emptyDays: emptyDays === true,
        onDate: (date, rows) => say(`${date}  ${plural(rows, "row")}`),
      });
      const { dates, withoutDay, daysWithoutRows } = result;
      if (withoutDay > 0)
        say(
          `${plural(withoutDay, "row has", "rows have")} no day that can be read: they lie in the newest date's files, where the checks reject them.`,
        );
      if (daysWithoutRows > 0 && emptyDays !== true) {
        say(
          `${plural(daysWithoutRows, "day")} in between without any row, not landed. Where nothing happened on them, --empty-days lands them so.`,
        );
      }
      const [first, last] = [dates[0]?.businessDate, dates.at(-1)?.businessDate];
      say(
        first === undefined
          ? "No day in that range."
          : `${plural(dates.length, "date")} in ${landing}. Next: sales-etl run --from ${first} --to ${last}`,
      );
      if (json === true) printJson(result);
      exit(0);
    });
