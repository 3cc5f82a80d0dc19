import type { Command } from "commander";
import { type Context, jsonOption, newCommand, printJson, requireFolder } from "../command.ts";
import { init, type Proposal } from "../init/init.ts";
import { coloured, plural, say, table } from "../people.ts";

interface Options {
  readonly out: string;
  readonly name?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const delimiters: Readonly<Record<string, string>> = { "\t": "tab" };

function proposalText({
  contract,
  isRetail,
  whyNotRetail,
  tables,
  questions,
  unsupported,
  written,
  measures,
}: Proposal): string {
  const parts: string[] = [];
  for (const one of tables) {
    const { name, files, rows, encoding, delimiter, role, reason, key, columns } = one;
    const head = `${name} -> ${one.table ?? "left out"}: ${role}, because ${reason}`;
    const what = `${plural(files.length, "file")}, ${plural(rows, "row")}, ${encoding}, delimiter ${delimiters[delimiter] ?? JSON.stringify(delimiter)}; key ${key?.join(" + ") ?? "none found"}`;
    const list = columns.map((column) => [
      `  ${column.name}`,
      column.column ?? "left out",
      `${column.type}${column.required ? "" : ", may be empty"}`,
      column.reason,
    ]);
    parts.push(`${head}\n  ${what}\n${table(["  column", "becomes", "type", "because"], list)}`);
  }
  if (unsupported.length > 0)
    parts.push(`Not read:\n${unsupported.map(({ file, why }) => `  ${file}: ${why}`).join("\n")}`);
  parts.push(
    isRetail
      ? `The files are the contract ${contract} under other names: all of its ${measures.length} measures come with it.`
      : `A contract of its own, ${contract}, with ${measures.join(", ")}.\nNot the retail contract: ${whyNotRetail.join("; ")}.`,
  );
  parts.push(`To be answered by you (ASK in the files):\n${questions.map((one) => `  ${one}`).join("\n")}`);
  parts.push(
    `Written: ${written.join(", ")}\nNext: read and correct them, then \`sales-etl land\` and \`sales-etl run\`.`,
  );
  return `${parts.join("\n\n")}\n`;
}

export const initCommand = ({ dataset, exit }: Context): Command =>
  newCommand("init", "Propose a contract and settings for a folder of CSV files, with the reason of every guess.")
    .argument("<folder>", "where the CSV files are; they are only read")
    .option("--out <dir>", "where to write the proposals", ".")
    .option("--name <name>", "what to call the data set (default: as the folder)")
    .option("--force", "write over earlier proposals")
    .addOption(jsonOption())
    .action(async (folder: string, { out, name, force, json }: Options) => {
      await requireFolder(folder, "INIT_NO_FOLDER", "that it lies in, all files of which are looked at");
      const proposal = await init({
        ...{ folder, out, retail: dataset, force: force === true },
        ...(name === undefined ? {} : { name }),
        onTable: (one, rows) => say(coloured("dim", `${one}: ${plural(rows, "row")} looked at`)),
      });
      if (json === true) printJson(proposal);
      else process.stdout.write(proposalText(proposal));
      exit(0);
    });
