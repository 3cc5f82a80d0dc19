/** What an export of a table brings: a setting of the deployment, as the same table comes from one source so, from another so. */
import { SalesEtlError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import { type Load, requireLoad } from "./table.ts";
import { tableOf } from "./table-of.ts";

/** By table; those that are left out come as the contract says. */
export type Loads = Readonly<Record<string, Load>>;

const known: readonly string[] = ["delta", "snapshot", "cumulative"] satisfies readonly Load[];

/**
 * @param text `sales=cumulative,inventory=cumulative`; empty: as the contract says
 * @throws {SalesEtlError} LOAD_INVALID
 */
export function parseLoads(text: string): Loads {
  const loads: Record<string, Load> = {};
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [table = "", load = "", ...more] = part.split("=").map((one) => one.trim());
    if (table === "" || more.length > 0 || !known.includes(load)) {
      throw new SalesEtlError(`"${part.trim()}" is no load: write TABLE=LOAD with one of ${known.join(", ")}`, {
        code: "LOAD_INVALID",
        path: "load",
      });
    }
    if (loads[table] !== undefined && loads[table] !== load) {
      throw new SalesEtlError(`the load of ${table} is given twice: ${loads[table]} and ${load}`, {
        code: "LOAD_INVALID",
        path: `load.${table}`,
      });
    }
    loads[table] = load as Load;
  }
  return loads;
}

/**
 * The data set as a deployment's source delivers it.
 * @throws {SalesEtlError} CONTRACT_NO_TABLE; LOAD_INVALID where a table cannot come that way
 *
 * @example
 * const dataset = withLoads(retail, { sales: "cumulative", inventory: "cumulative" });
 */
export function withLoads<D extends Dataset>(dataset: D, loads: Loads): D {
  for (const name of Object.keys(loads)) tableOf(dataset, name);
  const tables = dataset.tables.map((table) => {
    const load = loads[table.name] ?? table.load;
    if (load === table.load) return table;
    const fail = (why: string): never => {
      throw new SalesEtlError(`table ${table.name} cannot be loaded as ${load}: ${why}`, {
        code: "LOAD_INVALID",
        path: `load.${table.name}`,
      });
    };
    // What is kept of a table, and what the fact does with it, follows from whether it has days.
    if (load === "snapshot") fail("the fact adds up its days; only delta or cumulative");
    if (table.load === "snapshot") fail("it comes whole each time; only snapshot");
    requireLoad(load, table.dated, fail);
    return { ...table, load };
  });
  return { ...dataset, tables };
}
