/** The checks of the rows of one file, fed row by row. */
import { latenessOf, type Table } from "../contract/table.ts";
import { addDays, type BusinessDate } from "../landing/index.ts";
import { codes, type ProblemCode } from "./codes.ts";
import type { CsvRow } from "./csv.ts";
import { doubledRows } from "./doubled.ts";
import { explainProblem, shortened } from "./explain.ts";
import { keyColumns, shownOf } from "./key-parts.ts";
import type { FileKeys } from "./keys.ts";
import { plainColumn } from "./plain-column.ts";
import { plainKeys } from "./plain-keys.ts";
import { fieldText, plainRows } from "./plain-rows.ts";
import type { PlainRows } from "./reader.ts";
import type { Problem } from "./report.ts";
import { columnTotal, decimalText, type Totals, totalColumns } from "./totals.ts";
import { type RowContext, valueCheck } from "./value.ts";

/** Told of every fault, also of those that the report leaves out. */
export type ProblemSink = (problem: Problem) => void;

export interface RowCounts {
  readonly rowsRead: number;
  readonly rowsRejected: number;
  /** Every row occurs an even number of times, in a table whose rows are told by no key. */
  readonly isDoubled: boolean;
  /** Of such a table, by {@link doubledRows}: the same rows in another order have the same. */
  readonly rowsDigest: string | null;
  readonly totals: Totals;
}

/** No number of the column: a sum without it would say nothing. */
const UNREADABLE: readonly ProblemCode[] = ["VALUE_NOT_DECIMAL", "VALUE_TOO_PRECISE"];

export interface RowChecker {
  check(row: CsvRow): void;
  /** The same checks of right rows as bytes. */
  readonly plain: PlainRows;
  /** After the last row: tells the keys that stand twice. */
  end(): void;
  counts(): RowCounts;
}

/** @param columns the contract's column of each field, as the header says */
export function rowChecker(
  table: Table,
  businessDate: BusinessDate,
  columns: readonly (string | null)[],
  sink: ProblemSink,
  keys: FileKeys | null = null,
): RowChecker {
  const lateness = latenessOf(table);
  // No day is before an empty text.
  const context: RowContext = {
    latest: businessDate,
    earliest: lateness === null ? "" : addDays(businessDate, -lateness),
  };
  const scales = totalColumns(table);
  // In the order of the contract, as the check SQL lists them.
  const checks = table.columnNames.map((name) => {
    const spec = table.columns[name];
    if (spec === undefined) throw new TypeError(`${table.name} has no column ${name}`);
    const scale = scales.get(name);
    const total = scale === undefined ? null : columnTotal(scale);
    const check = valueCheck(spec, table.dated?.column === name);
    return { name, field: columns.indexOf(name), check, total, readable: true };
  });
  const keyFields = (table.key ?? []).map((name) => columns.indexOf(name));
  const asParts = keyColumns(table);
  const keyName = table.key?.join("+") ?? "";
  // A snapshot's equal rows have equal keys: they are found that way.
  const doubled = table.load !== "snapshot" && table.key === null ? doubledRows() : null;
  let rowsRead = 0;
  let rowsRejected = 0;

  const report = (code: ProblemCode, line: number, column: string, value: string) =>
    sink({ code, line, column, value: shortened(value), message: explainProblem(table, code, column) });

  const summed = checks.flatMap(({ field, total }) => (total === null || field < 0 ? [] : [{ field, total }]));
  const typed = columns.some((name) => !["string", "boolean", undefined].includes(table.columns[name ?? ""]?.type));
  const plainColumns = columns.map((name) => {
    const spec = table.columns[name ?? ""] ?? null;
    const check = checks.find((one) => one.name === name)?.check ?? (() => null);
    return plainColumn(spec, table.dated?.column === name, check, context);
  });
  const keepPlainKey = plainKeys(plainColumns, keyFields);
  const plain = plainRows({
    columns: plainColumns,
    context,
    headerLength: typed ? null : (columns[0] ?? "").length,
    accept: (row) =>
      table.rules.length === 0 ||
      table.rules.every(({ holds }) => holds((name) => fieldText(row, columns.indexOf(name)))),
    take(row, line, from, to) {
      rowsRead += 1;
      if (row.isQuoted) doubled?.addFields(row.bytes, row.starts, row.ends);
      else doubled?.addLine(row.bytes, from, to);
      for (const { field, total } of summed) {
        const units = row.values[field] as number;
        if (!Number.isNaN(units)) total.addUnits(units);
      }
      if (keys !== null && keyFields.length > 0) keepPlainKey(keys, row, line);
    },
  });

  const checkRules = (row: CsvRow): boolean => {
    const text = (name: string) => row.fields[columns.indexOf(name)] ?? "";
    const broken = table.rules.filter(({ holds }) => !holds(text));
    for (const { column, description } of broken) {
      const message = `${codes.RULE_BROKEN} Expected: ${description}.`;
      sink({ code: "RULE_BROKEN", line: row.line, column, value: shortened(text(column)), message });
    }
    return broken.length === 0;
  };

  const keepKey = (store: FileKeys, line: number, texts: readonly string[]) => {
    const parts = asParts.map(({ part }, index) => part(texts[index] ?? ""));
    const shown = texts.join("|");
    store.add(parts, shown === shownOf(asParts, parts) ? null : shown, line);
  };

  return {
    check(row) {
      rowsRead += 1;
      doubled?.add(row.fields);
      let wrong = false;
      for (const column of checks) {
        const { name, field, check, total } = column;
        const text = row.fields[field] ?? "";
        const code = check(text, context);
        if (total !== null && text !== "") {
          if (code !== null && UNREADABLE.includes(code)) column.readable = false;
          else total.add(text);
        }
        if (code === null) continue;
        wrong = true;
        report(code, row.line, name, text);
      }
      if (wrong || (table.rules.length > 0 && !checkRules(row))) rowsRejected += 1;
      else if (keys !== null && keyFields.length > 0) {
        const texts = keyFields.map((field) => row.fields[field] ?? "");
        keepKey(keys, row.line, texts);
      }
    },
    plain,
    end() {
      rowsRejected += keys?.repeats((line, shown) => report("KEY_NOT_UNIQUE", line, keyName, shown)) ?? 0;
    },
    counts: () => ({
      rowsRead,
      rowsRejected,
      isDoubled: doubled?.isDoubled() ?? false,
      rowsDigest: doubled?.digest() ?? null,
      totals: Object.fromEntries(
        checks.flatMap(({ name, total, readable }) =>
          total === null ? [] : [[name, readable ? decimalText(total.value(), scales.get(name) ?? 0) : null] as const],
        ),
      ),
    }),
  };
}
