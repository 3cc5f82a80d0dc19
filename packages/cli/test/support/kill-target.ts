/** What the kill drill kills: says `ready`, then writes to the warehouse. */
import { retail } from "@sales-etl/etl-core/retail";
import { rollback } from "../../src/engine/rollback.ts";
import { runDates } from "../../src/engine/run.ts";

const [operation = "", landing = "", warehouse = "", ...rest] = process.argv.slice(2);
process.stdout.write("ready\n");
if (operation === "run") await runDates({ dataset: retail, landing, warehouse, dates: rest });
else await rollback({ dataset: retail, warehouse, to: rest[0] ?? "" });
