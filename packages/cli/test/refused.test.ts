import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { tableOf } from "@sales-etl/etl-core/contract";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import type { DateProblem } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import { DATE, exampleDataset, rightFiles, VISITS } from "../../etl-core/src/validate/examples/dataset.ts";
import { loadAllRight, QUICK_FROM } from "../src/engine/all-right.ts";
import { scanDate } from "../src/engine/fingerprint.ts";
import { readAhead } from "../src/engine/read-ahead.ts";
import { runDates } from "../src/engine/run.ts";
import { seenSnapshots } from "../src/engine/seen-snapshots.ts";
import { newRunId } from "../src/engine/state.ts";
import { takeDate } from "../src/engine/take-date.ts";
import { openWriter } from "../src/engine/writer.ts";
import { writeManifest } from "../src/source/write-manifest.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { query, stateOf } from "./support/warehouse.ts";
import { errorOf, workspace } from "./support/workspace.ts";

describe("sales-etl run refuses", () => {
  it("rejects a table in two files that share a key, and goes on with the other dates", async () => {
    const { landing, warehouse, run } = workspace();
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,1,1.00" });
    await land(landing, "2020-01-06", { inventory: "2020-01-06,1,10,4,0\n2020-01-06,1,11,4,0" });
    const stock = path.join(landing, "inventory", "dt=2020-01-06");
    const text = readFileSync(path.join(stock, "inventory_2020-01-06.csv"), "utf8").trimEnd().split("\n");
    writeFileSync(
      path.join(stock, "inventory_2020-01-06.part2.csv"),
      `${text[0]}\n${text[2]?.replace("2020-01-06,1,11", "2020-01-06,1,011")}\n`,
    );
    expect((await salesEtl("manifest", "--landing", landing, "--date", "2020-01-06")).code).to.equal(0);
    const { stdout } = await run("--from", "2020-01-05", "--to", "2020-01-06");
    expect(JSON.parse(stdout).dates.map(({ verdict }: { verdict: string }) => verdict)).to.deep.equal([
      "accepted",
      "rejected",
    ]);
    const report = readFileSync(path.join(warehouse, stateOf(warehouse).reports["2020-01-06"] ?? ""), "utf8");
    expect(report).to.contain("KEY_IN_TWO_FILES").and.contain("inventory_2020-01-06.csv, too");
  });

  it("rejects an export that is another day's, or the day's twice", async () => {
    const { landing, warehouse, run } = workspace();
    const judged = async (date: string) => {
      const { stdout } = await run("--date", date);
      const state = stateOf(warehouse);
      const report = JSON.parse(readFileSync(path.join(warehouse, state.reports[date] ?? ""), "utf8"));
      const codes = report.files.flatMap((file: { problems: { code: string; message: string }[] }) => file.problems);
      return { verdict: JSON.parse(stdout).dates[0].verdict, problems: codes };
    };
    // Sunday's rows again on Monday: within the seven days that a row may be late, so only the bytes tell.
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,1,1.00\n2,10,1,2020-01-05,1,1.00" });
    expect((await judged("2020-01-05")).verdict).to.equal("accepted");
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-05,1,1.00\n2,10,1,2020-01-05,1,1.00" });
    const repeated = await judged("2020-01-06");
    expect([repeated.verdict, repeated.problems[0].code]).to.deep.equal(["rejected", "FILE_REPEATED"]);
    expect(repeated.problems[0].message).to.contain("sales/dt=2020-01-05/sales_2020-01-05.csv");
    await land(landing, "2020-01-06", {
      sales: "3,10,1,2020-01-06,1,1.00\n4,10,1,2020-01-06,1,1.00\n4,10,1,2020-01-06,1,1.00\n3,10,1,2020-01-06,1,1.00",
    });
    const doubled = await judged("2020-01-06");
    expect([doubled.verdict, doubled.problems[0].code]).to.deep.equal(["rejected", "FILE_DOUBLED"]);
    // The same date again is no repetition of itself.
    await land(landing, "2020-01-05", {
      sales: "1,10,1,2020-01-05,1,1.00\n2,10,1,2020-01-05,1,1.00",
      store: "1,New name",
    });
    expect((await judged("2020-01-05")).verdict).to.equal("accepted");
  });

  it("loads no file that was replaced after it was checked", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    for (const [key, content] of Object.entries(rightFiles)) {
      mkdirSync(path.dirname(path.join(landing, key)), { recursive: true });
      writeFileSync(path.join(landing, key), content);
    }
    await writeManifest(exampleDataset, landing, DATE);
    const engine = await openWriter(warehouse);
    const source = folderLanding(landing);
    const session = { engine, dataset: exampleDataset, warehouse, runId: newRunId(), contractVersion: "1" };
    const replaced = {
      ...source,
      async open(key: string) {
        if (key !== VISITS) return source.open(key);
        const checked = rightFiles[VISITS] ?? "";
        writeFileSync(path.join(landing, key), `${checked}2020-01-06,2,95,310.00,true,usual,\n`);
        return Readable.from([Buffer.from(checked)]);
      },
    };
    const whole = { ...session, landing: replaced, quickFrom: QUICK_FROM, seenSnapshots: seenSnapshots() };
    const ahead = await readAhead(whole, [DATE], {});
    const { report, loaded } = await takeDate(whole, DATE, {}, await ahead.next());
    await ahead.end();
    engine.close();
    expect([report?.verdict, report?.problems.map(({ code }) => code)]).to.deep.equal([
      "rejected",
      ["FILE_UNREADABLE"],
    ]);
    expect(loaded).to.equal(null);
  });

  it("lets the engine alone load no file that was written to after the scan, whatever its size", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    for (const [key, content] of Object.entries(rightFiles)) {
      mkdirSync(path.dirname(path.join(landing, key)), { recursive: true });
      writeFileSync(path.join(landing, key), content);
    }
    const engine = await openWriter(warehouse);
    try {
      const table = tableOf(exampleDataset, "visits");
      const content = rightFiles[VISITS] ?? "";
      const rows = content.trimEnd().split("\n").length - 1;
      const named = { table: "visits", file: VISITS, rows, bytes: Buffer.byteLength(content) };
      const scanned = await scanDate(exampleDataset, folderLanding(landing), DATE, true);
      const args = { engine, landing, warehouse, businessDate: DATE, runId: newRunId(), scanned };
      expect((await loadAllRight(args, table, [named], 0))?.checked.verdict).to.equal("accepted");
      // A typed read would take it for 100.
      const replaced = content.replace(",120,", ",1e2,");
      expect([replaced.length, replaced === content]).to.deep.equal([content.length, false]);
      writeFileSync(path.join(landing, VISITS), replaced);
      expect(await loadAllRight(args, table, [named], 0)).to.equal(null);
    } finally {
      engine.close();
    }
  });

  it("loads no file in which the two checkers find other faults, though as many", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    for (const [key, content] of Object.entries(rightFiles)) {
      mkdirSync(path.dirname(path.join(landing, key)), { recursive: true });
      writeFileSync(
        path.join(landing, key),
        key === VISITS ? `${content}2020-01-06,2,95,310.00,true,usual,\n` : content,
      );
    }
    await writeManifest(exampleDataset, landing, DATE);
    // Rules that a contract must not have: the text says one line, the SQL the other.
    const rule = {
      column: "site",
      description: "none",
      sql: "site <> 1",
      holds: (text: (name: string) => string) => text("site") !== "2",
    };
    const tables = exampleDataset.tables.map((table) =>
      table.name === "visits" ? { ...table, rules: [rule] } : table,
    );
    const problems: DateProblem[] = [];
    const { dates } = await runDates({
      ...{ dataset: { ...exampleDataset, tables }, landing, warehouse, dates: [DATE] },
      onProgress: (progress) => problems.push(...((progress.step === "date" ? progress.report?.problems : null) ?? [])),
    });
    expect(dates.map(({ verdict }) => verdict)).to.deep.equal(["rejected"]);
    expect(problems[0]).to.include({ code: "FILE_UNREADABLE", table: "visits", file: VISITS });
    expect(problems[0]?.message).to.contain("the two checkers do not agree");
  });

  it("keeps rejected rows in quarantine: accepted + rejected = read", async () => {
    const { landing, warehouse, run } = workspace();
    // One of fifty rows is wrong: 2 %, as much as sales tolerate.
    const good = Array.from({ length: 49 }, (_, index) => `${index},10,1,2020-01-06,1,1.00`);
    await land(landing, "2020-01-06", {
      sales: [...good.slice(0, 20), "99,10,,2020-01-06,1,1.00", ...good.slice(20)].join("\n"),
    });
    const { code, stdout } = await run("--date", "2020-01-06");
    expect(code).to.equal(0);
    // 49 sales and 7 rows of the snapshots.
    expect(JSON.parse(stdout).dates[0]).to.include({ rowsAccepted: 56, rowsRejected: 1 });
    const quarantine = stateOf(warehouse).dates["2020-01-06"]?.quarantine ?? "";
    const rows = await query(warehouse, [quarantine], 'SELECT file, line, "column", value, code FROM rows');
    expect(rows).to.deep.equal([
      {
        file: "sales/dt=2020-01-06/sales_2020-01-06.csv",
        line: "22",
        column: "store_key",
        value: "",
        code: "VALUE_NULL",
      },
    ]);
  });

  it("publishes nothing when a check before publishing fails, and says which rows break which rule", async () => {
    const { landing, warehouse, run } = workspace();
    await land(landing, "2020-01-07", { sales: "1,10,1,2020-01-07,1,1.00" });
    const { code, stdout } = await run("--date", "2020-01-07");
    expect(code).to.equal(1);
    expect(errorOf(stdout).code).to.equal("QUALITY_CHECK_FAILED");
    expect(errorOf(stdout).message)
      .to.contain('broken rule "every day of sales is in calendar"')
      .and.contain('{"trans_dt":"2020-01-07"}');
    expect(existsSync(path.join(warehouse, "current.json"))).to.equal(false);
  });
});
