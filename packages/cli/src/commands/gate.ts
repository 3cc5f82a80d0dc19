import { receiptStoreAt } from "@sales-etl/etl-core/receipts";
import { type Command, Option } from "commander";
import { withAws } from "../aws.ts";
import { byOption, type Context, dateOption, datesOf, jsonOption, newCommand, printJson, usage } from "../command.ts";
import { sayReport } from "../describe.ts";
import { whoRuns } from "../engine/who.ts";
import { answerOf, ask, bucketOf } from "../gate/ask.ts";
import { say } from "../people.ts";

interface Options {
  readonly date: string;
  readonly bus: string;
  readonly again?: boolean;
  readonly reason?: string;
  readonly by?: string;
  readonly wait?: number;
  readonly control?: string;
  readonly landing?: string;
  readonly json?: boolean;
}

/** The gate's own time, three times, and the pauses between. */
const MINUTES = 50;

const minutesOf = (text: string): number => {
  const minutes = Number(text);
  if (Number.isFinite(minutes) && minutes > 0 && minutes <= 1440) return minutes;
  throw usage(`--wait ${text}: a number of minutes up to 1440`, "--wait");
};

export const gateCommand = ({ exit }: Context): Command =>
  newCommand(
    "gate",
    "Ask the gate on AWS to judge a business date again; what it accepts and was not run yet gets its run.",
  )
    .addOption(dateOption().makeOptionMandatory())
    .requiredOption("--bus <name>", "the pipeline's event bus, such as sales-etl-prod")
    .option("--again", "an accepted date gets another run, also if it had one")
    .option("--reason <text>", "why, for the record")
    .addOption(byOption())
    .addOption(
      new Option("--wait [minutes]", "wait for the verdict; needs --control and --landing")
        .preset(String(MINUTES))
        .argParser(minutesOf),
    )
    .option("--control <uri>", "s3://<control bucket>: where the gate says what became of it")
    .option("--landing <uri>", "s3://<landing bucket>: where the date's report lies")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const [businessDate = ""] = datesOf({ date: options.date });
      const { bus, wait, control, landing } = options;
      if (options.reason?.trim() === "") throw usage("--reason must not be empty", "--reason");
      const place = wait === undefined ? null : placeOf(control, landing);
      const by = whoRuns(options.by);
      const said = { by, reason: options.reason ?? null, wantsRun: options.again === true };
      const wish = await withAws("asking the gate", () => ask({ businessDate, bus, ...said }));
      say(`${businessDate}: the gate was asked by ${by}${said.reason === null ? "" : `: ${said.reason}`}`);
      const { id: requestId } = wish;
      if (wait === undefined || place === null) {
        if (options.json === true) printJson({ businessDate, requestId, ...said, bus });
        return exit(0);
      }
      say("Waiting for its verdict ...");
      const { receipt, report } = await withAws("waiting for the verdict", () =>
        answerOf({ businessDate, requestId, ...place, minutes: wait }),
      );
      sayReport(report);
      const { leftToSpark } = receipt.what;
      if (leftToSpark.length > 0) say(`    left to the Spark step: ${leftToSpark.join(", ")}`);
      if (options.json === true) printJson({ ...report, request: receipt });
      exit(receipt.what.verdict === "accepted" ? 0 : 1);
    });

/** Before anything is asked: a wish whose answer cannot be found is a wish all the same. */
function placeOf(control: string | undefined, landing: string | undefined) {
  if (control === undefined || landing === undefined) {
    throw usage("--wait needs --control s3://<control bucket> and --landing s3://<landing bucket>", "--wait");
  }
  receiptStoreAt(control);
  bucketOf(landing);
  return { control, landing };
}
