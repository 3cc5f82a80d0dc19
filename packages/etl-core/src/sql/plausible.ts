/**
 * Checks of what is unlikely rather than wrong: keys that no dimension has, stock that moved as it cannot. They warn, as
 * one such row should not hold up a night; a contract may make each an error, or leave it out.
 */
import type { Dataset } from "../contract/dataset.ts";
import { SalesEtlError } from "../errors.ts";
import type { QualityCheck } from "./quality.ts";

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

/** Stock against the day before. There are no receipts to balance it with, so only what cannot be is found. */
function ledgerChecks({ fact, ledger: columns }: Dataset): Unjudged[] {
  const { stock, flow, keys } = fact;
  if (columns === null || stock === null) return [];
  const { onHand, onOrder, waste, outOfStock, quantity } = columns;
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
  const days = `SELECT ${by.map((column) => `s.${column}`).join(", ")}, s.opening, s.closing, s.wasted, s.on_order, COALESCE(m.sold, ${zero}) AS sold
  FROM stood s
  LEFT JOIN moved m ON m.${flow.date} = s.${stock.date} AND ${keys.map((key) => `m.${key} = s.${key}`).join(" AND ")}
  WHERE s.day_before = s.${stock.date} - INTERVAL '1' DAY`;
  const sold = "CASE WHEN sold > 0 THEN sold ELSE 0 END";
  const returned = "CASE WHEN sold < 0 THEN -sold ELSE 0 END";
  const appeared = `on_order = 0 AND closing > opening + ${returned}`;
  const vanished = `closing < opening - ${sold} - wasted`;
  const ledger = `${before},\nledger_days AS (\n  ${days}\n)`;
  const overLedger = (condition: string) => ({
    reads: "sources" as const,
    by: "period-and-day-before" as const,
    sql: `${ledger}\nSELECT * FROM ledger_days WHERE ${condition}`,
    over: {
      name: "ledger",
      sql: `${ledger}\nSELECT * FROM ledger_days WHERE (${appeared}) OR (${vanished})`,
      select: `SELECT * FROM ledger WHERE ${condition}`,
    },
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
      sql: `SELECT ${by.join(", ")}, ${onHand} FROM ${stock.table} WHERE ${outOfStock} = 1 AND ${onHand} > 0`,
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
