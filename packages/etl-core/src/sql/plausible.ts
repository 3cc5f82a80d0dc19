/**
 * Checks of what is unlikely rather than wrong: keys that no dimension has, stock that moved as it cannot. They warn, as
 * one such row should not hold up a night; a contract may make each an error, or leave it out.
 */
import type { Dataset } from "../contract/dataset.ts";
import { tableOf } from "../contract/table-of.ts";
import { SalesEtlError } from "../errors.ts";
import type { QualityCheck, Shared } from "./quality.ts";

type Unjudged = Omit<QualityCheck, "severity">;

/** A fact's key that the newest snapshot of the table it names does not have. */
function knownKeys(dataset: Dataset, candidate: string): Unjudged[] {
  return dataset.fact.keys.flatMap((key) =>
    dataset.tables
      .filter(({ load, key: own }) => load === "snapshot" && own?.length === 1 && own[0] === key)
      .map(({ name }) => ({
        name: `${key}_known`,
        reads: "fact" as const,
        by: null,
        over: null,
        rule: `every ${key} of ${dataset.fact.name} is in the newest ${name}`,
        sql: `SELECT f.${key}, COUNT(*) AS fact_rows FROM ${candidate} f LEFT JOIN ${name} d ON d.${key} = f.${key} WHERE d.${key} IS NULL GROUP BY f.${key}`,
      })),
  );
}

const LEDGER = "ledger";

interface Ledger {
  /** The days of stock that have a row of the day before, with what was sold; `where` selects some of them. */
  readonly days: (where: string) => string;
  /** The same and the rows that have another of the same day before them: `twin` is 1 of these. */
  readonly daysAndTwins: (where: string) => string;
  readonly columns: readonly string[];
  readonly appeared: string;
  readonly vanished: string;
}

/** Stock against the day before. There are no receipts to balance it with, so only what cannot be is found. */
function ledgerOf({ fact, ledger }: Dataset): Ledger | null {
  const { stock, flow, keys } = fact;
  if (ledger === null || stock === null) return null;
  const { onHand, onOrder, waste, quantity } = ledger;
  const by = [stock.date, ...keys];
  const zero = "CAST(0 AS DECIMAL(18,2))";
  const over = `OVER (PARTITION BY ${keys.join(", ")} ORDER BY ${stock.date})`;
  const before = `WITH moved AS (
  SELECT ${[flow.date, ...keys].join(", ")}, SUM(${quantity}) AS sold
  FROM ${flow.table} GROUP BY ${[flow.date, ...keys].join(", ")}
),
stood AS (
  SELECT ${by.join(", ")}, ${onHand} AS closing, COALESCE(${waste}, ${zero}) AS wasted,
    LAG(${onHand}) ${over} AS opening, LAG(${onOrder}) ${over} AS on_order, LAG(${stock.date}) ${over} AS day_before
  FROM ${stock.table}
)`;
  const select = (twin: string, or: string) => (where: string) =>
    `${before},
ledger_days AS (
  SELECT ${by.map((column) => `s.${column}`).join(", ")}, s.opening, s.closing, s.wasted, s.on_order, COALESCE(m.sold, ${zero}) AS sold${twin}
  FROM stood s
  LEFT JOIN moved m ON m.${flow.date} = s.${stock.date} AND ${keys.map((key) => `m.${key} = s.${key}`).join(" AND ")}
  WHERE s.day_before = s.${stock.date} - INTERVAL '1' DAY${or}
)
SELECT * FROM ledger_days WHERE ${where}`;
  const isTwin = `s.day_before = s.${stock.date}`;
  const sold = "CASE WHEN sold > 0 THEN sold ELSE 0 END";
  const returned = "CASE WHEN sold < 0 THEN -sold ELSE 0 END";
  return {
    days: select("", ""),
    daysAndTwins: select(`, CASE WHEN ${isTwin} THEN 1 ELSE 0 END AS twin`, ` OR ${isTwin}`),
    columns: [...by, "opening", "closing", "wasted", "on_order", "sold"],
    appeared: `on_order = 0 AND closing > opening + ${returned}`,
    vanished: `closing < opening - ${sold} - wasted`,
  };
}

/** The relation in which every row of stock is looked at but once, for its key and for its ledger. */
const sharedLedger = ({ daysAndTwins, appeared, vanished }: Ledger, select: string): Shared => ({
  name: LEDGER,
  sql: daysAndTwins(`twin = 1 OR (${appeared}) OR (${vanished})`),
  select,
});

/**
 * How often a key of stock stands there, told by the ledger, which sorts the rows by it: null where the contract has no
 * ledger, looks for nothing in it, or the table has another key.
 */
export function keyOverLedger(dataset: Dataset, table: string): Shared | null {
  const { fact, severities } = dataset;
  const ledger = ledgerOf(dataset);
  const key = tableOf(dataset, table).key ?? [];
  const by = fact.stock === null ? [] : [fact.stock.date, ...fact.keys];
  const isOff = ["appeared", "vanished"].every((name) => severities[`${table}_${name}`] === "off");
  if (ledger === null || isOff || fact.stock?.table !== table) return null;
  if (key.toSorted().join() !== by.toSorted().join()) return null;
  const columns = key.join(", ");
  return sharedLedger(
    ledger,
    `SELECT ${columns}, COUNT(*) + 1 AS copies FROM ${LEDGER} WHERE twin = 1 GROUP BY ${columns}`,
  );
}

function ledgerChecks(dataset: Dataset): Unjudged[] {
  const { stock, keys } = dataset.fact;
  const ledger = ledgerOf(dataset);
  if (ledger === null || stock === null || dataset.ledger === null) return [];
  const { onHand, outOfStock } = dataset.ledger;
  const { days, columns, appeared, vanished } = ledger;
  const overLedger = (condition: string) => ({
    reads: "sources" as const,
    by: "period-and-day-before" as const,
    sql: days(condition),
    over: {
      name: LEDGER,
      sql: days(`(${appeared}) OR (${vanished})`),
      select: `SELECT * FROM ${LEDGER} WHERE ${condition}`,
    },
    overAll: sharedLedger(ledger, `SELECT ${columns.join(", ")} FROM ${LEDGER} WHERE twin = 0 AND ${condition}`),
  });
  return [
    {
      name: `${stock.table}_appeared`,
      rule: `${stock.table} grows from one day to the next by what was on order or came back`,
      ...overLedger(appeared),
    },
    {
      name: `${stock.table}_vanished`,
      rule: `${stock.table} shrinks from one day to the next by no more than what was sold and thrown away`,
      ...overLedger(vanished),
    },
    {
      name: `${stock.table}_not_out`,
      reads: "sources",
      by: "period",
      over: null,
      rule: `${outOfStock} = 1 means that nothing is on hand`,
      sql: `SELECT ${[stock.date, ...keys].join(", ")}, ${onHand} FROM ${stock.table} WHERE ${outOfStock} = 1 AND ${onHand} > 0`,
    },
  ];
}

const allOf = (dataset: Dataset, candidate: string): Unjudged[] => [
  ...knownKeys(dataset, candidate),
  ...ledgerChecks(dataset),
];

/** The checks whose severity a data set and a deployment may choose. */
export const plausibilityNames = (dataset: Dataset): string[] =>
  allOf(dataset, dataset.fact.name).map(({ name }) => name);

/**
 * @param candidate the relation with the fact's new rows
 * @throws {SalesEtlError} CONTRACT_INVALID where `dataset.severities` names a check that there is not
 */
export function plausibilityChecks(dataset: Dataset, candidate: string): readonly QualityCheck[] {
  const checks = allOf(dataset, candidate);
  for (const name of Object.keys(dataset.severities)) {
    if (checks.some((check) => check.name === name)) continue;
    throw new SalesEtlError(`there is no check ${name}: ${checks.map((check) => check.name).join(", ")}`, {
      code: "CONTRACT_INVALID",
      path: `severities.${name}`,
    });
  }
  return checks.flatMap((check) => {
    const severity = dataset.severities[check.name] ?? "warning";
    return severity === "off" ? [] : [{ ...check, severity }];
  });
}
