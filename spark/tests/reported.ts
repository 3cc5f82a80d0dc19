/** `sales-etl report` on the hand-worked landing: the numbers of the other engine, and what is not kept. */
import { readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { linksOf, textsOf, unexplained } from "../../packages/cli/test/support/report-html.ts";
import { command, type Folders } from "./folders.ts";
import { sameReports } from "./same-answers.ts";
import { CORRECTED, MISSING } from "./tiny.ts";

function report({ folder, spark }: Folders): { readonly html: string; readonly text: string } {
  const file = path.join(folder, "report.html");
  const { code, answer } = command(["report", "--warehouse", spark, "--out", file]);
  expect([code, answer.report, answer.week]).to.deep.equal([0, file, 201727]);
  const html = readFileSync(file, "utf8");
  return { html, text: textsOf(html.slice(html.indexOf("<body>"))) };
}

export function reports(folders: () => Folders): void {
  it("reports the same numbers as the embedded engine, and says what it does not know", async () => {
    for (const week of [201725, 201726]) await sameReports(retail, folders(), week, true);
    const { restatements, operations } = await sameReports(retail, folders(), 201727, true);
    const totals = ["before", "after"] as const;
    expect(
      restatements.rows.map(({ period, cause, dates: why, ...one }) => [
        ...[period, cause, ...why],
        ...totals.map((when) => [one[when]?.sales_qty, one[when]?.sales_amt]),
      ]),
    ).to.deep.equal([
      [201726, "delivered again", CORRECTED, ["111.30", "18.99"], ["113.30", "26.32"]],
      [201725, "delivered again", CORRECTED, ["2.00", "7.00"], ["2.00", "7.00"]],
    ]);
    expect(operations.refused?.map(({ businessDate, verdict }) => [businessDate, verdict])).to.deep.equal([
      [MISSING, "incomplete"],
    ]);
    expect(operations.alerts?.map(({ businessDate, code }) => [businessDate, code])).to.deep.equal([
      ["2017-07-03", "FILE_NOT_IN_MANIFEST"],
      ["2017-07-04", "DAY_WITHOUT_ROWS"],
    ]);
    expect(operations.warnings).to.have.length(3);
    const { html, text } = report(folders());
    const { targets, ids } = linksOf(html);
    expect(targets.filter((target) => !ids.includes(target))).to.deep.equal([]);
    expect(unexplained(html)).to.deep.equal([]);
    // 3.50 + 1.00 + 0.01.
    expect(text).to.include("Sales $4.51").and.include("2 rows rejected").and.include("2 restatements");
    expect(text).to.include(`${MISSING} is incomplete`).and.include("Incomplete 1").and.not.include("Not on this page");
  });

  it("says on the report what nobody has kept", () => {
    const notes = path.join(folders().spark, "_gate");
    const aside = path.join(folders().folder, "notes");
    renameSync(notes, aside);
    const { text } = report(folders());
    renameSync(aside, notes);
    const left = "deliveries that were refused, alerts of the checks, warnings of the quality checks";
    expect(text).to.include(`Not on this page, as the warehouse does not keep it: ${left}`);
    expect(text).to.include("Missing, or refused 0").and.not.include("Incomplete");
  });
}
