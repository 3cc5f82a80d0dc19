/** The DAG: lint, format, its structure and runs of it. */
import { nothing, type Outcome } from "../outcome.ts";

export async function airflow(): Promise<Outcome> {
  return nothing;
}
