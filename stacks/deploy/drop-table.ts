/** Drops a table of the warehouse with its rows: what no deployment does. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { lakeRelations } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { type AthenaTable, findTable, runStatements } from "../../infra/warehouse/iceberg-table.athena.ts";

export interface DropTableArgs {
  readonly table: string;
  /** Of the foundation: where the tables are. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Tables that the program declares. @default those of the contract */
  readonly declared?: readonly string[];
}

/**
 * Athena drops an Iceberg table together with its files. Only one that the program has forgotten: the next deployment would
 * make another one, empty.
 *
 * @returns its folder, now empty; the bucket keeps deleted versions for a while
 * @throws SalesEtlError TABLE_DECLARED, TABLE_MISSING, NOT_DEPLOYED
 */
export async function dropTable({ table, outputs, declared = declaredTables() }: DropTableArgs): Promise<string> {
  const problem = (code: string, message: string) => new SalesEtlError(message, { code, path: table });
  if (declared.includes(table)) {
    throw problem(
      "TABLE_DECLARED",
      `${table} is a table of the contract: take it out and deploy the foundation first, which forgets it`,
    );
  }
  const place = { ...placeOf(outputs), table };
  const found = await findTable(place);
  if (found === null) throw problem("TABLE_MISSING", `there is no table ${place.database}.${table}`);
  await runStatements(place, [`DROP TABLE \`${table}\``]);
  return found.location;
}

const declaredTables = () => lakeRelations(retail).map(({ name }) => name);

function placeOf({ databaseName, workGroupName, kmsKeyArn }: DropTableArgs["outputs"]): Omit<AthenaTable, "table"> {
  const region = typeof kmsKeyArn === "string" ? kmsKeyArn.split(":")[3] : undefined;
  if (typeof databaseName !== "string" || typeof workGroupName !== "string" || region === undefined) {
    throw new SalesEtlError("the foundation is not deployed: it has no database", { code: "NOT_DEPLOYED" });
  }
  return { region, database: databaseName, workGroup: workGroupName };
}
