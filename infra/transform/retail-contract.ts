import { fileURLToPath } from "node:url";

/** The contract of the retail data set as the Spark job reads it: a file. */
export const retailContract = fileURLToPath(import.meta.resolve("@sales-etl/etl-core/generated/spark/retail.json"));
