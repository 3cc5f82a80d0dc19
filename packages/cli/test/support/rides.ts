/**
 * A second, invented data set: bicycle rides by station and month. Two tables, other names, another period, no stock:
 * what works for it does so without knowing a table by name.
 */
import { amount, date, defineDataset, defineTable, int, text } from "@sales-etl/etl-core/contract";
import { defineFact } from "@sales-etl/etl-core/measures";

const rides = defineTable({
  name: "ride_count",
  title: "Rides",
  description: "Rides that began at a station",
  grain: "one row per day, station and kind of bicycle",
  load: "delta",
  dated: { column: "ride_day", lateness: 2 },
  tolerance: 0.5,
  rules: [{ description: "without a ride nothing is paid", check: "rides > 0 or fare = 0", column: "fare" }],
  columns: {
    ride_day: date("Day").required(),
    station: text("Station").required(),
    kind: text("Kind of bicycle").required().oneOf("bike", "cargo"),
    rides: int("Rides").required().between(0, 100000),
    fare: amount("Paid").required().unit("EUR").between("-100000.00", "100000.00"),
  },
});

const days = defineTable({
  name: "days",
  title: "Days",
  description: "Every day with its month",
  grain: "one row per day",
  load: "snapshot",
  key: ["the_day"],
  tolerance: 0,
  columns: { the_day: date("Day").required(), month_num: int("Month, YYYYMM").required() },
});

const fact = defineFact({
  name: "monthly_rides",
  title: "Rides by month and station",
  calendar: { table: "days", date: "the_day", period: "month_num", mostDays: 31 },
  keys: ["station"],
  flow: { table: "ride_count", date: "ride_day", rowsPerDay: 1000 },
  stock: null,
  measures: [
    {
      name: "rides",
      title: "Rides",
      kind: "sum",
      of: { table: "ride_count", column: "rides" },
      type: "bigint",
      unit: "rides",
      formula: "sum of the rides",
    },
    {
      name: "fare",
      title: "Fares",
      kind: "sum",
      of: { table: "ride_count", column: "fare" },
      type: "decimal(18,2)",
      unit: "EUR",
      formula: "sum of the fares",
    },
    {
      name: "fare_per_ride",
      title: "Fare per ride",
      kind: "ratio",
      numerator: "fare",
      less: null,
      denominator: "rides",
      type: "decimal(18,4)",
      unit: "EUR per ride",
      formula: "fares / rides",
    },
  ],
});

export const rideData = defineDataset({ name: "rides", title: "Bicycle rides", tables: [rides, days], fact });

const calendar = "the_day,month_num\n2020-01-30,202001\n2020-01-31,202001\n2020-02-01,202002\n";

/**
 * Two dates; the second brings a late row for January. A tandem is no kind, and a fare without a ride breaks a rule. By hand: January North 3 + 1 + 2 = 6 rides for
 * 1.00 + 0.50 + 0.25 = 1.75, 1.75 / 6 = 0.29166.. = 0.2917; January South 0 rides for 0.00, no fare per ride;
 * February North 7 rides for 10.00, 10 / 7 = 1.42857.. = 1.4286.
 */
export const rideLanding = {
  "2020-01-31": {
    ride_count:
      "station,kind,ride_day,rides,fare\nNorth,bike,2020-01-31,3,1.00\nNorth,cargo,2020-01-30,1,0.50\nSouth,bike,2020-01-31,0,0\nSouth,tandem,2020-01-31,9,9.00\nSouth,cargo,2020-01-31,0,0.01\n",
    days: calendar,
  },
  "2020-02-01": {
    ride_count: "ride_day,station,kind,rides,fare\n2020-02-01,North,bike,7,10\n2020-01-31,North,bike,2,0.25\n",
    days: calendar,
  },
} as const;

export const rideFact = [
  "month_num,station,rides,fare,fare_per_ride",
  "202001,North,6,1.75,0.2917",
  "202001,South,0,0.00,",
  "202002,North,7,10.00,1.4286",
];
