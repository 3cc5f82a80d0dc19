/** Rules over several columns of a contract document: what the engine makes of them is what the stream makes of them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ruleOf } from "@sales-etl/etl-core/contract";
import { duckdb, sqlType } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import fc from "fast-check";
import { openEngine } from "../src/engine/duckdb.ts";
import { contractFrom } from "../src/settings/contract-schema.ts";
import { root, salesEtlIn, scratch } from "./support/command.ts";
import { errorOf } from "./support/workspace.ts";

const columns = {
  qty: { type: "decimal(18,2)", required: true, description: "Quantity", min: "-1000", max: "1000" },
  price: { type: "decimal(18,4)", description: "Price" },
  paid: { type: "decimal(18,2)", description: "Paid" },
  pieces: { type: "int", description: "Pieces" },
  basket: { type: "bigint", description: "Basket" },
  ordered: { type: "date", required: true, description: "Ordered" },
  shipped: { type: "date", description: "Shipped" },
  shop: { type: "string", required: true, description: "Shop" },
  open: { type: "boolean", description: "Open" },
} as const;

const rules = [
  { description: "what is paid is quantity times price, to the cent", check: "paid - qty * price <= 0.005" },
  { description: "nothing is shipped before it is ordered", check: "shipped >= ordered", column: "shipped" },
];

const contract = {
  name: "orders",
  title: "Orders",
  tables: [
    {
      ...{ name: "lines", title: "Lines", description: "Lines", grain: "one row per line", load: "delta" },
      ...{ dated: { column: "ordered", lateness: 0 }, tolerance: 0.9, columns, rules },
    },
    {
      ...{ name: "days", title: "Days", description: "Days", grain: "one row per day", load: "snapshot", tolerance: 0 },
      key: ["the_day"],
      columns: {
        the_day: { type: "date", required: true, description: "Day" },
        month_num: { type: "int", required: true, description: "Month" },
      },
    },
  ],
  fact: {
    ...{ name: "monthly", title: "By month", keys: ["shop"], stock: null },
    calendar: { table: "days", date: "the_day", period: "month_num", mostDays: 31, word: "month" },
    flow: { table: "lines", date: "ordered", rowsPerDay: 1000 },
    measures: [
      {
        ...{ name: "units", title: "Units", kind: "sum", of: { table: "lines", column: "qty" } },
        ...{ type: "decimal(18,2)", unit: "units", formula: "sum" },
      },
    ],
  },
};

const specs = contractFrom(contract, "contract").tables[0]?.columns ?? {};

/** Texts of each column, right by themselves. */
const values: Readonly<Record<keyof typeof columns, readonly string[]>> = {
  qty: ["0", "1", "-1.5", "3", "999999999.99", "01.50"],
  price: ["", "0.1", "0.3333", "2", "99999999999999.9999", "-99999999999999.9999"],
  paid: ["", "0.3", "0.33", "1", "-1.50", "9999999999999999.99"],
  pieces: ["", "0", "1", "-2147483648", "2147483647", "007"],
  basket: ["", "1", "9007199254740993", "-9223372036854775808", "9223372036854775807"],
  ordered: ["2024-02-28", "2023-02-28", "1970-01-01", "9999-12-31", "1000-01-01"],
  shipped: ["", "2024-02-29", "2023-03-01", "2024-03-29", "1969-12-31", "9999-12-31"],
  shop: ["North", "it's", "north", "Stra\u00dfe"],
  open: ["", "true", "FALSE", "0", "1"],
};

const number = fc.constantFrom(..."qty price paid pieces basket 0 1 0.005 -2 12.50".split(" "));
const comparison = fc.constantFrom("=", "<>", "!=", "<", "<=", ">", ">=");
const sum = fc
  .tuple(number, fc.constantFrom("+", "-"), number, fc.constantFrom("qty", "paid", "pieces"))
  .map(([a, sign, b, c]) => `${a} ${sign} ${b} - ${c}`);
const product = fc
  .tuple(fc.constantFrom("qty", "paid", "pieces", "2"), fc.constantFrom("price", "pieces", "-paid", "0.5"))
  .map(([a, b]) => `${a} * ${b}`);
const day = fc
  .tuple(fc.constantFrom("ordered", "shipped", "date '2024-02-29'"), fc.constantFrom("", " + 30", " - 1", " + 366"))
  .map((parts) => parts.join(""));
const term = fc.oneof(
  fc.tuple(fc.oneof(number, sum, product), comparison, fc.oneof(number, sum)).map((parts) => parts.join(" ")),
  fc.tuple(day, comparison, day).map((parts) => parts.join(" ")),
  fc.tuple(fc.constantFrom("=", "<>"), fc.constantFrom("'it''s'", "'North'")).map(([is, text]) => `shop ${is} ${text}`),
  fc
    .tuple(fc.constantFrom(...Object.keys(columns)), fc.constantFrom("is null", "is not null"))
    .map((it) => it.join(" ")),
  fc.constantFrom("open", "open = false", "open <> (paid > 0)"),
);
const condition = fc
  .tuple(term, fc.constantFrom("and", "or", "and not", "or not"), term, fc.constantFrom("and", "or"), term)
  .chain(([a, x, b, y, c]) => fc.constantFrom(a, `not (${a})`, `${a} ${x} (${b})`, `(${a}) ${x} (${b} ${y} ${c})`));
const row = fc.record(
  Object.fromEntries(Object.entries(values).map(([name, texts]) => [name, fc.constantFrom(...texts)])),
);

describe("rules over several columns", function () {
  this.timeout("120s");

  it("say the same in SQL and over texts, for random rules and rows", async () => {
    const engine = await openEngine(":memory:");
    let broken = 0;
    try {
      const names = Object.keys(specs);
      const typed = names.map(
        (name) => `CAST(NULLIF(${name}, '') AS ${sqlType(specs[name]?.type ?? "string", duckdb)}) AS ${name}`,
      );
      await fc.assert(
        fc.asyncProperty(condition, fc.array(row, { minLength: 20, maxLength: 20 }), async (check, rows) => {
          let rule: ReturnType<typeof ruleOf>;
          try {
            rule = ruleOf({ description: "random", check }, specs);
          } catch (error) {
            // Of a product and more the digits may not do; nothing else may be wrong with these.
            expect((error as Error).message).to.match(/38 digits|a rule names a column/);
            return;
          }
          const list = rows.map(
            (one) => `(${names.map((name) => `'${one[name]?.replaceAll("'", "''")}'`).join(", ")})`,
          );
          const found = await engine.rows(
            `SELECT COALESCE(${rule.sql}, TRUE) AS held FROM (SELECT ${typed.join(", ")} FROM (VALUES ${list.join(", ")}) t(${names.join(", ")}))`,
          );
          const expected = rows.map((one) => rule.holds((name) => one[name] ?? ""));
          broken += expected.filter((held) => !held).length;
          expect(
            found.map(({ held }) => held),
            check,
          ).to.deep.equal(expected);
        }),
        { numRuns: process.env.FUZZ_RUNS === undefined ? 300 : Number(process.env.FUZZ_RUNS), seed: 20200106 },
      );
    } finally {
      engine.close();
    }
    // Both ways are common, so that neither side could say always the same.
    expect(broken).to.be.greaterThan(500);
  });

  const folder = scratch();
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };

  it("stand in a contract document, reject the rows that break them, and name file, line and rule", async () => {
    write("contract.json", JSON.stringify(contract));
    write("sales-etl.config.json", JSON.stringify({ contract: "./contract.json", landing: "l", warehouse: "w" }));
    const header = "ordered,shop,qty,price,paid,shipped";
    const lines = [
      "2024-02-28,North,3,0.1,0.30,2024-02-28",
      "2024-02-28,North,3,0.1,0.31,2024-02-27",
      "2024-02-28,North,1,,5.00,",
    ];
    const rest = "pieces,basket,open";
    write(
      "l/lines/dt=2024-02-28/lines_2024-02-28.csv",
      [`${header},${rest}`, ...lines.map((one) => `${one},,,`), ""].join("\n"),
    );
    write("l/days/dt=2024-02-28/days_2024-02-28.csv", "the_day,month_num\n2024-02-28,202402\n");
    expect((await salesEtlIn(folder, "manifest", "--date", "2024-02-28")).code).to.equal(0);
    // The run loads only what the stream and the SQL judge alike.
    const { code, stdout, stderr } = await salesEtlIn(folder, "run", "--date", "2024-02-28", "--json");
    expect(code, stdout + stderr).to.equal(0);
    expect(JSON.parse(stdout).dates[0]).to.include({ rowsAccepted: 3, rowsRejected: 1 });
    const rejected = await salesEtlIn(
      ...[folder, "query", "--json", "SELECT line_num, column_name, problem_code, message FROM quarantine ORDER BY 2"],
    );
    const told = "The values of the row contradict each other. Correct the row at the source. Expected:";
    expect(JSON.parse(rejected.stdout)).to.deep.equal([
      {
        ...{ line_num: "3", column_name: "paid", problem_code: "RULE_BROKEN" },
        message: `${told} ${rules[0]?.description}.`,
      },
      {
        ...{ line_num: "3", column_name: "shipped", problem_code: "RULE_BROKEN" },
        message: `${told} ${rules[1]?.description}.`,
      },
    ]);
    const fact = await salesEtlIn(folder, "query", "SELECT units FROM monthly", "--format", "csv");
    expect(fact.stdout).to.equal("units\n4.00\n");
    const shown = await salesEtlIn(folder, "contract", "show", "lines");
    expect(shown.stdout).to.contain("Rule: nothing is shipped before it is ordered.");
  });

  it("are those of docs/contract.md", () => {
    const page = readFileSync(path.join(root, "docs", "contract.md"), "utf8");
    const [, example = ""] = /```json\n("rules": \[\n[^`]*)```/.exec(page) ?? [];
    const state = { type: "string", description: "State" };
    const lines = { ...contract.tables[0], columns: { ...columns, state }, ...JSON.parse(`{${example}}`) };
    const [table] = contractFrom({ ...contract, tables: [lines, contract.tables[1]] }, "docs").tables;
    expect(table?.rules.map(({ column }) => column)).to.deep.equal(["shipped", "paid"]);
    const holds = (row: Readonly<Record<string, string>>) =>
      table?.rules.map((rule) => rule.holds((name) => row[name] ?? ""));
    // 3 x 0.3333 = 0.9999: 1.00 is that to the cent, 1.01 is not.
    expect(holds({ state: "closed", qty: "3", price: "0.3333", paid: "1.00" })).to.deep.equal([true, true]);
    expect(holds({ state: "closed", qty: "3", price: "0.3333", paid: "1.01" })).to.deep.equal([true, false]);
  });

  it("that cannot be read are named with file, table and character", async () => {
    const [lines, ...others] = contract.tables;
    const wrong = { ...contract, tables: [{ ...lines, rules: [{ description: "x", check: "payed > 0" }] }, ...others] };
    write("wrong/contract.json", JSON.stringify(wrong));
    write("wrong/sales-etl.config.json", JSON.stringify({ contract: "./contract.json" }));
    const { code, stdout } = await salesEtlIn(path.join(folder, "wrong"), "contract", "ls", "--json");
    expect([code, errorOf(stdout).code, errorOf(stdout).path]).to.deep.equal([2, "CONTRACT_INVALID", "lines.rules[0]"]);
    expect(errorOf(stdout).message)
      .to.contain("contract.json: 1 property")
      .and.contain('"payed > 0", character 1: there is no column payed');
  });
});
