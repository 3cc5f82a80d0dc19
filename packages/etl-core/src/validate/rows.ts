/** The checks of the rows of one file, fed row by row. */
import type { Table } from "../contract/table.ts";
import type { StoredType } from "../contract/types.ts";
import { addDays, type BusinessDate } from "../landing/index.ts";
import { canonical } from "./canonical.ts";
import { codes, type ProblemCode } from "./codes.ts";
import type { CsvRow } from "./csv.ts";
import { doubledRows } from "./doubled.ts";
import { explainProblem, shortened } from "./explain.ts";
import type { Problem } from "./report.ts";
import { type RowContext, valueCheck } from "./value.ts";

/** Told of every fault, also of those that the report leaves out. */
export type ProblemSink = (problem: Problem) => void;

export interface RowCounts {
  readonly rowsRead: number;
  readonly rowsRejected: number;
  /** Every row of a delta occurs an even number of times. */
  readonly isDoubled: boolean;
}

/** Told of each key of a file once; throws where another file of the table and date has it, too. */
export type KeyOnce = (key: string, shown: string, line: number) => void;

interface KeyField {
  readonly field: number;
  readonly type: StoredType | undefined;
}

/** @param columns the contract's column of each field, as the header says */
export function rowChecker(
  table: Table,
  businessDate: BusinessDate,
  columns: readonly (string | null)[],
  sink: ProblemSink,
  keyOnce?: KeyOnce,
): { check: (row: CsvRow) => void; counts: () => RowCounts } {
  const context: RowContext = { latest: businessDate, earliest: addDays(businessDate, -(table.dated?.lateness ?? 0)) };
  // In the order of the contract, as the check SQL lists them.
  const checks = table.columnNames.map((name) => {
    const spec = table.columns[name];
    if (spec === undefined) throw new TypeError(`${table.name} has no column ${name}`);
    return { name, field: columns.indexOf(name), check: valueCheck(spec, table.dated?.column === name) };
  });
  const keyFields =
    table.key?.map((name) => ({ field: columns.indexOf(name), type: table.columns[name]?.type })) ?? null;
  const keyName = table.key?.join("+") ?? "";
  /** The first row with a key; its line is 0 once that row is known not to be alone. */
  const firsts = new Map<string, { line: number; readonly shown: string }>();
  // A snapshot's equal rows have equal keys: they are found that way.
  const doubled = table.load === "delta" && table.key === null ? doubledRows() : null;
  let rowsRead = 0;
  let rowsRejected = 0;

  const report = (code: ProblemCode, line: number, column: string, value: string) =>
    sink({ code, line, column, value: shortened(value), message: explainProblem(table, code, column) });

  const checkRules = (row: CsvRow): boolean => {
    const text = (name: string) => row.fields[columns.indexOf(name)] ?? "";
    const broken = table.rules.filter(({ holds }) => !holds(text));
    for (const { column, description } of broken) {
      const message = `${codes.RULE_BROKEN} Expected: ${description}.`;
      sink({ code: "RULE_BROKEN", line: row.line, column, value: shortened(text(column)), message });
    }
    return broken.length === 0;
  };

  const checkKey = (row: CsvRow, fields: readonly KeyField[]) => {
    const texts = fields.map(({ field }) => row.fields[field] ?? "");
    const key = fields.map(({ type }, index) => canonical(texts[index] ?? "", type)).join("\0");
    const shown = texts.join("|");
    const first = firsts.get(key);
    if (first === undefined) {
      keyOnce?.(key, shown, row.line);
      firsts.set(key, { line: row.line, shown });
      return;
    }
    if (first.line > 0) {
      report("KEY_NOT_UNIQUE", first.line, keyName, first.shown);
      rowsRejected += 1;
      first.line = 0;
    }
    report("KEY_NOT_UNIQUE", row.line, keyName, shown);
    rowsRejected += 1;
  };

  return {
    check(row) {
      rowsRead += 1;
      doubled?.add(row.fields);
      let wrong = false;
      for (const { name, field, check } of checks) {
        const text = row.fields[field] ?? "";
        const code = check(text, context);
        if (code === null) continue;
        wrong = true;
        report(code, row.line, name, text);
      }
      if (wrong || (table.rules.length > 0 && !checkRules(row))) rowsRejected += 1;
      else if (keyFields !== null) checkKey(row, keyFields);
    },
    counts: () => ({ rowsRead, rowsRejected, isDoubled: doubled?.isDoubled() ?? false }),
  };
}
