import type * as pulumi from "@pulumi/pulumi";
import type { TableShape } from "@sales-etl/etl-core/evolution";
import { type AthenaTable, findTable, runStatements } from "./iceberg-table.athena.ts";

/** What a table is made from; plain values, as Pulumi keeps them. */
export interface IcebergTableInputs extends AthenaTable {
  /** `s3://...` of its files. */
  readonly location: string;
  readonly columns: TableShape["columns"];
  readonly partition: string | null;
  /** Athena's CREATE TABLE, for a table that is not there yet. */
  readonly ddl: string;
}

/**
 * Creates and evolves an Iceberg table through Athena. It never drops one: a table that leaves the program is forgotten
 * and stays where it is, and one that comes back is taken over.
 *
 * Pulumi runs the text of these methods, and of the functions that they call, in another process: packages that they use
 * are imported inside of them.
 */
export const icebergTableProvider: pulumi.dynamic.ResourceProvider<IcebergTableInputs, IcebergTableInputs> = {
  async check(olds, news) {
    const { evolveTable } = await import("@sales-etl/etl-core/evolution");
    // Nothing is known of a new table, and of one that becomes another.
    if (olds?.columns === undefined || olds.table !== news.table || olds.database !== news.database) {
      return { inputs: news };
    }
    const failures = evolveTable(`${news.database}.${news.table}`, olds, news).breaking.map(({ path, message }) => ({
      property: path,
      reason: message,
    }));
    if (olds.location !== news.location) {
      failures.push({ property: "location", reason: `is ${olds.location}: a table's files stay where they are` });
    }
    return { inputs: news, failures };
  },

  async diff(_, olds, news) {
    const { evolveTable } = await import("@sales-etl/etl-core/evolution");
    const replaces = (["database", "table"] as const).filter((name) => olds[name] !== news[name]);
    const { statements } = evolveTable(`${news.database}.${news.table}`, olds, news);
    return { changes: replaces.length > 0 || statements.length > 0, replaces, stables: ["location"] };
  },

  async create(inputs) {
    const { evolveTable } = await import("@sales-etl/etl-core/evolution");
    const found = await findTable(inputs);
    const id = `${inputs.database}.${inputs.table}`;
    if (found === null) {
      await runStatements(inputs, [inputs.ddl]);
      return { id, outs: inputs };
    }
    const { statements, breaking } = evolveTable(id, { ...inputs, ...found }, inputs);
    if (breaking.length > 0) {
      const reasons = breaking.map(({ path, message }) => `${path} ${message}`).join("; ");
      throw new Error(`the table ${id} exists and is another one: ${reasons}`);
    }
    await runStatements(inputs, statements);
    return { id, outs: inputs };
  },

  async update(id, olds, news) {
    const { evolveTable } = await import("@sales-etl/etl-core/evolution");
    // What is there counts, not what was there at the last deployment: a half of one may have been done.
    const found = await findTable(news);
    await runStatements(news, evolveTable(id, { ...olds, ...found }, news).statements);
    return { outs: news };
  },

  async read(id, props) {
    if (props === undefined)
      throw new Error(`${id} cannot be imported: a table that exists is taken over by creating it`);
    const found = await findTable(props);
    if (found === null) return {};
    const seen = { ...props, ...found };
    return { id, props: seen, inputs: seen };
  },

  async delete() {
    // Rows outlive the program that declared their table.
  },
};
