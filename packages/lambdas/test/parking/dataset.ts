/** A second, invented data set of two tables: the gate must know no table by name. */
import { amount, date, defineDataset, defineTable, int } from "@sales-etl/etl-core/contract";
import { defineFact } from "@sales-etl/etl-core/measures";

const tickets = defineTable({
  name: "tickets",
  title: "Tickets",
  description: "What was paid at the car parks.",
  grain: "one row per ticket",
  load: "delta",
  key: ["ticket_no"],
  dated: { column: "paid_on", lateness: 0 },
  tolerance: 0,
  columns: {
    ticket_no: int("Ticket").required(),
    paid_on: date("Day of the payment").required(),
    car_park: int("Car park").required(),
    fee: amount("Paid").required().unit("EUR").between(0, "10000.00"),
  },
});

const days = defineTable({
  name: "days",
  title: "Days",
  description: "Every day with its month.",
  grain: "one row per day",
  load: "snapshot",
  key: ["day"],
  tolerance: 0,
  columns: { day: date("Day").required(), month: int("Year and month, YYYYMM").required() },
});

export const parking = defineDataset({
  name: "parking",
  title: "Car parks",
  tables: [tickets, days],
  fact: defineFact({
    name: "monthly_parking",
    title: "Fees of a month",
    calendar: { table: "days", date: "day", period: "month", mostDays: 31 },
    keys: ["car_park"],
    flow: { table: "tickets", date: "paid_on", rowsPerDay: 100_000 },
    stock: null,
    measures: [
      {
        kind: "sum",
        name: "fees",
        title: "Fees",
        formula: "sum of fee",
        unit: "EUR",
        of: { table: "tickets", column: "fee" },
        type: "decimal(18,2)",
      },
    ],
  }),
});
