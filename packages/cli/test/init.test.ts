import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { Proposal } from "../src/init/init.ts";
import { salesEtlIn, scratch } from "./support/command.ts";
import { factLines } from "./support/warehouse.ts";
import { errorOf } from "./support/workspace.ts";

type Files = Readonly<Record<string, string | Buffer>>;

/** Latin letters with accents as Windows writes them: one byte each. */
const windows = (text: string) => Buffer.from(text, "latin1");

function folderWith(files: Files): string {
  const folder = scratch();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");

async function initIn(folder: string, ...options: string[]): Promise<Proposal> {
  const { code, stdout, stderr } = await salesEtlIn(folder, "init", "csv", "--json", ...options);
  expect(code, stdout + stderr).to.equal(0);
  return JSON.parse(stdout);
}

const typesOf = (proposal: Proposal, table: string) =>
  Object.fromEntries(
    (proposal.tables.find((one) => one.table === table)?.columns ?? []).map(({ column, type }) => [column, type]),
  );

const german: Files = {
  "csv/verkaeufe_2024-01.csv": windows(
    "Bonnr;Datum;Filiale;Artikelnummer;Menge;Umsatz;Bemerkung\n1;06.01.2024;1;007;2;1.234,50;\n1;06.01.2024;1;008;1;2,00;Gr\u00fc\u00dfe\n2;07.01.2024;2;007;3;30,00;\n3;31.01.2024;2;007;-1;-10,00;R\u00fcckgabe\n",
  ),
  "csv/verkaeufe_2024-02.csv": windows(
    "Bonnr;Datum;Filiale;Artikelnummer;Menge;Umsatz;Bemerkung\n4;01.02.2024;1;007;2;20,00;Gr\u00f6\u00dfe\n5;01.02.2024;1;007;x;20,00;\n",
  ),
  "csv/artikel.csv": windows("Artikelnummer;Bezeichnung\n007;K\u00e4se\n008;Brot\n"),
  "csv/filialen.csv": windows("Filiale;Ort\n1;K\u00f6ln\n2;M\u00fcnchen\n"),
  "csv/sheet.xlsx": "x",
  "csv/empty.csv": "",
};

const renamed: Files = {
  "csv/transactions.csv":
    "receipt_id,item_id,shop_id,sale_date,units,amount\n1,10,1,2024-01-07,2,5.00\n2,11,1,2024-01-07,1,1.10\n3,10,1,2024-01-08,4,8.00\n",
  "csv/stock_levels.csv":
    "date,shop_id,item_id,on_hand,on_order,out_of_stock,waste\n2024-01-07,1,10,3,5,0,0\n2024-01-07,1,11,8,0,0,0\n2024-01-08,1,10,2,5,0,0\n2024-01-08,1,11,0,0,1,0\n",
  "csv/items.csv": "item_id,name,brand,colour\n10,Tea,X,green\n11,Milk,Y,white\n",
  "csv/shops.csv": "shop_id,name\n1,Shop 1\n",
};

describe("sales-etl init", function () {
  // Each command is a process of its own.
  this.timeout("120s");
  describe("from semicolons, commas, days with points and Windows letters", () => {
    const folder = folderWith(german);
    let proposal: Proposal;
    before(async () => {
      // One of six quantities is no number: not enough to call the column numbers.
      writeFileSync(
        path.join(folder, "csv", "verkaeufe_2024-02.csv"),
        (german["csv/verkaeufe_2024-02.csv"] as Buffer).toString("latin1").replace("5;01.02.2024;1;007;x;20,00;\n", ""),
        "latin1",
      );
      proposal = await initIn(folder);
    });

    it("proposes tables, types and keys by all rows, and says what it cannot read", () => {
      expect(proposal.isRetail).to.equal(false);
      expect(
        proposal.tables.map(({ name, table, role, rows, encoding }) => [name, table, role, rows, encoding]),
      ).to.deep.equal([
        ["artikel", "product", "dimension", 2, "windows-1252"],
        ["filialen", "store", "dimension", 2, "windows-1252"],
        ["verkaeufe", "sales", "flow", 5, "windows-1252"],
      ]);
      expect(typesOf(proposal, "sales")).to.deep.equal({
        ...{ trans_id: "int", trans_dt: "date", store_key: "int", prod_key: "string" },
        ...{ sales_qty: "decimal(18,2)", sales_amt: "decimal(18,2)", bemerkung: "string" },
      });
      expect(proposal.measures).to.deep.equal(["sales_qty", "sales_amt", "avg_price"]);
      expect(proposal.unsupported.map(({ file }) => file)).to.deep.equal(["empty.csv", "sheet.xlsx"]);
    });

    it("gives the reason of every guess, and asks what only a person knows", () => {
      for (const { reason, columns } of proposal.tables) {
        expect(reason).not.to.equal("");
        for (const column of columns) expect(column.reason).not.to.equal("");
      }
      const settings = read(folder, "sales-etl.config.jsonc");
      expect(settings)
        .to.contain("// ASK: its bytes are no UTF-8, so windows-1252 (Western Europe) is assumed")
        .and.contain("// ASK: whose midnight ends a business day?")
        .and.contain("// whole numbers with leading zeros: as a number they would be lost")
        .and.contain('"./csv/verkaeufe_*.csv"');
      expect(read(folder, "contract.jsonc")).to.contain("// ASK: no file says how your weeks run");
      expect(proposal.questions.join("\n")).to.contain("do your weeks run from Sunday to Saturday?");
    });

    it("lands and runs to numbers worked by hand", async () => {
      const land = await salesEtlIn(folder, "land", "--json");
      expect(land.code, land.stderr).to.equal(0);
      const { dates, daysWithoutRows } = JSON.parse(land.stdout);
      expect(
        dates.map(({ businessDate, rows }: { businessDate: string; rows: number }) => [businessDate, rows]),
      ).to.deep.equal([
        ["2024-01-06", 2],
        ["2024-01-07", 1],
        ["2024-01-31", 1],
        ["2024-02-01", 1],
      ]);
      expect(daysWithoutRows).to.equal(23);
      const run = await salesEtlIn(folder, "run", "--from", "2024-01-06", "--to", "2024-01-07");
      expect(run.code, run.stderr).to.equal(0);
      for (const date of ["2024-01-31", "2024-02-01"])
        expect((await salesEtlIn(folder, "run", "--date", date)).code).to.equal(0);
      // Saturday 2024-01-06 is of week 202401, Sunday of 202402; 1,234.50 / 2 = 617.25; -1 has no price.
      expect(await factLines(path.join(folder, "warehouse"))).to.deep.equal([
        "yr_wk_num,store_key,prod_key,sales_qty,sales_amt,avg_price",
        "202401,1,007,2.00,1234.50,617.2500",
        "202401,1,008,1.00,2.00,2.0000",
        "202402,2,007,3.00,30.00,10.0000",
        "202405,1,007,2.00,20.00,10.0000",
        "202405,2,007,-1.00,-10.00,",
      ]);
      const explain = await salesEtlIn(folder, "explain", "--week", "202402", "--store", "2", "--product", "007");
      expect(explain.stdout).to.contain("store_key 2 (M\u00fcnchen), prod_key 007 (K\u00e4se)");
      expect(explain.stdout).to.contain("2024-01-08 is not published");
    });

    it("loses no row that does not fit: it lands as it is, and the checks reject it", async () => {
      writeFileSync(path.join(folder, "csv", "verkaeufe_2024-02.csv"), german["csv/verkaeufe_2024-02.csv"] ?? "");
      const settings = read(folder, "contract.jsonc");
      writeFileSync(path.join(folder, "contract.jsonc"), settings.replace('"tolerance": 0.02', '"tolerance": 0.9'));
      expect((await salesEtlIn(folder, "land", "--from", "2024-02-01")).code).to.equal(0);
      const { code, stderr } = await salesEtlIn(folder, "run", "--date", "2024-02-01");
      expect(code, stderr).to.equal(0);
      expect(stderr).to.contain("VALUE_NOT_DECIMAL").and.contain('sales_qty = "x"');
    });

    it("changes nothing when it is landed and run again", async () => {
      await salesEtlIn(folder, "land", "--from", "2024-02-01");
      const { stderr } = await salesEtlIn(folder, "run", "--date", "2024-02-01");
      expect(stderr).to.contain("Nothing changed: 1 date already published");
    });

    it("writes over nothing without --force", async () => {
      const before = read(folder, "sales-etl.config.jsonc");
      const { code, stdout } = await salesEtlIn(folder, "init", "csv", "--json");
      expect([code, errorOf(stdout).code]).to.deep.equal([2, "INIT_EXISTS"]);
      expect(read(folder, "sales-etl.config.jsonc")).to.equal(before);
      expect((await initIn(folder, "--force", "--name", "Laden")).contract).to.equal("laden");
    });
  });

  describe("from the retail tables under other names", () => {
    const folder = folderWith(renamed);

    it("proposes a mapping, so that every measure comes with it", async () => {
      const proposal = await initIn(folder);
      expect(proposal).to.include({ isRetail: true, contract: "retail" });
      expect(proposal.measures).to.have.length(20);
      expect(readdirSync(folder)).not.to.include("contract.jsonc");
      const items = proposal.tables.find(({ table }) => table === "product");
      expect(items?.columns.find(({ name }) => name === "colour")?.column).to.equal(null);
    });

    it("runs to numbers worked by hand", async () => {
      expect((await salesEtlIn(folder, "land")).code).to.equal(0);
      const run = await salesEtlIn(folder, "run", "--from", "2024-01-07", "--to", "2024-01-08");
      expect(run.code, run.stderr).to.equal(0);
      // Product 10: 2 + 4 = 6 for 5.00 + 8.00 = 13.00, 13 / 6 = 2.1667; Monday 2 of 4 on hand: 8 - 2 x 8 / 4 = 4.00,
      // 2 units; 2 / 6 = 0.3333. Product 11: Monday out of stock: 1 of 2 days, 0 / 1 = 0.
      expect((await factLines(path.join(folder, "warehouse"))).slice(1)).to.deep.equal([
        "202402,1,10,6.00,13.00,,,,,2.1667,2.00,5.00,2024-01-08,2,0,1.0000,1,0,1,4.0000,2.00,0.00,0.3333",
        "202402,1,11,1.00,1.10,,,,,1.1000,0.00,0.00,2024-01-08,2,1,0.5000,0,1,1,0.0000,0.00,0.00,0.0000",
      ]);
    });

    it("names a file that is gone and a column that was renamed", async () => {
      const file = path.join(folder, "csv", "transactions.csv");
      const before = readFileSync(file, "utf8");
      writeFileSync(file, before.replace("units", "pieces"));
      const other = await salesEtlIn(folder, "land", "--json");
      expect([other.code, errorOf(other.stdout).code]).to.deep.equal([2, "SOURCE_COLUMN_MISSING"]);
      expect(errorOf(other.stdout).message)
        .to.contain(file)
        .and.contain('sources.sales.columns.sales_qty: has no column "units"');
      rmSync(file);
      const gone = await salesEtlIn(folder, "land", "--json");
      expect([gone.code, errorOf(gone.stdout).code]).to.deep.equal([2, "SOURCE_NOT_FOUND"]);
      writeFileSync(file, before);
    });

    it("keeps a manifest that the source wrote", async () => {
      const manifest = path.join(folder, "landing", "_manifest", "dt=2024-01-07", "manifest.json");
      const text = readFileSync(manifest, "utf8").replace('"writtenBy": "sales-etl manifest"', '"writtenBy": "till"');
      writeFileSync(manifest, text);
      const { code, stdout } = await salesEtlIn(folder, "land", "--json");
      expect([code, errorOf(stdout).code]).to.deep.equal([2, "MANIFEST_EXISTS"]);
      expect(readFileSync(manifest, "utf8")).to.equal(text);
    });
  });

  it("asks where days can be read in two ways, and where faults are among the values", async () => {
    const days = Array.from(
      { length: 40 },
      (_, at) => `0${(at % 9) + 1}/0${(at % 8) + 1}/2024,A,${at === 7 ? "n/a" : "3"}.5`,
    );
    const folder = folderWith({ "csv/sales.csv": `Date,Store,Amount\n${days.join("\n")}\n`.replace("n/a.5", "n/a") });
    const { questions, tables } = await initIn(folder);
    const said = questions.join("\n");
    expect(said).to.contain('sales "Date": all days could be written %m/%d/%Y as well as %d/%m/%Y: which is it?');
    expect(said).to.contain('sales "Amount": 1 of 40 values are no number: such rows will be rejected');
    expect(tables[0]?.columns.map(({ type }) => type)).to.deep.equal(["date", "string", "decimal(18,2)"]);
    expect(read(folder, "sales-etl.config.jsonc")).to.contain("// ASK: all days could be written");
  });

  it("does not write when nothing looks like sales, and says what it saw", async () => {
    const folder = folderWith({ "csv/people.csv": "name,age\nAda,36\nBob,41\n", "csv/old.xls": "x" });
    const { code, stdout } = await salesEtlIn(folder, "init", "csv", "--json");
    expect([code, errorOf(stdout).code]).to.deep.equal([2, "INIT_NO_SALES"]);
    expect(errorOf(stdout).message).to.contain("people: dimension").and.contain("old.xls: a spreadsheet");
    expect(readdirSync(folder)).to.deep.equal(["csv"]);
    const none = await salesEtlIn(folder, "init", "typo", "--json");
    expect([none.code, errorOf(none.stdout).code]).to.deep.equal([2, "INIT_NO_FOLDER"]);
  });
});
