import { type Command, Option } from "commander";
import { type Context, jsonOption, newCommand, printJson } from "../command.ts";
import { type CheckState, USES, type Use } from "../doctor/check.ts";
import { diagnose } from "../doctor/doctor.ts";
import { type Colour, coloured } from "../people.ts";
import { configOf } from "../settings/apply.ts";

interface Options {
  readonly for?: Use;
  readonly config?: string;
  readonly warehouse?: string;
  readonly landing?: string;
  readonly json?: boolean;
}

const colours = { ok: "green", warning: "yellow", missing: "red" } as const satisfies Record<CheckState, Colour>;

export const doctorCommand = ({ dataset, exit }: Context): Command =>
  newCommand(
    "doctor",
    "What this machine lacks for each way of use, and whether a warehouse is whole; changes nothing.",
  )
    .addOption(
      new Option("--for <use>", "only what this needs (exit 1 where it is missing; default: all, run counts)").choices(
        USES,
      ),
    )
    .option("--warehouse <dir>", "look into this warehouse, too (default: that of the settings)")
    .option("--landing <dir>", "and this landing")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { warehouse, landing } = options;
      const result = await diagnose({
        ...{ dataset, use: options.for ?? null, config: options.config ?? configOf([]) },
        ...(warehouse === undefined ? {} : { warehouse }),
        ...(landing === undefined ? {} : { landing }),
      });
      if (options.json === true) printJson(result);
      else {
        for (const { name, uses, state, found, advice } of result.checks) {
          const of = options.for === undefined ? `  (${uses.join(", ")})` : "";
          const what = advice === null ? "" : `: ${advice}`;
          process.stdout.write(
            `${coloured(colours[state], state.padEnd(7), process.stdout)}  ${name}  ${found}${what}${of}\n`,
          );
        }
      }
      exit(result.ok ? 0 : 1);
    });
