import { expect } from "chai";
import { codes, type ProblemCode } from "../codes.ts";
import { examples } from "./examples.ts";
import { runExample } from "./run-example.ts";

describe("the example of each code", () => {
  it("is there", () => {
    expect(Object.keys(examples).sort()).to.deep.equal(Object.keys(codes).sort());
  });

  it("is right in all else: a delivery without a fault is accepted", async () => {
    const { verdict, problems, files } = await runExample({});
    expect([verdict, problems, files.flatMap((file) => file.problems)]).to.deep.equal(["accepted", [], []]);
  });

  for (const code of Object.keys(examples) as ProblemCode[]) {
    const example = examples[code];
    // That one is run by the engine's tests.
    if (example.onlyWhenLoaded === true) continue;
    it(`${code} has that fault and no other`, async () => {
      const report = await runExample(example);
      const found = [...report.problems, ...report.files.flatMap(({ problems }) => problems)].map((one) => one.code);
      expect([...new Set(found)].sort()).to.deep.equal([code, ...(example.with ?? [])].sort());
    });
  }
});
