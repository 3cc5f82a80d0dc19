import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { root, salesEtl, scratch } from "./support/command.ts";

const names = [
  ...["sales", "inventory", "store", "product", "calendar", "weekly_fact"],
  ...["store_dim", "product_dim", "calendar_dim", "quarantine", "runs", "receipts", "quality_warnings"],
];
const generated = path.join(root, "packages", "etl-core", "generated");

describe("sales-etl contract", () => {
  const folder = scratch();

  it("has help for itself and its parts", async () => {
    for (const [args, text] of [
      [["contract"], "Usage: sales-etl contract [options] [command]"],
      [["contract", "ls"], "Usage: sales-etl contract ls [options]"],
      [["contract", "show"], "Usage: sales-etl contract show [options] <table>"],
      [["contract", "export"], "json-schema  JSON Schema of a row"],
    ] as const) {
      const { code, stdout } = await salesEtl(...args, "--help");
      expect([code, stdout.includes(text)], stdout).to.deep.equal([0, true]);
    }
  });

  it("ls lists the tables and what is published of them, for people and for programs", async () => {
    const people = await salesEtl("contract", "ls");
    expect(people.code).to.equal(0);
    expect(
      people.stdout
        .split("\n")
        .slice(2, 15)
        .map((line) => line.split(" ")[0]),
    ).to.deep.equal(names);
    const program = JSON.parse((await salesEtl("contract", "ls", "--json")).stdout);
    expect(program.map(({ name }: { name: string }) => name)).to.deep.equal(names);
    expect(program[0]).to.deep.equal({
      ...{ name: "sales", kind: "table", title: "Sales", grain: "one row per line of a basket" },
      ...{ load: "delta", key: null, columns: 12 },
    });
    expect(program[5]).to.include({ kind: "fact", load: null, columns: 23 });
  });

  it("show gives a table with its columns", async () => {
    const people = await salesEtl("contract", "show", "inventory");
    expect(people.stdout).to.match(/^out_of_stock_flg +int +required; 0 or 1 +1 when the store ran out$/m);
    const { columns, ...rest } = JSON.parse((await salesEtl("contract", "show", "sales", "--json")).stdout);
    expect(rest).to.deep.include({
      name: "sales",
      key: null,
      dated: { column: "trans_dt", lateness: 7 },
      drift: "reject",
    });
    expect(columns).to.have.length(12);
    expect(columns[0]).to.include({ name: "trans_id", type: "bigint", sourceType: "int", nullable: false });
  });

  it("show says how a table comes, what it tolerates and whose it is", async () => {
    const { stdout } = await salesEtl("contract", "show", "store");
    expect(stdout).to.contain("\nLoad: snapshot.\nRows that may be rejected: 0.0 %. Unknown columns: reject.\n");
    expect(stdout).to.contain("\nMay be missing for: 7 days.\nOwner: Store operations.\n");
    const dumps = await salesEtl("contract", "show", "sales", "--load", "sales=cumulative");
    expect(dumps.stdout).to.contain("\nLoad: cumulative. trans_dt is the file's date or any day before.\n");
    expect((await salesEtl("contract", "show", "quarantine", "--json")).stdout).to.contain('"kind": "operations"');
  });

  it("show gives the rules across columns", async () => {
    const people = await salesEtl("contract", "show", "calendar");
    expect(people.stdout).to.contain("\nRule: yr_num and wk_num are the parts of yr_wk_num.\n");
    const { rules } = JSON.parse((await salesEtl("contract", "show", "calendar", "--json")).stdout);
    expect(rules[0]).to.deep.equal({ description: "yr_num and wk_num are the parts of yr_wk_num", column: "wk_num" });
  });

  it("export prints one file as it is, several under their names", async () => {
    const one = await salesEtl("contract", "export", "--format", "json-schema", "--table", "sales");
    expect([one.code, one.stderr]).to.deep.equal([0, ""]);
    expect(one.stdout).to.equal(readFileSync(path.join(generated, "json-schema/retail/sales.schema.json"), "utf8"));
    const two = await salesEtl("contract", "export", "--format", "iceberg", "--table", "weekly_fact");
    expect(two.stdout.match(/^==> .*$/gm)).to.deep.equal([
      "==> athena/weekly_fact.sql <==",
      "==> spark/weekly_fact.sql <==",
    ]);
  });

  // What the command writes is what is committed, so the golden files hold for both.
  const formats = { odcs: 1, "json-schema": 13, spark: 11, iceberg: 22, snowflake: 1, glue: 5, duckdb: 5, markdown: 1 };
  for (const [format, count] of Object.entries(formats)) {
    it(`export writes ${format} into a folder`, async () => {
      const out = path.join(folder, format);
      const { code, stdout } = await salesEtl("contract", "export", "--format", format, "--out", out, "--json");
      expect(code).to.equal(0);
      const document = JSON.parse(stdout);
      expect(document).to.include({ format, out });
      const written = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(written).to.have.length(count);
      expect(document.files).to.have.length(count);
      for (const { path: file } of document.files) {
        const golden =
          format === "markdown" ? path.join(root, "docs", file) : path.join(generated, format, "retail", file);
        expect(readFileSync(path.join(out, file), "utf8"), file).to.equal(readFileSync(golden, "utf8"));
      }
    });
  }

  const mistakes: Readonly<Record<string, readonly [args: readonly string[], code: string, message: string]>> = {
    "an unknown format": [["export", "--format", "avro"], "USAGE", "Allowed choices are odcs, json-schema, spark"],
    "no format": [["export"], "USAGE", "required option '--format <format>' not specified"],
    "an unknown table": [
      ["show", "shops"],
      "CONTRACT_NO_TABLE",
      `there is no table shops in retail: ${names.join(", ")}`,
    ],
    "a format that does not go with a table": [
      ["export", "--format", "glue", "--table", "weekly_fact"],
      "EXPORT_NOT_POSSIBLE",
      "weekly_fact is computed: sales, inventory, store, product, calendar",
    ],
    "a table of the embedded warehouse alone where the lake is asked for": [
      ["export", "--format", "iceberg", "--table", "runs"],
      "EXPORT_NOT_POSSIBLE",
      "runs is of the embedded warehouse alone",
    ],
    "half an export of the source": [
      ["export", "--format", "snowflake", "--table", "sales"],
      "EXPORT_NOT_POSSIBLE",
      "snowflake exports all tables together",
    ],
    "an unknown part": [["fly"], "USAGE", "unknown command 'fly'"],
  };
  for (const [title, [args, code, message]] of Object.entries(mistakes)) {
    it(`refuses ${title}: exit 2, for people on stderr, for programs as JSON`, async () => {
      const people = await salesEtl("contract", ...args);
      expect([people.code, people.stdout]).to.deep.equal([2, ""]);
      expect(people.stderr).to.contain(message);
      const program = await salesEtl("contract", ...args, "--json");
      expect([program.code, program.stderr]).to.deep.equal([2, ""]);
      expect(JSON.parse(program.stdout).error)
        .to.include({ code })
        .and.to.have.property("message")
        .that.contains(message);
    });
  }

  it("refuses a folder that is a file", async () => {
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    const { code, stderr } = await salesEtl("contract", "export", "--format", "odcs", "--out", file);
    expect(code).to.equal(2);
    expect(stderr).to.match(/^sales-etl: .*file/);
  });
});
