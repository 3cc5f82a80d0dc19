/** The small data set of the examples: one table of each kind. */
import { amount, boolean, date, defineDataset, defineTable, int, text } from "../../contract/index.ts";
import { defineFact } from "../../measures/index.ts";

/** The date of every example. */
export const DATE = "2020-01-06";

const visits = defineTable({
  name: "visits",
  title: "Visits",
  description: "People through the door",
  grain: "one row per site and day",
  load: "delta",
  key: ["day", "site"],
  dated: { column: "day", lateness: 1 },
  tolerance: 0.5,
  rules: [
    {
      column: "paid",
      description: "nothing is paid where nobody came",
      sql: "people <> 0 OR paid = 0",
      holds: (text) => text("people") === "" || Number(text("people")) !== 0 || Number(text("paid")) === 0,
    },
  ],
  columns: {
    day: date("Day").required(),
    site: int("Site").required(),
    people: int("Who came").between(0, 10000),
    paid: amount("Paid"),
    open: boolean("Open"),
    kind: text("Kind of day").oneOf("usual", "event"),
    code: text("Code of the event").matching("[A-Z]{2}[0-9]{2}"),
  },
});

const lines = defineTable({
  name: "lines",
  title: "Lines",
  description: "What was sold",
  grain: "one row per line of a basket; repeats are data",
  load: "delta",
  dated: { column: "day", lateness: 1 },
  drift: "ignore",
  tolerance: 0.5,
  columns: { day: date("Day").required(), site: int("Site").required(), amount: amount("Amount").required() },
});

const days = defineTable({
  name: "days",
  title: "Days",
  description: "Every day with its month",
  grain: "one row per day",
  load: "snapshot",
  key: ["day"],
  freshness: 7,
  drift: "keep",
  tolerance: 0,
  columns: { day: date("Day").required(), month_num: int("Month, YYYYMM").required() },
});

export const exampleDataset = defineDataset({
  name: "visits",
  title: "Visits",
  tables: [visits, lines, days],
  fact: defineFact({
    name: "monthly_visits",
    title: "Visits by month and site",
    calendar: { table: "days", date: "day", period: "month_num", mostDays: 31 },
    keys: ["site"],
    flow: { table: "visits", date: "day", rowsPerDay: 1 },
    stock: null,
    measures: [
      {
        name: "people",
        title: "People",
        kind: "sum",
        of: { table: "visits", column: "people" },
        type: "bigint",
        unit: "people",
        formula: "sum of the people",
      },
    ],
  }),
});

const key = (table: string, name = `${table}_${DATE}.csv`) => `${table}/dt=${DATE}/${name}`;

export const VISITS = key("visits");
export const LINES = key("lines");
export const DAYS = key("days");
export const keyOf = key;

/** A delivery without a fault. */
export const rightFiles: Readonly<Record<string, string>> = {
  [VISITS]: "day,site,people,paid,open,kind,code\n2020-01-06,1,120,480.50,true,usual,\n",
  [LINES]: "day,site,amount\n2020-01-06,1,4.50\n",
  [DAYS]: "day,month_num\n2020-01-06,202001\n",
};
