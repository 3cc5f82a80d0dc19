/** Questions of the dashboard to logs, in the language of CloudWatch Logs Insights. */

const query = (...parts: readonly string[]) => parts.join(" | ");

/** Over the log of events, whose lines are JSON: its fields are there by name. */
export const eventQueries = {
  landed: query(
    "filter `detail-type` like /^Landing/",
    "stats latest(`detail-type`) as said, latest(detail.rowsRead) as rows, latest(detail.rowsRejected) as rejected, latest(@timestamp) as at by detail.businessDate as date",
    "sort date desc",
  ),
  runs: query(
    "filter `detail-type` = 'RunEnded'",
    "stats latest(detail.result) as result, latest(@timestamp) as at, count() as runs by detail.businessDate as date",
    "sort date desc",
  ),
  minutes: query(
    "filter `detail-type` in ['LandingAccepted', 'RunEnded']",
    "stats (max(@timestamp) - min(@timestamp)) / 60000 as minutes by detail.businessDate as date",
    "sort date desc",
  ),
} as const;

// Lambda wraps our line of JSON as the text of its own.
const field = (name: string) => `parse message '"${name}":"*"' as ${name}`;
const number = (name: string, end: string) => `parse message '"${name}":*${end}' as ${name}`;

/** Over the log of `validate-landing`. */
export const landingQueries = {
  rows: query(
    `filter message like '"fact":"file"'`,
    ...[field("businessDate"), field("table"), number("rowsRead", ","), number("rowsRejected", "}")],
    "stats latest(rowsRead) as rows, latest(rowsRejected) as rejected by businessDate, table",
    "sort businessDate desc",
  ),
  verdicts: query(
    `filter message like '"fact":"validated"' or message like '"fact":"begun"'`,
    ...[field("businessDate"), field("verdict")],
    "stats latest(verdict) as verdict, max(@timestamp) as at, (max(@timestamp) - min(@timestamp)) / 1000 as seconds by businessDate",
    "sort businessDate desc",
  ),
  problems: query(
    `filter message like '"fact":"problem"'`,
    ...[field("businessDate"), field("code"), field("severity")],
    "stats count() as times by businessDate, code, severity",
    "sort businessDate desc",
  ),
} as const;

/** Over the log of `host-power`. */
export const hostPowerQueries = {
  closed: query(
    `filter message like '"fact":"closed"'`,
    ...[field("runId"), field("result"), field("dollars")],
    ...[number("rowsAccepted", ","), number("rowsRejected", ","), number("weeksRestated", "}")],
    "stats latest(result) as result, latest(rowsAccepted) as rows, latest(rowsRejected) as rejected, latest(weeksRestated) as weeks, latest(dollars) as dollars, latest(@timestamp) as at by runId",
    "sort at desc",
  ),
} as const;
