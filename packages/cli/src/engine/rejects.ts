/** The faults that the check SQL found in a file, with line and value: what the stream checker says, from the engine. */
import type { Readable } from "node:stream";
import type { Table } from "@sales-etl/etl-core/contract";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { keyText, locateRejects, type Problem } from "@sales-etl/etl-core/validate";
import { type Engine, quoted } from "./duckdb.ts";

/** So many different rejected rows are looked for in one pass over the file. */
const AT_ONCE = 50_000;

/**
 * @param relation the result of the check SQL
 * @param open the file, once for each pass; files without a rejected row are not opened
 */
export async function engineProblems(
  engine: Engine,
  relation: string,
  table: Table,
  businessDate: BusinessDate,
  file: string,
  open: () => Promise<Readable>,
  sink: (problem: Problem) => void,
): Promise<void> {
  const batches = async function* (select: string) {
    for (let offset = 0; ; offset += AT_ONCE) {
      const rows = await engine.rows(`${select} ORDER BY ALL LIMIT ${AT_ONCE} OFFSET ${offset}`);
      if (rows.length > 0) yield rows;
      if (rows.length < AT_ONCE) return;
    }
  };
  const ofFile = `FROM ${relation} WHERE _file = ${quoted(file)}`;
  for await (const rows of batches(`SELECT DISTINCT _texts, _problems ${ofFile} AND _texts IS NOT NULL`)) {
    const wrong = new Map(rows.map(({ _texts, _problems }) => [String(_texts), String(_problems)]));
    await locateRejects(table, businessDate, file, await open(), { wrong, keys: new Set() }, sink);
  }
  if (table.key === null) return;
  const twice = `SELECT DISTINCT ${table.key.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(", ")} ${ofFile} AND _texts IS NULL AND _problems <> ''`;
  for await (const rows of batches(twice)) {
    const keys = new Set(
      rows.map((row) =>
        keyText(
          table,
          (table.key ?? []).map((name) => String(row[name])),
        ),
      ),
    );
    await locateRejects(table, businessDate, file, await open(), { wrong: new Map(), keys }, sink);
  }
}
