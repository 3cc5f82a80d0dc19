/** Questions that people ask first, ready in Athena's console. Each reads one table, or one view: what is joined is of one publish. */
export interface NamedQuery {
  /** Part of a resource's name: never changed. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly sql: string;
}

export const namedQueries: readonly NamedQuery[] = [
  {
    key: "last-week-by-store",
    title: "Last week by store",
    description: "Sales, margin and stock-outs of the newest week, the largest stores first",
    sql: `SELECT store_key, sum(sales_amt) AS sales_amt, sum(sales_mgrn) AS sales_mgrn,
       sum(out_of_stock_days) AS out_of_stock_days
FROM weekly_fact
WHERE yr_wk_num = (SELECT max(yr_wk_num) FROM weekly_fact)
GROUP BY store_key
ORDER BY sales_amt DESC
`,
  },
  {
    key: "last-week-by-region",
    title: "Last week by region",
    description: "Sales and lost sales of the newest week, from the view whose tables are all of one publish",
    sql: `SELECT region, sum(sales_amt) AS sales_amt, sum(no_stock_impact) AS no_stock_impact
FROM weekly_fact_with_dimensions
WHERE yr_wk_num = (SELECT max(yr_wk_num) FROM weekly_fact_with_dimensions)
GROUP BY region
ORDER BY sales_amt DESC
`,
  },
  {
    key: "worst-stock-outs",
    title: "Worst stock-outs",
    description: "Products and stores that were out of stock on most days of the newest week",
    sql: `SELECT store_key, prod_key, out_of_stock_days, days_tracked, no_stock_impact
FROM weekly_fact
WHERE yr_wk_num = (SELECT max(yr_wk_num) FROM weekly_fact) AND out_of_stock_days > 0
ORDER BY out_of_stock_days DESC, no_stock_impact DESC
LIMIT 100
`,
  },
  {
    key: "loads",
    title: "Loads",
    description: "What each run loaded of each date: rows, rejects, restated weeks, seconds; the newest first",
    sql: `SELECT business_date, run_id, rows_read, rows_accepted, rows_rejected, periods_restated, seconds, loaded_at
FROM receipts
ORDER BY loaded_at DESC
LIMIT 100
`,
  },
  {
    key: "rejected-rows",
    title: "Rejected rows",
    description:
      "Why rows were rejected in the seven days up to the newest date with rejects, the most frequent reason first",
    sql: `SELECT business_date, table_name, column_name, problem_code, count(*) AS faults, min(line_num) AS first_line
FROM quarantine
WHERE business_date > (SELECT max(business_date) FROM quarantine) - INTERVAL '7' DAY
GROUP BY business_date, table_name, column_name, problem_code
ORDER BY business_date DESC, faults DESC
`,
  },
  {
    key: "published-states",
    title: "Published states",
    description: "When the fact was published, as Iceberg's snapshots say; any of them can be read again",
    sql: `SELECT committed_at, snapshot_id, operation, summary
FROM "weekly_fact$snapshots"
ORDER BY committed_at DESC
`,
  },
];
