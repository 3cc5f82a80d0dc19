/** Keys whose columns have names that say nothing: found by the rows, and only where chance would not do. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";
import type { Proposal } from "../src/init/init.ts";
import { seeTable } from "../src/init/tables.ts";
import { salesEtlIn, scratch } from "./support/command.ts";
import { factLines } from "./support/warehouse.ts";

/** What `init` finds in rows of texts, and how often it has looked at all of them. */
async function seen(header: readonly string[], select: string) {
  const real = await openEngine(":memory:");
  let looks = 0;
  const engine: Engine = {
    ...real,
    rows: (sql) => {
      if (/COUNT\(DISTINCT \(.*FROM seen$/s.test(sql)) looks += 1;
      return real.rows(sql);
    },
  };
  try {
    await real.run(
      `CREATE TABLE seen AS SELECT ${header.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(", ")} FROM (${select})`,
    );
    const file = { file: "seen.csv", encoding: "utf-8", doubt: null, delimiter: ",", header };
    return { ...(await seeTable(engine, "seen", { name: "seen", files: [file] })), looks };
  } finally {
    real.close();
  }
}

/** Every day, place and ware once; the shelf follows from the ware, the count repeats. */
const stock = (days: number, more = "") =>
  `SELECT DATE '2024-01-07' + CAST(d AS INT) AS tag, 'O' || o AS platz, 10 + w AS ding, w % 3 AS fach, (d + o) % 4 AS zahl${more}
   FROM range(${days}) a(d), range(5) b(o), range(6) c(w)`;
const columns = ["tag", "platz", "ding", "fach", "zahl"];

describe("the key of somebody's table", function () {
  this.timeout("60s");

  it("is the smallest combination with the day that no two rows share, and says why", async () => {
    const { key, keyReason } = await seen(columns, stock(20));
    expect(key).to.deep.equal(["tag", "platz", "ding"]);
    // 600 rows: 600 x 599 / 2 = 179,700 pairs over 20 x 5 x 6 = 600 combinations.
    expect(keyReason).to.contain("no two of 600 rows have the same tag + platz + ding").and.contain("about 300 pairs");
  });

  it("takes a third column where two do not do", async () => {
    const { key } = await seen([...columns, "charge"], stock(20, ", unnest([1, 2]) AS charge"));
    expect(key?.toSorted()).to.deep.equal(["charge", "ding", "platz", "tag"]);
  });

  it("is none where two rows are equal in all that could name them", async () => {
    const { key } = await seen(columns, `(${stock(20)}) UNION ALL (${stock(20)} LIMIT 1)`);
    expect(key).to.equal(null);
  });

  it("is none where a few rows are unlike by chance, or where a value is missing", async () => {
    expect((await seen(columns, `${stock(20)} ORDER BY hash(d * 100 + o * 10 + w) LIMIT 25`)).key).to.equal(null);
    const holes = `SELECT tag, CASE WHEN ding = 10 AND platz = 'O1' AND fach = 1 THEN '' ELSE platz END AS platz, CASE WHEN tag = DATE '2024-01-07' AND zahl = 1 THEN '' ELSE CAST(ding AS VARCHAR) END AS ding, fach, zahl FROM (${stock(20)})`;
    expect((await seen(columns, holes)).key).to.equal(null);
  });

  it("is found of a list without days, too", async () => {
    const { key } = await seen(
      ["zone", "klasse", "preis"],
      "SELECT 'Z' || z AS zone, k AS klasse, (z * k) % 7 + 0.5 AS preis FROM range(20) a(z), range(15) b(k)",
    );
    expect(key).to.deep.equal(["klasse", "zone"]);
  });

  it("takes a bounded number of looks at all rows of a wide and long table", async () => {
    // 12,000 rows and 12 columns of two halves: equal rows only far apart, so that no sample shows them.
    const wide = Array.from({ length: 12 }, (_, at) => `(i % 6000) * ${2 * at + 3} % ${97 + at} AS w${at}`);
    const names = ["tag", ...wide.map((_, at) => `w${at}`)];
    const { key, looks } = await seen(
      names,
      `SELECT DATE '2024-01-07' + CAST(i % 5 AS INT) AS tag, ${wide.join(", ")} FROM range(12000) t(i)`,
    );
    expect(key).to.equal(null);
    expect(looks).to.be.within(1, 35);
  });

  it("makes somebody's stock join the fact, whatever its columns are called", async () => {
    const folder = scratch();
    const write = (file: string, lines: readonly string[]) => {
      mkdirSync(path.join(folder, "csv"), { recursive: true });
      writeFileSync(path.join(folder, "csv", file), `${lines.join("\n")}\n`);
    };
    const [days, places, wares] = [
      ["2024-01-07", "2024-01-08"],
      ["A", "B", "C", "D", "E"],
      [1, 2, 3, 4, 5, 6],
    ];
    const all = days.flatMap((day) => places.flatMap((place) => wares.map((ware) => ({ day, place, ware }))));
    write("bestand.csv", [
      "tag,ort,ware,bestand",
      ...all.map(({ day, place, ware }) => `${day},${place},${ware},${ware % 3}.5`),
    ]);
    write("verkauf.csv", [
      "tag,ort,ware,menge,umsatz",
      "2024-01-07,A,2,3,6.00",
      "2024-01-08,A,2,1,2.00",
      "2024-01-08,B,1,1,9.50",
    ]);
    write("orte.csv", ["ort,stadt", ...places.map((place) => `${place},Stadt ${place}`)]);
    write("waren.csv", ["ware,text", ...wares.map((ware) => `${ware},Ware ${ware}`)]);
    const { code, stdout, stderr } = await salesEtlIn(folder, "init", "csv", "--json");
    expect(code, stdout + stderr).to.equal(0);
    const proposal = JSON.parse(stdout) as Proposal;
    const found = proposal.tables.find(({ name }) => name === "bestand");
    expect(found).to.deep.include({ role: "stock", table: "inventory", key: ["tag", "ort", "ware"] });
    expect(proposal.questions.join("\n")).to.contain("inventory: is tag + ort + ware the key? no two of 60 rows");
    expect(readFileSync(path.join(folder, "contract.jsonc"), "utf8")).to.contain("// ASK: is ");
    expect(proposal.measures).to.include("stock_on_hand_eow");
    expect((await salesEtlIn(folder, "land")).code).to.equal(0);
    const run = await salesEtlIn(folder, "run", "--from", "2024-01-07", "--to", "2024-01-08");
    expect(run.code, run.stderr).to.equal(0);
    const [header = "", ...lines] = await factLines(path.join(folder, "warehouse"));
    expect(lines).to.have.length(30);
    const cell = lines.map((line) => line.split(",")).find(([, place, ware]) => place === "A" && ware === "2") ?? [];
    const value = (name: string) => cell[header.split(",").indexOf(name)];
    // 3 + 1 units, 6.00 + 2.00; on hand 2.5 both days, so Sunday's 3 were more than there was.
    expect(["sales_qty", "sales_amt", "stock_on_hand_eow", "low_stock_instances"].map(value)).to.deep.equal([
      ...["4.00", "8.00", "2.50", "1"],
    ]);
  });
});
