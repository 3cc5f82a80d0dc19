/**
 * Rows worked on paper, one case a product: five dates over the end of a year (week 201752 is 2017-12-24 to 12-30, week
 * 201801 is 2017-12-31 to 2018-01-06). Both engines must give exactly `workedFact`.
 */
import { retail } from "@sales-etl/etl-core/retail";

export const workedDates = ["2017-12-29", "2017-12-30", "2017-12-31", "2018-01-01", "2018-01-02"] as const;
type Day = (typeof workedDates)[number];

interface Sale {
  readonly day: Day;
  readonly qty: string;
  readonly amt: string;
  /** cost, margin, discount, shipping: empty where left out. */
  readonly rest?: readonly [cost: string, margin: string, discount: string, shipping: string];
  /** The file that brings it. @default that of the day */
  readonly file?: Day;
}

interface Stock {
  readonly day: Day;
  readonly onHand: string;
  readonly onOrder: string;
  readonly out: 0 | 1;
}

export interface WorkedCase {
  readonly title: string;
  readonly store: number;
  readonly product: number;
  readonly sales: readonly Sale[];
  readonly stock: readonly Stock[];
  /** The fact's rows from its fourth column on, by week. */
  readonly fact: Readonly<Record<string, string>>;
}

const FRIDAY = "2017-12-29";
const SATURDAY = "2017-12-30";
const SUNDAY = "2017-12-31";
const MONDAY = "2018-01-01";

const sale = (day: Day, qty: string, amt: string, more: Partial<Sale> = {}): Sale => ({ day, qty, amt, ...more });
const stock = (day: Day, onHand: string, onOrder: string, out: 0 | 1 = 0): Stock => ({ day, onHand, onOrder, out });

export const workedCases: readonly WorkedCase[] = [
  {
    // Friday 4 + 2 = 6 for 10.00 + 5.50 = 15.50, 3 on hand: low; 15.50 - 3 x 15.50 / 6 = 15.50 - 7.75 = 7.75, 3 units.
    // Saturday 1 of 8 on hand: not low; on order is not said, so unknown, and not Friday's 5.
    // 18.50 / 7 = 2.64285.. = 2.6429; 8 / 7 = 1.14285.. = 1.1429. Discount and shipping: the known ones.
    title: "two snapshots, the last of which does not say what is on order",
    store: 1,
    product: 10,
    sales: [
      sale(FRIDAY, "4", "10.00", { rest: ["6.00", "4.00", "0.50", "1.00"] }),
      sale(FRIDAY, "2", "5.50", { rest: ["3.00", "2.50", "", ""] }),
      sale(SATURDAY, "1", "3.00", { rest: ["1.50", "1.50", "0.00", "0.25"] }),
    ],
    stock: [stock(FRIDAY, "3", "5"), stock(SATURDAY, "8", "")],
    fact: {
      201752: "7.00,18.50,10.50,8.00,0.50,1.25,2.6429,8.00,,2017-12-30,2,0,1.0000,1,0,1,7.7500,3.00,0.00,1.1429",
    },
  },
  {
    // 10 / 1 = 10; 5.00 + 2.50 = 7.50 / 3 = 2.5; 9 / 3 = 3. Nobody said what it cost: unknown.
    title: "a week of two years: Sunday 2017-12-31 belongs to 201801",
    store: 1,
    product: 11,
    sales: [sale(SATURDAY, "1", "2.00"), sale(SUNDAY, "2", "5.00"), sale(MONDAY, "1", "2.50")],
    stock: [stock(SATURDAY, "10", "0"), stock(SUNDAY, "9", "4")],
    fact: {
      201752: "1.00,2.00,,,,,2.0000,10.00,0.00,2017-12-30,1,0,1.0000,0,0,0,0.0000,0.00,0.00,10.0000",
      201801: "3.00,7.50,,,,,2.5000,9.00,4.00,2017-12-31,1,0,1.0000,0,0,0,0.0000,0.00,0.00,3.0000",
    },
  },
  {
    // Friday net 5 - 2 = 3 for 20 - 8 = 12.00, 2 on hand: low; 12 - 2 x 12 / 3 = 4.00, 1 unit.
    // Saturday net -4, -5 on hand: -5 < -4 is low, but no quantity above 0: no impact. Flagged out: -16.00.
    // 3 - 4 = -1 for 12 - 16 = -4.00: price and weeks of supply unknown.
    title: "returns: the net of the day counts, and a negative day has no impact",
    store: 1,
    product: 12,
    sales: [sale(FRIDAY, "5", "20.00"), sale(FRIDAY, "-2", "-8.00"), sale(SATURDAY, "-4", "-16.00")],
    stock: [stock(FRIDAY, "2", "0"), stock(SATURDAY, "-5", "0", 1)],
    fact: { 201752: "-1.00,-4.00,,,,,,-5.00,0.00,2017-12-30,2,1,0.5000,2,1,3,4.0000,1.00,-16.00," },
  },
  {
    // Friday net 0 for 6 - 5 = 1.00: 0 on hand is not below 0; flagged out: 1.00. Saturday -1 on hand is below 0 sold.
    title: "a quantity of zero",
    store: 1,
    product: 13,
    sales: [sale(FRIDAY, "2", "6.00"), sale(FRIDAY, "-2", "-5.00")],
    stock: [stock(FRIDAY, "0", "0", 1), stock(SATURDAY, "-1", "0")],
    fact: { 201752: "0.00,1.00,,,,,,-1.00,0.00,2017-12-30,2,1,0.5000,1,1,2,0.0000,0.00,1.00," },
  },
  {
    // Not low without an inventory row. In 201801 the row is of another day than the sale. 9.99 / 3 = 3.33; 7 / 1 = 7.
    title: "stock that is unknown is not 0",
    store: 1,
    product: 14,
    sales: [sale(FRIDAY, "3", "9.99"), sale(SUNDAY, "1", "3.33")],
    stock: [stock(MONDAY, "7", "1")],
    fact: {
      201752: "3.00,9.99,,,,,3.3300,,,,0,0,,0,0,0,0.0000,0.00,0.00,",
      201801: "1.00,3.33,,,,,3.3300,7.00,1.00,2018-01-01,1,0,1.0000,0,0,0,0.0000,0.00,0.00,7.0000",
    },
  },
  {
    title: "stock without a sale: nothing moved, so the sums are 0",
    store: 1,
    product: 15,
    sales: [],
    stock: [stock(FRIDAY, "4", "0"), stock(SATURDAY, "0", "6", 1)],
    fact: {
      201752: "0.00,0.00,0.00,0.00,0.00,0.00,,0.00,6.00,2017-12-30,2,1,0.5000,0,1,1,0.0000,0.00,0.00,",
    },
  },
  {
    // Net 10 - 2 = 8 for 5.00 - 5.01 = -0.01, 7 on hand: -0.01 - 7 x -0.01 / 8 = -0.01 / 8 = -0.00125 = -0.0013; so is
    // the price. 7 / 8 = 0.875.
    title: "an exact tie below 0 is rounded away from zero",
    store: 1,
    product: 16,
    sales: [sale(FRIDAY, "10", "5.00"), sale(FRIDAY, "-2", "-5.01")],
    stock: [stock(FRIDAY, "7", "0")],
    fact: { 201752: "8.00,-0.01,,,,,-0.0013,7.00,0.00,2017-12-29,1,0,1.0000,1,0,1,-0.0013,1.00,0.00,0.8750" },
  },
  {
    // Each day 0.01 / 8 = 0.00125 = 0.0013; together 0.0026, not 0.0025. 0.02 / 16 = 0.00125 = 0.0013; 7 / 16 = 0.4375.
    title: "the impact is rounded day by day, the price once",
    store: 1,
    product: 17,
    sales: [sale(FRIDAY, "8", "0.01"), sale(SATURDAY, "8", "0.01")],
    stock: [stock(FRIDAY, "7", "0"), stock(SATURDAY, "7", "0")],
    fact: { 201752: "16.00,0.02,,,,,0.0013,7.00,0.00,2017-12-30,2,0,1.0000,2,0,2,0.0026,2.00,0.00,0.4375" },
  },
  {
    // 7 - 1 x 7 / 3 = 7 x 2 / 3 = 4.66666.. = 4.6667; 7 / 3 = 2.33333..; 1 / 3 = 0.33333..
    title: "flagged out with stock on hand, and low on the same day: both flags count",
    store: 1,
    product: 18,
    sales: [sale(SATURDAY, "3", "7.00")],
    stock: [stock(SATURDAY, "1", "2", 1)],
    fact: { 201752: "3.00,7.00,,,,,2.3333,1.00,2.00,2017-12-30,1,1,0.0000,1,1,2,4.6667,2.00,7.00,0.3333" },
  },
  {
    // All that a day may have. Friday 500,000 for 10,000,000, -10,000 on hand: 10,000,000 x 510,000 / 500,000 =
    // 10,200,000. Saturday 0.01 for 10,000,000: 10,000,000 x 10,000.01 / 0.01 = 10,000,000 x 1,000,001 =
    // 10,000,010,000,000. 20,000,000 / 500,000.01 = 39.9999992 = 40; -10,000 / 500,000.01 = -0.0199999996 = -0.02.
    title: "values at the bounds of what is accepted",
    store: 1,
    product: 19,
    sales: [
      ...Array.from({ length: 5 }, () => sale(FRIDAY, "100000.00", "2000000.00")),
      sale(SATURDAY, "0.01", "10000000.00", { rest: ["-10000000.00", "10000000.00", "", ""] }),
    ],
    stock: [stock(FRIDAY, "-10000.00", "0", 1), stock(SATURDAY, "-10000.00", "10000000.00")],
    fact: {
      201752:
        "500000.01,20000000.00,-10000000.00,10000000.00,,,40.0000,-10000.00,10000000.00,2017-12-30,2,1,0.5000,2,1,3,10000020200000.0000,520000.01,10000000.00,-0.0200",
    },
  },
  {
    // Friday 2 for 4.00 of 2 on hand is not low; with Monday's late line 3 for 6.00 it is: 6 - 2 x 6 / 3 = 2, 1 unit.
    title: "a late line makes its own day low",
    store: 1,
    product: 20,
    sales: [sale(FRIDAY, "2", "4.00"), sale(FRIDAY, "1", "2.00", { file: MONDAY })],
    stock: [stock(FRIDAY, "2", "0")],
    fact: { 201752: "3.00,6.00,,,,,2.0000,2.00,0.00,2017-12-29,1,0,1.0000,1,0,1,2.0000,1.00,0.00,0.6667" },
  },
  {
    // 19 / 10 = 1.9; the mean of the prices 10 and 1 would be 5.5.
    title: "the average price is not the mean of the prices",
    store: 1,
    product: 21,
    sales: [sale(FRIDAY, "1", "10.00"), sale(FRIDAY, "9", "9.00")],
    stock: [],
    fact: { 201752: "10.00,19.00,,,,,1.9000,,,,0,0,,0,0,0,0.0000,0.00,0.00," },
  },
  {
    title: "another store's stock of a product is its own",
    store: 2,
    product: 10,
    sales: [],
    stock: [stock(SATURDAY, "5", "1")],
    fact: {
      201752: "0.00,0.00,0.00,0.00,0.00,0.00,,5.00,1.00,2017-12-30,1,0,1.0000,0,0,0,0.0000,0.00,0.00,",
    },
  },
];

/** The fact's lines in the order of its keys, header first. */
export const workedFact: readonly string[] = workedCases
  .flatMap(({ store, product, fact }) =>
    Object.entries(fact).map(([week, rest]) => `${week},${store},${product},${rest}`),
  )
  .sort();

const csv = (table: string, rows: readonly Readonly<Record<string, string | number>>[]): string => {
  const columns = retail.tables.find(({ name }) => name === table)?.columnNames ?? [];
  return `${[columns.join(","), ...rows.map((row) => columns.map((column) => row[column] ?? "").join(","))].join("\n")}\n`;
};

/** Written by hand, not by the rule that the contract holds calendars to. */
const calendar = [
  ...["24", "25", "26", "27", "28", "29", "30"].map((day, index) => [`2017-12-${day}`, index, 2017, 52] as const),
  ...["2017-12-31", "2018-01-01", "2018-01-02", "2018-01-03", "2018-01-04", "2018-01-05", "2018-01-06"].map(
    (day, index) => [day, index, 2018, 1] as const,
  ),
].map(([cal_dt, day_of_wk_num, yr_num, wk_num]) => ({
  ...{ cal_dt, day_of_wk_num, yr_num, wk_num },
  yr_wk_num: yr_num * 100 + wk_num,
}));

/** What lands on each date, by table. */
export function workedLanding(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const sales = workedCases.flatMap(({ store, product, sales: lines }) =>
    lines.map((line) => ({ ...line, store, product })),
  );
  const products = [...new Set(workedCases.map(({ product }) => product))].sort();
  return Object.fromEntries(
    workedDates.map((date) => [
      date,
      {
        sales: csv(
          "sales",
          sales.flatMap(({ day, file, store, product, qty, amt, rest }, index) =>
            (file ?? day) !== date
              ? []
              : [
                  {
                    ...{ trans_id: 1000 + index, prod_key: product, store_key: store, trans_dt: day },
                    ...{ sales_qty: qty, sales_amt: amt, sales_cost: rest?.[0] ?? "", sales_mgrn: rest?.[1] ?? "" },
                    ...{ discount: rest?.[2] ?? "", ship_cost: rest?.[3] ?? "" },
                  },
                ],
          ),
        ),
        inventory: csv(
          "inventory",
          workedCases.flatMap(({ store, product, stock: snapshots }) =>
            snapshots
              .filter(({ day }) => day === date)
              .map(({ day, onHand, onOrder, out }) => ({
                ...{ cal_dt: day, store_key: store, prod_key: product, inventory_on_hand_qty: onHand },
                ...{ inventory_on_order_qty: onOrder, out_of_stock_flg: out },
              })),
          ),
        ),
        store: csv("store", [{ store_key: 1 }, { store_key: 2 }]),
        product: csv(
          "product",
          products.map((prod_key) => ({ prod_key })),
        ),
        calendar: csv("calendar", calendar),
      },
    ]),
  );
}
