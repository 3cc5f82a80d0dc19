/** A table in Athena and Glue. Runs as text in Pulumi's own process: see iceberg-table.provider.ts. */
import type { ColumnShape, TableShape } from "@sales-etl/etl-core/evolution";

export interface AthenaTable {
  readonly region: string;
  readonly workGroup: string;
  readonly database: string;
  readonly table: string;
}

/** @returns null when there is none of that name */
export async function findTable(
  table: AthenaTable,
): Promise<(Pick<TableShape, "columns"> & { readonly location: string }) | null> {
  const { GlueClient, GetTableCommand } = await import("@aws-sdk/client-glue");
  const client = new GlueClient({ region: table.region });
  const answer = await client
    .send(new GetTableCommand({ DatabaseName: table.database, Name: table.table }))
    .catch((error: Error) => {
      if (error.name === "EntityNotFoundException") return null;
      throw error;
    });
  if (answer === null) return null;
  const { Parameters = {}, StorageDescriptor } = answer.Table ?? {};
  const name = `${table.database}.${table.table}`;
  if (Parameters.table_type?.toUpperCase() !== "ICEBERG") throw new Error(`${name} exists and is no Iceberg table`);
  const columns: Record<string, ColumnShape> = {};
  for (const column of StorageDescriptor?.Columns ?? []) {
    // Glue still lists columns of older versions of the table.
    if (column.Parameters?.["iceberg.field.current"] === "false") continue;
    columns[column.Name ?? ""] = { type: column.Type ?? "", comment: column.Comment ?? "" };
  }
  return { columns, location: StorageDescriptor?.Location ?? "" };
}

/** One after the other, each to its end. */
export async function runStatements(table: AthenaTable, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return;
  const { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } = await import("@aws-sdk/client-athena");
  const client = new AthenaClient({ region: table.region });
  for (const statement of statements) {
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: statement,
        WorkGroup: table.workGroup,
        QueryExecutionContext: { Database: table.database },
      }),
    );
    for (;;) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason = "" } = QueryExecution?.Status ?? {};
      if (State === "SUCCEEDED") break;
      if (State === "FAILED" || State === "CANCELLED") {
        throw new Error(`Athena: ${StateChangeReason || State}\n${statement}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
