/** Settings for tests: planning, compiling and optimising a query of a few rows costs more than running it as it is. */
import { readFileSync } from "node:fs";
import path from "node:path";

export const fewRows: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "few_rows.json"), "utf8"),
);
