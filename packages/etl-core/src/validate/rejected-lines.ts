/**
 * Where the rows stand that an engine rejected: an engine's reader knows no lines. A second pass over the file finds them
 * by what stands in them; rows with the same texts are judged alike, so that repeated ones are all found.
 */
import type { Table } from "../contract/table.ts";
import type { BusinessDate } from "../landing/index.ts";
import { canonicalOf } from "./canonical.ts";
import { codes, type ProblemCode } from "./codes.ts";
import type { ByteSource } from "./content.ts";
import type { CsvRow } from "./csv.ts";
import { explainProblem, shortened } from "./explain.ts";
import { readHeader } from "./header.ts";
import { readRows } from "./reader.ts";
import { type ProblemSink, type RowChecker, rowChecker } from "./rows.ts";

/** What the check SQL says of the rejected rows of one file, each only once. */
export interface EngineRejects {
  /** `_texts` and `_problems` of the rows that are wrong by themselves. */
  readonly wrong: ReadonlyMap<string, string>;
  /** The keys that stand twice among the rows that are right by themselves, by {@link keyText}. */
  readonly keys: ReadonlySet<string>;
}

/** The texts of a row in the order of the contract, as the check SQL joins them. */
export const encodeTexts = (texts: readonly string[]): string =>
  texts.map((text) => text.replaceAll("~", "~0").replaceAll("|", "~1")).join("|");

/** @param values of the key's columns, in any way of writing them */
export const keyText = (table: Table, values: readonly string[]): string =>
  (table.key ?? []).map((name, index) => canonicalOf(table.columns[name]?.type)(values[index] ?? "")).join("\0");

/** Tells each fault with its line and value, in the order of the file, as the stream checker would. */
export async function locateRejects(
  table: Table,
  businessDate: BusinessDate,
  file: string,
  stream: ByteSource,
  rejects: EngineRejects,
  sink: ProblemSink,
): Promise<void> {
  let columns: readonly (string | null)[] | null = null;
  let judge: RowChecker | null = null;
  let isWrong = false;
  const keyName = table.key?.join("+") ?? "";
  const take = ({ line, fields }: CsvRow) => {
    if (columns === null || judge === null) {
      columns = readHeader(table, fields).columns;
      const found = () => {
        isWrong = true;
      };
      judge = rowChecker(table, businessDate, columns, found);
      return;
    }
    const header: readonly (string | null)[] = columns;
    const text = (name: string) => fields[header.indexOf(name)] ?? "";
    const tell = (column: string, code: ProblemCode, value: string, message: string) =>
      sink({ code, line, column, value: shortened(value), message });
    const problems = rejects.wrong.get(encodeTexts(table.columnNames.map(text)));
    if (problems !== undefined) {
      for (const problem of problems.split(";")) {
        const [column = "", code = ""] = problem.split("=");
        if (code === "RULE_BROKEN") continue;
        tell(column, code as ProblemCode, text(column), explainProblem(table, code as ProblemCode, column));
      }
      if (!problems.includes("=RULE_BROKEN")) return;
      for (const { column, description } of table.rules.filter(({ holds }) => !holds(text))) {
        tell(column, "RULE_BROKEN", text(column), `${codes.RULE_BROKEN} Expected: ${description}.`);
      }
    } else if (rejects.keys.size > 0) {
      const texts = (table.key ?? []).map(text);
      if (!rejects.keys.has(keyText(table, texts))) return;
      // A row that is wrong by itself takes no part in its key.
      isWrong = false;
      judge.check({ line, fields });
      if (isWrong) return;
      tell(keyName, "KEY_NOT_UNIQUE", texts.join("|"), explainProblem(table, "KEY_NOT_UNIQUE", keyName));
    }
  };
  const facts = { bytes: 0, sha256: "", contentSha256: "" };
  await readRows(stream, file.endsWith(".gz"), facts, { take, plain: () => null });
}
