import { SalesEtlError } from "../errors.ts";
import type { Fact } from "../measures/fact.ts";
import { needsOf } from "../measures/needs.ts";
import { checkReportPlan, type ReportPlan } from "../measures/report-plan.ts";
import { ownNames } from "../sql/own-names.ts";
import { proveFact } from "../sql/prove.ts";
import type { Table } from "./table.ts";
import { describing, tableOf } from "./table-of.ts";

/** Tables that are exported, checked and published together, and the fact that is made of them. */
export interface Dataset {
  /** Lower case; names generated files. */
  readonly name: string;
  readonly title: string;
  /** Where the numbers come from; shown beside them. */
  readonly attribution: string | null;
  readonly tables: readonly Table[];
  readonly fact: Fact;
  /** null: stock is not held against the day before. */
  readonly ledger: StockLedger | null;
  /** By the name of a check that warns by itself: what it does instead. */
  readonly severities: Readonly<Record<string, "warning" | "error" | "off">>;
  /** What pages show first; null: they choose by the kinds of the measures. */
  readonly report: ReportPlan | null;
}

/** Columns of the stock table, and of the flow, that say how stock moves from day to day. */
export interface StockLedger {
  readonly onHand: string;
  readonly onOrder: string;
  readonly waste: string;
  /** 1 where there was nothing left. */
  readonly outOfStock: string;
  /** Of the flow: what left, negative for what came back. */
  readonly quantity: string;
}

/** What is optional in a declaration. */
type Given = Omit<Dataset, "attribution" | "ledger" | "severities" | "report"> &
  Partial<Pick<Dataset, "ledger" | "severities" | "report">> & { readonly attribution?: string | null };

/**
 * Declares a data set; everything the fact names must exist, and its SQL must stay within 64 bits for all that the
 * checks let through.
 * @throws {SalesEtlError} CONTRACT_INVALID, CONTRACT_NO_TABLE, MEASURE_INVALID, MEASURE_UNBOUNDED, REPORT_INVALID
 */
export function defineDataset(args: Given): Dataset {
  const dataset = {
    ...args,
    attribution: args.attribution ?? null,
    ledger: args.ledger ?? null,
    severities: args.severities ?? {},
    report: args.report ?? null,
  };
  const { fact } = dataset;
  const expect = (table: string, columns: readonly string[]) => {
    const found = tableOf(dataset, table);
    for (const column of columns) {
      if (found.columns[column] === undefined) {
        throw new SalesEtlError(`${fact.name}: the table ${table} has no column ${column}`, {
          code: "CONTRACT_INVALID",
          path: `${fact.name}.${table}.${column}`,
        });
      }
    }
  };
  expect(fact.calendar.table, [fact.calendar.date, fact.calendar.period]);
  expect(fact.flow.table, [fact.flow.date, ...fact.keys]);
  if (fact.stock !== null) expect(fact.stock.table, [fact.stock.date, ...fact.keys]);
  const { columns } = needsOf(fact, [...fact.measures, ...(fact.brief?.measures ?? [])], fact.daily ?? []);
  for (const { table, column } of columns) expect(table, [column]);
  for (const column of Object.keys(fact.flow.perDay ?? {})) expect(fact.flow.table, [column]);
  if (dataset.ledger !== null) {
    const { quantity, ...stock } = dataset.ledger;
    expect(fact.flow.table, [quantity]);
    expect(fact.stock?.table ?? "", Object.values(stock));
  }
  if (dataset.report !== null) {
    checkReportPlan(fact, dataset.report);
    for (const { key, column } of dataset.report.heat?.by ?? []) {
      if (column !== null) expect(describing(dataset, key)?.name ?? key, [column]);
    }
  }
  proveFact(dataset);
  const own = ownNames(dataset);
  for (const { name } of dataset.tables) {
    if (!own.has(name)) continue;
    throw new SalesEtlError(`${name} is the name of a relation that the checks make: give the table another one`, {
      code: "CONTRACT_INVALID",
      path: name,
    });
  }
  return dataset;
}
