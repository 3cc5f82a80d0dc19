/** The provider with the SDK's own clients against an Athena and a Glue that understand the statements it sends. */
import * as pulumi from "@pulumi/pulumi";
import { relationOf } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { awsStandIn } from "../testing/aws-stand-in.ts";
import { record } from "../testing/record.ts";
import { type IcebergTableInputs, icebergTableProvider as provider } from "./iceberg-table.provider.ts";
import { IcebergTable, inputsOf } from "./iceberg-table.ts";

interface Column {
  Name: string;
  Type: string;
  Comment: string;
}

const names = { workGroup: "queries", database: "sales_etl", location: "s3://warehouse/tables" };
const wanted = inputsOf(
  { dataset: retail, relation: relationOf(retail, "weekly_fact"), region: "eu-central-1" },
  names,
);
const without = (...left: string[]): IcebergTableInputs => ({
  ...wanted,
  columns: Object.fromEntries(Object.entries(wanted.columns).filter(([name]) => !left.includes(name))),
  ddl: wanted.ddl.replace(new RegExp(`^  (${left.join("|")}) .*\\n`, "gm"), ""),
});

describe("IcebergTable", () => {
  const tables = new Map<string, Column[]>();
  const statements: string[] = [];

  /** Hive's columns: `name type COMMENT 'text'`. */
  const columnsIn = (text: string): Column[] =>
    [...text.matchAll(/`?(\w+)`? ([a-z]+(?:\(\d+,\d+\))?) COMMENT '((?:[^'\\]|\\.)*)'/g)].map(
      ([, Name = "", Type = "", comment = ""]) => ({ Name, Type, Comment: comment.replace(/\\(.)/g, "$1") }),
    );

  function execute(sql: string) {
    statements.push(sql.split("\n").find((line) => !line.startsWith("--")) ?? "");
    const created = /CREATE TABLE (\S+) \(/.exec(sql)?.[1];
    if (created !== undefined) return void tables.set(created, columnsIn(sql));
    const [, table = "", rest = ""] = /^ALTER TABLE (\S+) (.*)$/s.exec(sql) ?? [];
    const columns = tables.get(table);
    if (columns === undefined) throw new Error(`no table ${table}`);
    if (rest.startsWith("ADD COLUMNS")) return void columns.push(...columnsIn(rest));
    const [changed] = columnsIn(rest.replace(/^CHANGE COLUMN \S+ /, ""));
    Object.assign(columns.find(({ Name }) => Name === changed?.Name) ?? {}, changed);
  }

  const operations: Record<string, (input: Record<string, string>) => object> = {
    StartQueryExecution: ({ QueryString = "", WorkGroup }) => {
      expect(WorkGroup).to.equal("queries");
      execute(QueryString);
      return { QueryExecutionId: "q" };
    },
    GetQueryExecution: () => ({ QueryExecution: { Status: { State: "SUCCEEDED" } } }),
    GetTable: ({ DatabaseName, Name }) => {
      const Columns = tables.get(`${DatabaseName}.${Name}`);
      if (Columns === undefined) return { __type: "EntityNotFoundException", message: "no" };
      const old = { Name: "dropped_long_ago", Type: "int", Parameters: { "iceberg.field.current": "false" } };
      return {
        Table: {
          Name,
          Parameters: { table_type: "ICEBERG" },
          StorageDescriptor: { Location: `s3://warehouse/tables/${Name}`, Columns: [...Columns, old] },
        },
      };
    },
  };

  awsStandIn(operations);
  beforeEach(() => {
    tables.clear();
    statements.length = 0;
  });

  const check = async (olds: object, news: IcebergTableInputs) =>
    ((await provider.check?.(olds as IcebergTableInputs, news))?.failures ?? []).map(
      ({ property, reason }) => `${property}: ${reason}`,
    );

  it("creates the contract's table, and finds it as it was declared", async () => {
    expect(await check({}, wanted)).to.deep.equal([]);
    const { id, outs } = await provider.create(wanted);
    expect(id).to.equal("sales_etl.weekly_fact");
    expect(statements).to.deep.equal(["CREATE TABLE sales_etl.weekly_fact ("]);
    const { props, inputs } = (await provider.read?.(id, outs)) ?? {};
    expect(props).to.deep.equal(wanted);
    expect(inputs).to.deep.equal(wanted);
    expect(await provider.diff?.(id, wanted, wanted)).to.deep.include({ changes: false, replaces: [] });
  });

  it("takes over a table that is there, and adds what it lacks", async () => {
    await provider.create(without("ship_cost"));
    statements.length = 0;
    await provider.create(wanted);
    expect(statements).to.have.length(1);
    expect(statements[0]).to.match(/^ALTER TABLE sales_etl.weekly_fact ADD COLUMNS \(ship_cost decimal\(18,2\) /);
    await provider.create(wanted);
    expect(statements).to.have.length(1);
  });

  it("does not take over a table of other columns", async () => {
    await provider.create({ ...wanted, ddl: wanted.ddl.replace("store_key int", "store_key string") });
    const error = await provider.create(wanted).catch((reason: Error) => reason);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.includes("columns.store_key cannot turn from string");
  });

  it("evolves additively, by what is really there", async () => {
    const olds = without("ship_cost", "discount");
    const { id } = await provider.create(olds);
    expect(await check(olds, wanted)).to.deep.equal([]);
    expect(await provider.diff?.(id, olds, wanted)).to.deep.include({ changes: true, replaces: [] });
    // A deployment that died half-way has added one of them.
    execute("ALTER TABLE sales_etl.weekly_fact ADD COLUMNS (discount decimal(18,2) COMMENT 'x')");
    statements.length = 0;
    await provider.update?.(id, olds, wanted);
    expect(statements.map((sql) => sql.split(" COMMENT")[0])).to.deep.equal([
      "ALTER TABLE sales_etl.weekly_fact ADD COLUMNS (ship_cost decimal(18,2)",
      "ALTER TABLE sales_etl.weekly_fact CHANGE COLUMN discount discount decimal(18,2)",
    ]);
    expect((await provider.read?.(id, wanted))?.props?.columns).to.deep.equal(wanted.columns);
  });

  it("refuses a breaking change in the preview, with the way out", async () => {
    const news = { ...without("ship_cost"), location: "s3://other/weekly_fact" };
    const failures = await check(wanted, news);
    expect(failures).to.have.length(2);
    expect(failures[0]).to.include("columns.ship_cost: is in the table but no longer in the contract: put it back");
    expect(failures[1]).to.include("location: is s3://warehouse/tables/weekly_fact");
  });

  it("shows drift after a refresh, and that a table is gone", async () => {
    const { id } = await provider.create(wanted);
    tables.set(
      id,
      (tables.get(id) ?? []).filter(({ Name }) => Name !== "discount"),
    );
    const drifted = (await provider.read?.(id, wanted))?.props as IcebergTableInputs;
    expect(await provider.diff?.(id, drifted, wanted)).to.deep.include({ changes: true });
    tables.clear();
    expect(await provider.read?.(id, wanted)).to.deep.equal({});
  });

  it("forgets a table, and never drops it", async () => {
    const { id } = await provider.create(wanted);
    statements.length = 0;
    await provider.delete?.(id, wanted);
    expect(statements).to.deep.equal([]);
    expect([...tables.keys()]).to.deep.equal([id]);
  });

  it("says what Athena says", async () => {
    const usually = operations.GetQueryExecution;
    operations.GetQueryExecution = () => ({
      QueryExecution: { Status: { State: "FAILED", StateChangeReason: "no permission" } },
    });
    const error = await provider.create(wanted).catch((reason: Error) => reason);
    operations.GetQueryExecution = usually as () => object;
    expect(error).to.be.instanceOf(Error).with.property("message").that.includes("no permission");
  });

  it("is small as text, with packages to be imported where it runs", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => provider);
    expect(text).to.match(/import\("@sales-etl\/etl-core\/evolution"\)/);
    expect(text).to.match(/import\("@aws-sdk\/client-athena"\)/);
    // With the library by value it would be many times as long.
    expect(text.length).to.be.lessThan(12_000);
    expect(text).not.to.include("isWidening");
  });

  it("hands Pulumi each property by itself", async () => {
    const { inputsOf: recorded } = await record(() => {
      const relation = relationOf(retail, "weekly_fact");
      new IcebergTable("fact", { dataset: retail, relation, region: "eu-central-1", ...names });
    });
    const { __provider: _, ...inputs } = recorded("fact");
    expect(inputs).to.deep.equal({ ...wanted });
  });
});
