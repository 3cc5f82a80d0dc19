/** Checks before a publish, each as a SELECT of the rows that break the rule: no row, no fault. Portable SQL. */
import { type Dataset, tableOf } from "../contract/dataset.ts";
import { datedTables } from "../measures/fact.ts";
import { TOUCHED } from "./fact.ts";

export interface QualityCheck {
  readonly name: string;
  /** For a person, when it breaks. */
  readonly rule: string;
  readonly sql: string;
}

/** @param candidate the relation with the fact's new rows */
export function qualityChecks(dataset: Dataset, candidate: string): readonly QualityCheck[] {
  const { fact } = dataset;
  const { calendar, flow, keys } = fact;
  const dated = datedTables(fact);
  const days = `SELECT c.${calendar.date} AS day FROM ${calendar.table} c JOIN ${TOUCHED} t ON t.${calendar.period} = c.${calendar.period}`;
  const grain = [calendar.period, ...keys].join(", ");
  return [
    {
      name: "grain",
      rule: `one row per ${grain} in ${fact.name}`,
      sql: `SELECT ${grain}, COUNT(*) AS copies FROM ${candidate} GROUP BY ${grain} HAVING COUNT(*) > 1`,
    },
    ...dated.map(({ table, date }) => ({
      name: `${table}_has_week`,
      rule: `every day of ${table} is in ${calendar.table}`,
      sql: `SELECT DISTINCT r.${date} FROM ${table} r LEFT JOIN ${calendar.table} c ON c.${calendar.date} = r.${date} WHERE c.${calendar.date} IS NULL`,
    })),
    ...dated
      .filter(({ table }) => tableOf(dataset, table).key !== null)
      .map(({ table }) => {
        const key = tableOf(dataset, table).key?.join(", ");
        return {
          name: `${table}_key`,
          rule: `one row per ${key} in ${table}, over all dates`,
          sql: `SELECT ${key}, COUNT(*) AS copies FROM ${table} GROUP BY ${key} HAVING COUNT(*) > 1`,
        };
      }),
    ...fact.measures.flatMap((measure) =>
      measure.kind !== "sum"
        ? []
        : [
            {
              name: `${measure.name}_total`,
              rule: `${measure.name} of the fact equals the accepted rows of ${flow.table}, to the last digit`,
              sql: `SELECT f.total AS in_fact, s.total AS in_source FROM
  (SELECT COALESCE(SUM(${measure.name}), 0) AS total FROM ${candidate}) f
  CROSS JOIN (SELECT COALESCE(SUM(${measure.of.column}), 0) AS total FROM ${flow.table} WHERE ${flow.date} IN (${days})) s
  WHERE f.total <> s.total`,
            },
          ],
    ),
  ];
}
