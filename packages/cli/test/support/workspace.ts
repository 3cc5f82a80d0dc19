import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { runDates } from "../../src/engine/run.ts";
import { type Result, salesEtl, scratch } from "./command.ts";

/** The columns of the weekly fact, as `factLines` begins. */
export const FACT_HEADER =
  "yr_wk_num,store_key,prod_key,sales_qty,sales_amt,sales_cost,sales_mgrn,discount,ship_cost,avg_price,stock_on_hand_eow,stock_on_order_eow,stock_as_of_dt,days_tracked,out_of_stock_days,pct_in_stock,low_stock_instances,no_stock_instances,total_low_stock_impact,potential_low_stock_impact,potential_low_stock_units,no_stock_impact,weeks_of_supply";

/** A landing and a warehouse of their own, gone after the tests; `run` is `sales-etl run --json` between them. */
export function workspace(folder = scratch()) {
  const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
  const run = (...dates: string[]): Promise<Result> =>
    salesEtl("run", "--landing", landing, "--warehouse", warehouse, "--json", ...dates);
  return { folder, landing, warehouse, run };
}

/** The same with runs in this process: faster, where the command itself is not what is tested. */
export function inProcess(folder = scratch(), { keep }: { keep?: number } = {}) {
  const { landing, warehouse } = workspace(folder);
  const run = (...dates: string[]) =>
    runDates({ dataset: retail, landing, warehouse, dates, ...(keep === undefined ? {} : { keep }) });
  return { folder, landing, warehouse, run };
}

/** The error of a command that was asked for `--json`. */
export const errorOf = (stdout: string): { code: string; message: string; path?: string } => JSON.parse(stdout).error;
