/** `sales-etl explain` on the hand-worked landing, loaded by two runs: the later one has brought all dates but 2017-07-01. */
import { readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import type { Explanation } from "../../packages/cli/src/explain/explain.ts";
import { command, type Folders } from "./folders.ts";
import { sameExplanations } from "./same-answers.ts";
import { CORRECTED, tinyFact } from "./tiny.ts";

const CELL = ["--week", "201726", "--store", "1", "--product", "10"];

function explain({ spark }: Folders): Explanation {
  const { code, answer } = command(["explain", "--warehouse", spark, ...CELL]);
  expect(code).to.equal(0);
  return answer;
}

const places = ({ rows }: Explanation) =>
  rows.map(({ day, file, line, values }) => [day, values.sales_amt ?? values.inventory_on_hand_qty, file, line]);
const sales = (date: string, more = "") => `sales/dt=${date}/${more}sales_${date}.csv`;
const inventory = (date: string, more = "") => `inventory/dt=${date}/inventory_${date}.csv${more}`;

export function explains(folders: () => Folders): void {
  it("leads from every cell to the same days, numbers, files and lines as the embedded engine", async () => {
    const explanations = await sameExplanations(retail, folders());
    expect(explanations.size).to.equal(tinyFact().length - 1);
    // Looked up in the files; 100 lines of 7 on.
    const explanation = explain(folders());
    expect(places(explanation)).to.deep.equal([
      ["2017-06-26", "6.00", sales("2017-07-03", "export=e2/"), 2],
      ["2017-06-29", "3.33", sales("2017-07-02"), 2],
      ["2017-06-30", "10.00", sales(CORRECTED), 3],
      ["2017-06-30", "5.00", inventory(CORRECTED), 2],
      ["2017-07-01", "0.00", inventory("2017-07-01", ".gz"), 2],
    ]);
    expect(explanation.rejected.map(({ file, line, code, certain }) => [file, line, code, certain])).to.deep.equal([
      [sales("2017-07-01"), 5, "VALUE_TOO_PRECISE", true],
      [sales("2017-07-01"), 6, "DATE_OUTSIDE_FILE", false],
    ]);
    const amount = explanation.measures.find(({ name }) => name === "sales_amt");
    expect(amount?.calculation).to.equal("6.00 + 3.33 + 10.00 = 19.33");
    const hundred = explanations.get("201726 2 30")?.rows.filter(({ table }) => table === "sales");
    expect(hundred?.map(({ line }) => line).toSorted((a, b) => Number(a) - Number(b))).to.deep.equal(
      Array.from({ length: 100 }, (_, index) => index + 7),
    );
  });

  it("says no line where nobody has noted what was in the files", () => {
    const { spark, folder } = folders();
    // Of the second run; the first one loaded a date that the second has left as it was.
    const runs = path.join(spark, "_gate", "runs");
    const note = path.join(runs, readdirSync(runs).sort().at(-1) ?? "");
    const aside = path.join(folder, "note.json");
    renameSync(note, aside);
    const explanation = explain(folders());
    renameSync(aside, note);
    expect(places(explanation)).to.deep.equal([
      ["2017-06-26", "6.00", sales("2017-07-03", "export=e2/"), null],
      ["2017-06-29", "3.33", sales("2017-07-02"), null],
      ["2017-06-30", "10.00", sales(CORRECTED), null],
      ["2017-06-30", "5.00", inventory(CORRECTED), null],
      // Of the first run, which is noted.
      ["2017-07-01", "0.00", inventory("2017-07-01", ".gz"), 2],
    ]);
    expect(explanation.files.filter(({ state }) => state === "not-noted")).to.have.length(4);
    expect(explanation.files.find(({ file }) => file === sales(CORRECTED))?.message).to.include("nobody has noted");
  });
}

/** Published is what came first, and the landing has the corrected file. */
export function explainsWithoutLinesOfChanged(folders: Folders): void {
  const explanation = explain(folders);
  expect(places(explanation)).to.deep.equal([
    ["2017-06-30", "12.00", sales(CORRECTED), null],
    ["2017-06-30", "5.00", inventory(CORRECTED), 2],
    ["2017-07-01", "0.00", inventory("2017-07-01", ".gz"), 2],
  ]);
  const changed = explanation.files.find(({ file }) => file === sales(CORRECTED));
  expect(changed).to.include({ state: "changed", landing: folders.landing });
}
