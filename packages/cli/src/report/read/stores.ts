/** The headline numbers by the first key, against the period before, with what each is made of by the second. */
import { aggregateSql } from "@sales-etl/etl-core/sql";
import { quoted, type Row } from "../../engine/duckdb.ts";
import { BEFORE, SHOWN } from "./periods.ts";
import { type Groups, groupsOf, partsOfEach, type Reading, withPart } from "./rows.ts";

export interface ByKey {
  readonly groups: Groups;
  /** Of the period before, by `part`; empty where there is none. */
  readonly before: ReadonlyMap<string, Row>;
  /** For each row of the groups; null where the fact has one key. */
  readonly parts: readonly (Groups | null)[];
}

const ROWS = 12;
const PARTS = 6;

export async function readByKey(reading: Reading, compared: boolean): Promise<ByKey> {
  const { engine, dataset, plan } = reading;
  const [key = ""] = dataset.fact.keys;
  const fact = plan.factOf(plan.headlines.map(({ measure }) => measure.name));
  const order = `${plan.headlines[0]?.measure.name} DESC NULLS LAST`;
  const groups = await groupsOf(reading, { fact, relation: SHOWN, key, column: null, order, limit: ROWS });
  const names = groups.rows.map(({ part }) => String(part));
  const parts = await partsOfEach(reading, { fact, relation: SHOWN, key, order, limit: PARTS }, names);
  const rows = compared
    ? await engine.rows(
        `SELECT * FROM (${aggregateSql(fact, `(${withPart(reading, BEFORE, key, null)})`, ["part"], { onePeriod: true })}) WHERE part IN (${names.map(quoted).join(", ") || "NULL"})`,
      )
    : [];
  return { groups, parts, before: new Map(rows.map((row) => [String(row.part), row])) };
}
