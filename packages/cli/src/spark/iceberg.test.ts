import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SalesEtlError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { existingSnapshots, filesByPartition, readIcebergTable } from "./iceberg.ts";
import { readPublishes, readUnfinished } from "./publishes.ts";

// Two numbers that are one and the same as a number of JavaScript.
const [OLD, NEW, MAIN] = ["8911111111111111101", "8911111111111111102", "8911111111111111103"];

describe("Iceberg tables in a folder", () => {
  let warehouse: string;
  beforeEach(() => {
    warehouse = mkdtempSync(path.join(tmpdir(), "sales-etl-iceberg-"));
  });
  afterEach(() => rmSync(warehouse, { recursive: true, force: true }));

  const write = (name: string, text: string) => {
    const file = path.join(warehouse, ...name.split("/"));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };

  /** None of the lists of files is there: the error names the one that was looked for. */
  function table(version: number, snapshots: readonly string[]): void {
    const lists = snapshots.map(
      (id) => `{"snapshot-id" : ${id}, "manifest-list" : "file:/was/here/metadata/${id}.avro"}`,
    );
    write(
      `shop/sales/metadata/v${version}.metadata.json`,
      `{"location" : "/was/here", "current-schema-id" : 0, "schemas" : [{"schema-id" : 0, "fields" : []}],
        "refs" : {"main" : {"snapshot-id" : ${MAIN}, "type" : "branch"}}, "snapshots" : [${lists.join(", ")}]}`,
    );
  }

  const lookedFor = async (wanted: readonly string[]) => {
    const error = await readIcebergTable(warehouse, "shop", "sales", wanted).then(
      () => expect.fail("there is no list of files"),
      (cause: SalesEtlError) => cause,
    );
    expect(error.code).to.equal("WAREHOUSE_DAMAGED");
    return error.path;
  };
  const list = (id = "") => path.join(warehouse, "shop", "sales", "metadata", `${id}.avro`);

  it("are read at the very snapshot, from where the folder is now, by their newest metadata", async () => {
    table(9, []);
    table(10, [OLD ?? "", NEW ?? "", MAIN ?? ""]);
    expect(await lookedFor([OLD ?? ""])).to.equal(list(OLD));
    expect(await lookedFor([NEW ?? ""])).to.equal(list(NEW));
    expect([...(await existingSnapshots(warehouse, "shop", "sales"))]).to.deep.equal([OLD, NEW, MAIN]);
  });

  it("are read at the next best snapshot where maintenance has removed one, and as main has them where all are gone", async () => {
    table(1, [NEW ?? "", MAIN ?? ""]);
    expect(await lookedFor([OLD ?? "", NEW ?? ""])).to.equal(list(NEW));
    expect(await lookedFor([OLD ?? ""])).to.equal(list(MAIN));
  });

  it("say so where their metadata are gone", async () => {
    mkdirSync(path.join(warehouse, "shop", "sales", "metadata"), { recursive: true });
    expect(await lookedFor([])).to.equal(path.join(warehouse, "shop", "sales", "metadata"));
  });

  it("have the files of each partition together", () => {
    const partitions = new Map([
      ["/a", 201752],
      ["/b", 201801],
      ["/c", 201752],
    ]);
    expect(filesByPartition({ name: "fact", columns: [], files: [...partitions.keys()], partitions })).to.deep.equal(
      new Map([
        ["201752", ["/a", "/c"]],
        ["201801", ["/b"]],
      ]),
    );
  });

  it("have been published by the runs that came to their end, in the order of their tokens", async () => {
    const publish = (name: string, ending: string, outcome: string | null) =>
      write(
        `_control/publish/${name}.${ending}.json`,
        `{"kind": "publish", "run_id": "${name}", "moves": [{"table": "sales", "before": ${OLD}, "after": ${NEW}}], "outcome": ${JSON.stringify(outcome)}}`,
      );
    publish("000000010-c", "done", "done");
    publish("000000009-b", "done", "done");
    publish("000000009-b", "intent", null);
    publish("000000011-d", "done", "abandoned");
    publish("000000011-d", "intent", null);
    publish("000000012-e", "intent", null);
    const publishes = await readPublishes(warehouse);
    expect(publishes.map(({ run_id }) => run_id)).to.deep.equal(["000000009-b", "000000010-c"]);
    expect(publishes[0]?.moves).to.deep.equal([{ table: "sales", before: OLD, after: NEW }]);
    expect((await readUnfinished(warehouse)).map(({ run_id }) => run_id)).to.deep.equal(["000000012-e"]);
  });
});
