import { retail } from "@sales-etl/etl-core/retail";
import { bindHandler } from "./bind.ts";

export const handler = bindHandler(retail, process.env);
