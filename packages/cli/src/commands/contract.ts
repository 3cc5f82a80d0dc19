import { writeFile } from "node:fs/promises";
import path from "node:path";
import {
  allRelations,
  beforeText,
  type ExportFormat,
  exportContract,
  exporters,
  exportFormats,
  type Relation,
  relationOf,
  rulesOf,
} from "@sales-etl/etl-core/exporters";
import { type Command, Option } from "commander";
import { type Context, jsonOption, newCommand, printJson } from "../command.ts";
import { makeFolder } from "../folder.ts";
import { plural, say, table } from "../people.ts";

interface ExportOptions {
  readonly format: ExportFormat;
  readonly table?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const print = (text: string) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);

const keyText = ({ key }: Relation) => key?.join(", ") ?? "none: repeats are data";

/** What programs get of a table or the fact. */
const described = ({ table: source, fields, ...relation }: Relation) => ({
  ...relation,
  load: source?.load ?? null,
  dated: source?.dated ?? null,
  rules: source?.rules.map(({ description, column }) => ({ description, column })) ?? [],
  tolerance: source?.tolerance ?? null,
  drift: source?.drift ?? null,
  freshness: source?.freshness ?? null,
  owner: source?.owner ?? null,
  columns: fields,
});

/** What holds of a table besides its columns, a line each. */
function factsOf({ table: source }: Relation): string[] {
  if (source === null) return [];
  const { load, dated, rules, drift, tolerance, freshness, owner } = source;
  return [
    ...rules.map(({ description }) => `Rule: ${description}.`),
    `Load: ${load}.${dated === null ? "" : ` ${dated.column} is the file's date${beforeText(source)}.`}`,
    `Rows that may be rejected: ${(100 * tolerance).toFixed(1)} %. Unknown columns: ${drift}.`,
    ...(load === "snapshot" ? [`May be missing for: ${plural(freshness, "day")}.`] : []),
    `Owner: ${owner ?? "nobody is named"}.`,
  ];
}

const lsCommand = ({ dataset, exit }: Context): Command =>
  newCommand("ls", "List the tables that land, and what is published of them.")
    .addOption(jsonOption())
    .action(({ json }: { json?: boolean }) => {
      const relations = allRelations(dataset);
      if (json === true) {
        printJson(
          relations.map((relation) => ({
            name: relation.name,
            kind: relation.kind,
            title: relation.title,
            grain: relation.grain,
            load: relation.table?.load ?? null,
            key: relation.key,
            columns: relation.fields.length,
          })),
        );
      } else {
        const rows = relations.map((one) => [
          one.name,
          one.table?.load ?? one.kind,
          String(one.fields.length),
          one.grain,
          keyText(one),
        ]);
        print(table(["name", "load or kind", "columns", "grain", "key"], rows));
      }
      exit(0);
    });

const showCommand = ({ dataset, exit }: Context): Command =>
  newCommand("show", "Show a table, the fact, a dimension or the like with its columns.")
    .argument("<table>", "its name, as `contract ls` gives it")
    .addOption(jsonOption())
    .action((name: string, { json }: { json?: boolean }) => {
      const relation = relationOf(dataset, name, allRelations(dataset));
      if (json === true) printJson(described(relation));
      else {
        const rows = relation.fields.map((field) => [
          field.name,
          field.type,
          rulesOf(field),
          field.unit ?? "",
          field.description,
        ]);
        print(`${relation.title}: ${relation.description}\nGrain: ${relation.grain}. Key: ${keyText(relation)}.\n`);
        print(table(["column", "type", "values", "unit", "meaning"], rows));
        for (const line of factsOf(relation)) print(line);
      }
      exit(0);
    });

const formats = exportFormats.map((format) => `  ${format.padEnd(12)} ${exporters[format].title}`).join("\n");

const exportFilesCommand = ({ dataset, settings: { timeZone }, exit }: Context): Command =>
  newCommand("export", "Write what is derived from the contract.")
    .addOption(new Option("--format <format>", "what to write").choices(exportFormats).makeOptionMandatory())
    .option("--table <table>", "only this table, fact, dimension or the like")
    .option("--out <dir>", "write files into this folder (default: print them)")
    .addOption(jsonOption())
    .addHelpText("after", `\nFormats:\n${formats}`)
    .action(async ({ format, table: name, out, json }: ExportOptions) => {
      const files = [...exportContract(dataset, format, name, timeZone === null ? {} : { timeZone })];
      if (out !== undefined) {
        for (const [file, text] of files) {
          const target = path.join(out, ...file.split("/"));
          await makeFolder(path.dirname(path.resolve(target)));
          await writeFile(target, text);
        }
        say(`${plural(files.length, "file")} in ${out}`);
      }
      if (json === true) {
        const content = (text: string) => (out === undefined ? { text } : {});
        printJson({ format, out: out ?? null, files: files.map(([file, text]) => ({ path: file, ...content(text) })) });
      } else if (out === undefined) {
        // Several files one below the other, as `head` shows them.
        for (const [file, text] of files) print(files.length === 1 ? text : `==> ${file} <==\n${text}`);
      }
      exit(0);
    });

export const contractCommand = (context: Context): Command => {
  const command = newCommand("contract", "The contract of the data, and everything derived from it.");
  for (const make of [lsCommand, showCommand, exportFilesCommand]) command.addCommand(make(context).exitOverride());
  return command;
};
