import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { assert } from "chai";
import { type Landing, manifestKey } from "../landing/index.ts";
import { checkDate } from "./date.ts";
import { DATE, DAYS, exampleDataset, keyOf, LINES, rightFiles, VISITS } from "./examples/dataset.ts";
import { memoryLanding } from "./examples/run-example.ts";

const manifestOf = (files: ReadonlyMap<string, Buffer>, bytes: Readonly<Record<string, number>>) => ({
  version: 1,
  businessDate: DATE,
  totals: { lines: { amount: "4.50" } },
  files: [...files].map(([file, content]) => ({
    ...{ table: file.slice(0, file.indexOf("/")), file, rows: 1, bytes: bytes[file] ?? content.length },
  })),
});

/** A delivery; `bytes` are what the manifest says instead of the truth. */
function delivered(contents: Readonly<Record<string, string | Buffer>>, bytes: Readonly<Record<string, number>> = {}) {
  const files = new Map(Object.entries(contents).map(([key, content]) => [key, Buffer.from(content)]));
  const manifest = Buffer.from(JSON.stringify(manifestOf(files, bytes)));
  return memoryLanding(new Map([...files, [manifestKey(DATE), manifest]]));
}

/** From its second half on the file never comes: `time` is over then. */
function stalling(landing: Landing, file: string, time: AbortController): Landing {
  return {
    ...landing,
    async open(key) {
      const content = await buffer(await landing.open(key));
      if (key !== file) return Readable.from([content]);
      const chunks = [content.subarray(0, content.length / 2)];
      return new Readable({
        read() {
          const chunk = chunks.shift();
          if (chunk !== undefined) this.push(chunk);
          else setImmediate(() => time.abort());
        },
      });
    },
  };
}

const check = (landing: Landing, leave: { largestTableBytes: number; signal?: AbortSignal }) =>
  checkDate({ dataset: exampleDataset, landing, businessDate: DATE, leave });

describe("tables left to the Spark step", () => {
  it("are those that are too large, all parts together; the others are read", async () => {
    const { [VISITS]: visits = "", [LINES]: _, [DAYS]: days = "" } = rightFiles;
    const part = (number: number) => keyOf("lines", `lines_${DATE}.part${number}.csv`);
    const text = `day,site,amount\n${"2020-01-06,1,4.50\n".repeat(3)}`;
    const landing = delivered({ [VISITS]: visits, [part(1)]: text, [part(2)]: text, [DAYS]: days });
    // One part has 16 + 3 x 18 = 70 bytes and would do; both have 140. The visits have 37 + 35 = 72.
    const { report } = await check(landing, { largestTableBytes: 139 });
    assert.equal(report.verdict, "accepted");
    assert.deepEqual(
      report.files.map(({ table }) => table),
      ["visits", "days"],
    );
    assert.deepEqual(report.leftToSpark, [{ table: "lines", files: 2, bytes: 140, why: "too large" }]);
  });

  it("are not mentioned where there are none", async () => {
    const { report } = await check(delivered(rightFiles), { largestTableBytes: 1e9 });
    assert.notProperty(report, "leftToSpark");
    assert.lengthOf(report.files, 3);
  });

  it("must have the size that the manifest says", async () => {
    const { report } = await check(delivered(rightFiles, { [VISITS]: 100 }), { largestTableBytes: 50 });
    assert.equal(report.verdict, "rejected");
    assert.deepEqual(
      report.problems.map(({ code, file, message }) => [code, file, message]),
      [["BYTES_DIFFER", VISITS, "the file has 72 bytes, the manifest says 100"]],
    );
  });

  for (const zipped of [false, true]) {
    it(`are what was not read when the time is over, and only that${zipped ? ": gzip" : ""}`, async () => {
      const file = zipped ? `${LINES}.gz` : LINES;
      const { [LINES]: lines = "", [VISITS]: visits = "", [DAYS]: days = "" } = rightFiles;
      const many = `${lines}${"2020-01-06,1,4.50\n".repeat(5000)}`;
      const landing = delivered({ [VISITS]: visits, [file]: zipped ? gzipSync(many) : many, [DAYS]: days });
      const time = new AbortController();
      const leave = { largestTableBytes: 1e9, signal: time.signal };
      const { report } = await check(stalling(landing, file, time), leave);
      assert.equal(report.verdict, "accepted");
      assert.deepEqual(
        report.files.map(({ table, verdict }) => [table, verdict]),
        [["visits", "accepted"]],
      );
      assert.deepEqual(
        report.leftToSpark?.map(({ table, why }) => [table, why]),
        [
          ["lines", "out of time"],
          ["days", "out of time"],
        ],
      );
    });
  }

  it("do not hide what is wrong with what was read", async () => {
    const { report } = await check(delivered({ ...rightFiles, [VISITS]: "day,site\n2020-01-06,1\n" }), {
      largestTableBytes: 33,
    });
    assert.equal(report.verdict, "rejected");
    assert.deepEqual(
      report.leftToSpark?.map(({ table }) => table),
      ["lines"],
    );
  });
});
