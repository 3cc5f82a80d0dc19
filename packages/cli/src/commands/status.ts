import type { Command } from "commander";
import { type Context, jsonOption, newCommand, printJson, warehouseOption } from "../command.ts";
import { sayWarnings } from "../describe.ts";
import { type DateStatus, readStatus, type Status } from "../engine/status.ts";
import { plural, table } from "../people.ts";
import { engineOf } from "../spark/publishes.ts";
import { readSparkStatus } from "../spark/status.ts";

interface Options {
  readonly warehouse: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Time to the second, as people write it. */
const time = (iso: string) => `${iso.slice(0, 19).replace("T", " ")} UTC`;

/** Only what somebody may want to look at: an accepted date that never changed needs no line. */
const notable = ({ state, restated, refusedDelivery }: DateStatus) =>
  state !== "accepted" || restated.length > 0 || refusedDelivery !== null;

const by = (run: { readonly by: string | null }) => (run.by === null ? "" : ` by ${run.by}`);

function remark({ published, restated, refusedDelivery }: DateStatus): string {
  const last = restated.at(-1);
  return [
    ...(published === null || last !== undefined
      ? []
      : [`published${by(published)}, ${time(published.publishedAt)}, run ${published.runId}`]),
    ...(last === undefined ? [] : [`restated${by(last)}, ${time(last.publishedAt)}, run ${last.runId}`]),
    ...(refusedDelivery === null ? [] : [`a later delivery is ${refusedDelivery}`]),
  ].join("; ");
}

function print(status: Status, all: boolean): void {
  const { runId, publishedAt, first, last, counts, dates, runs, warnings } = status;
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  console.log(`Run ${runId}, published ${time(publishedAt)}`);
  console.log(
    `${plural(dates.length, "business date")}, ${first} to ${last}: ${parts.map(([name, count]) => `${count} ${name}`).join(", ")}`,
  );
  const shown = all ? dates : dates.filter(notable);
  if (shown.length > 0) {
    console.log(
      `\n${table(
        ["date", "state", ""],
        shown.map((date) => [date.businessDate, date.state, remark(date)]),
      )}`,
    );
  }
  const kept = runs.filter((run) => run.kept);
  const what = ({ kind, rolledBackTo, dates: count }: Status["runs"][number]) =>
    kind === "rollback" ? `back to ${rolledBackTo}` : plural(count, "date");
  console.log(
    `\nVersions kept, newest first:\n${table(
      ["run", "published", "by", "what"],
      kept.map((run) => [run.runId, time(run.publishedAt), run.by ?? "", what(run)]),
    )}`,
  );
  sayWarnings(warnings);
}

export const statusCommand = ({ dataset, exit }: Context): Command =>
  newCommand("status", "Which dates are published, missing or refused, what was restated, which versions are kept.")
    .addOption(warehouseOption())
    .option("--all", "every date, not only those that were refused, restated or are missing")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const read = engineOf(options.warehouse) === "spark" ? readSparkStatus : readStatus;
      const status = await read(dataset, options.warehouse);
      if (options.json === true) printJson(status);
      else print(status, options.all === true);
      exit(0);
    });
