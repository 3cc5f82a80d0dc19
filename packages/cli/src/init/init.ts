/** Proposes a contract and settings for a folder of somebody's CSV files. Nothing is invented: every guess says why. */
import { access, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { openEngine } from "../engine/duckdb.ts";
import { makeFolder } from "../folder.ts";
import { parsed } from "../settings/problems.ts";
import { settingsSchema } from "../settings/schema.ts";
import { settingsFileIn } from "../settings/settings.ts";
import { withTemporary } from "../temporary.ts";
import { factKeys, proposeContract } from "./contract.ts";
import { type FileGroup, findFiles, groupsOf } from "./files.ts";
import { jsonc, withoutNotes } from "./jsonc.ts";
import { type MappedTable, mappingOf } from "./mapping.ts";
import { contractName } from "./names.ts";
import { whyNotRetail } from "./retail-fit.ts";
import { notTaken, proposeSettings } from "./settings.ts";
import { type SeenTable, type Shape, seeTable, stageGroup, withRole } from "./tables.ts";

export interface ProposedTable {
  /** In the contract; null where it is left out. */
  readonly table: string | null;
  readonly name: string;
  readonly files: readonly string[];
  readonly rows: number;
  readonly encoding: string;
  readonly delimiter: string;
  readonly role: string;
  readonly reason: string;
  readonly key: readonly string[] | null;
  readonly columns: readonly {
    readonly name: string;
    /** In the contract; null where it has no place for it. */
    readonly column: string | null;
    readonly type: string;
    readonly required: boolean;
    readonly reason: string;
  }[];
}

export interface Proposal {
  readonly contract: string;
  /** The files are the retail contract under other names. */
  readonly isRetail: boolean;
  /** Why they are not. */
  readonly whyNotRetail: readonly string[];
  readonly tables: readonly ProposedTable[];
  readonly measures: readonly string[];
  /** What only a person can say. */
  readonly questions: readonly string[];
  readonly unsupported: readonly { readonly file: string; readonly why: string }[];
  /** The files that were written. */
  readonly written: readonly string[];
}

export interface InitArgs {
  readonly folder: string;
  readonly out: string;
  readonly name?: string;
  readonly retail: Dataset;
  readonly force: boolean;
  readonly onTable?: (name: string, rows: number) => void;
}

const SETTINGS = "sales-etl.config.jsonc";
const CONTRACT = "contract.jsonc";

async function refuseToOverwrite(out: string): Promise<void> {
  const there = (await settingsFileIn(out)) ?? path.join(out, CONTRACT);
  await access(there).then(
    () => {
      throw new SalesEtlError(`${there} is there already: --force writes over it`, {
        code: "INIT_EXISTS",
        path: there,
      });
    },
    () => {},
  );
}

async function look(args: InitArgs) {
  const { files, unsupported } = await findFiles(args.folder);
  const { shapes, more } = await withTemporary("init", (temporary) => lookInto(args, groupsOf(files), temporary));
  const seen = shapes.map((shape) =>
    withRole(
      shape,
      shapes.filter((other) => other !== shape),
    ),
  );
  return { seen, unsupported: [...unsupported, ...more] };
}

async function lookInto({ folder, onTable }: InitArgs, groups: readonly FileGroup[], temporary: string) {
  const engine = await openEngine(":memory:", { temp_directory: path.join(temporary, "engine") });
  const more: { file: string; why: string }[] = [];
  const shapes: Shape[] = [];
  try {
    for (const [index, group] of groups.entries()) {
      try {
        await stageGroup(engine, folder, temporary, group, `seen_${index}`);
      } catch (error) {
        if (!(error instanceof SalesEtlError)) throw error;
        more.push(...group.files.map(({ file }) => ({ file, why: error.message })));
        continue;
      }
      const shape = await seeTable(engine, `seen_${index}`, group);
      onTable?.(shape.name, shape.rows);
      shapes.push(shape);
    }
  } finally {
    engine.close();
  }
  return { shapes, more };
}

const told = (seen: SeenTable, mapped: MappedTable | undefined, left: readonly string[]): ProposedTable => ({
  ...{ table: mapped?.to ?? null, name: seen.name, files: seen.files.map(({ file }) => file), rows: seen.rows },
  ...{ encoding: seen.files[0]?.encoding ?? "", delimiter: seen.files[0]?.delimiter ?? "" },
  ...{ role: seen.role, reason: seen.reason, key: seen.key },
  columns: seen.columns.map(({ name, required, reason, type }) => {
    const own = mapped?.columns.find((column) => column.seen.name === name);
    const column = own === undefined || left.includes(name) ? null : own.to;
    return { name, column, type: own?.type ?? type, required, reason };
  }),
});

/** @throws {SalesEtlError} INIT_NO_FOLDER, INIT_NO_SALES, INIT_EXISTS */
export async function init(args: InitArgs): Promise<Proposal> {
  const { retail, force } = args;
  const [folder, out] = [path.resolve(args.folder), path.resolve(args.out)];
  if (!force) await refuseToOverwrite(out);
  const { seen, unsupported } = await look({ ...args, folder });
  const mapping = mappingOf(seen);
  const keys = factKeys(mapping);
  if (mapping.flow === null || keys.length === 0) {
    const what = seen.map(({ name, role, reason }) => `  ${name}: ${role}, ${reason}`);
    const why =
      mapping.flow === null
        ? "no table looks like sales: rows with a day and numbers to add up"
        : `${mapping.flow.seen.name} looks like sales, but no column of it says what or where (a product or store, by name or by a list with that key)`;
    const lines = [...what, ...unsupported.map((one) => `  ${one.file}: ${one.why}`)];
    throw new SalesEtlError(
      `${why}${lines.length === 0 ? `; there is no CSV file in ${folder}` : `\n${lines.join("\n")}`}`,
      {
        code: "INIT_NO_SALES",
        path: folder,
      },
    );
  }
  const against = whyNotRetail(retail, mapping);
  const isRetail = against.length === 0;
  const name = contractName(args.name ?? path.basename(folder), new Set([retail.name]));
  const proposed = isRetail ? null : proposeContract(retail, name, mapping);
  const contract = proposed === null ? null : `./${CONTRACT}`;
  const settings = await proposeSettings({ folder, out, retail, mapping, contract });
  // What is proposed must be readable again.
  parsed(settingsSchema, withoutNotes(settings), SETTINGS);
  await makeFolder(out);
  const texts = new Map([[SETTINGS, jsonc(settings)]]);
  if (proposed !== null) texts.set(CONTRACT, jsonc(proposed.document));
  for (const [file, text] of texts) await writeFile(path.join(out, file), text);
  const questions = mapping.tables.flatMap(({ to, columns, seen: own }) => [
    ...(own.keyReason === null || to === "sales"
      ? []
      : [`${to}: is ${own.key?.join(" + ")} the key? ${own.keyReason}`]),
    ...(own.files[0]?.doubt == null ? [] : [`${own.name}: ${own.files[0].doubt}`]),
    ...columns.flatMap(({ seen: column }) =>
      column.question === null ? [] : [`${to} "${column.name}": ${column.question}`],
    ),
  ]);
  return {
    contract: isRetail ? retail.name : name,
    isRetail,
    whyNotRetail: against,
    tables: seen.map((table) => {
      const mapped = mapping.tables.find((one) => one.seen === table);
      const left = mapped === undefined ? [] : notTaken(retail, contract, mapped).map((column) => column.seen.name);
      return told(table, mapped, left);
    }),
    measures: proposed?.measures ?? retail.fact.measures.map((measure) => measure.name),
    questions: [
      ...questions,
      ...(mapping.calendar === null ? ["calendar: do your weeks run from Sunday to Saturday?"] : []),
      "time zone: whose midnight ends a business day?",
      ...(proposed?.left ?? []).map((one) => `${one}: left out, as it cannot be proven exact with these bounds`),
    ],
    unsupported,
    written: [...texts.keys()].map((file) => path.join(out, file)),
  };
}
