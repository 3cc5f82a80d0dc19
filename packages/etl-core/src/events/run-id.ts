/** Names of the DAG's runs: the same work has the same name, so that Airflow refuses to begin it twice. */
import { type BusinessDate, isBusinessDate } from "../landing/index.ts";

/** The DAG, see airflow/dags. */
export const DAG_ID = "sales_daily";

export interface RunName {
  readonly businessDate: BusinessDate;
  /** The `<id>` of the receipt `validated-<id>`: a corrected delivery is another run. */
  readonly judgement: string;
  /** 1, or which time a person asks for the same again. */
  readonly attempt: number;
}

/** `sales_daily__2017-06-30__0a1b2c3d4e5f6071`, and with `__2` at the end for the second attempt. */
export const runId = ({ businessDate, judgement, attempt }: RunName): string =>
  [DAG_ID, businessDate, judgement, ...(attempt === 1 ? [] : [attempt])].join("__");

/** @returns null for a run that somebody else named */
export function parseRunId(id: string): RunName | null {
  const [, businessDate = "", judgement = "", attempt = "1"] =
    /^sales_daily__(\d{4}-\d{2}-\d{2})__([0-9a-f]{16})(?:__([2-9]|[1-9]\d))?$/.exec(id) ?? [];
  return isBusinessDate(businessDate) ? { businessDate, judgement, attempt: Number(attempt) } : null;
}
