import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { type Manifest, manifestKey } from "../landing/index.ts";
import { validateDate } from "./date.ts";
import { DATE, exampleDataset, keyOf, LINES, rightFiles } from "./examples/dataset.ts";
import { memoryLanding } from "./examples/run-example.ts";

const BEFORE = "2020-01-05";
const before = (key: string) => key.replaceAll(DATE, BEFORE);
/** Rows of the day before: on both dates within their lateness. */
const rows = "day,site,amount\n2020-01-05,1,4.50\n2020-01-05,2,1.00\n";

/** What is said of the lines of {@link DATE}, after `earlier` came as those of the day before. */
async function codesAfter(
  earlier: Buffer | string,
  name = before(LINES),
  now: Buffer | string = rows,
  nowName = LINES,
) {
  const objects = new Map<string, Buffer>();
  const land = (date: string, files: Readonly<Record<string, Buffer | string>>) => {
    const manifest: Manifest = { version: 1, businessDate: date, files: [] };
    for (const [key, content] of Object.entries(files)) {
      const bytes = Buffer.from(content);
      objects.set(key, bytes);
      const table = key.slice(0, key.indexOf("/"));
      manifest.files.push({ table, file: key, rows: table === "lines" ? 2 : 1, bytes: bytes.length });
    }
    objects.set(manifestKey(date), Buffer.from(JSON.stringify(manifest)));
  };
  const { [LINES]: _, ...others } = rightFiles;
  land(BEFORE, { [name]: earlier });
  land(DATE, { ...others, [nowName]: now });
  const report = await validateDate({ dataset: exampleDataset, landing: memoryLanding(objects), businessDate: DATE });
  return report.files.flatMap(({ problems }) => problems.map(({ code, message }) => `${code} ${message}`));
}

describe("rows that came before as those of an earlier day", () => {
  it("are found in the landing, compressed or not", async () => {
    const [found] = await codesAfter(rows);
    expect(found).to.contain("FILE_REPEATED the file has the same rows as lines/dt=2020-01-05/lines_2020-01-05.csv");
    const zipped = keyOf("lines", "lines_2020-01-06.csv.gz");
    expect(await codesAfter(gzipSync(rows), before(zipped))).to.have.length(1);
    expect(await codesAfter(gzipSync(rows, { level: 1 }), before(zipped), gzipSync(rows), zipped)).to.have.length(1);
  });

  it("are no others of the same size, and none that were refused", async () => {
    expect(await codesAfter(rows.replace("4.50", "4.60"))).to.deep.equal([]);
    // Of two rows one is of no day: more than is tolerated would be refused; here the file is no gzip.
    expect(await codesAfter(rows, before(keyOf("lines", "lines_2020-01-06.csv.gz")))).to.deep.equal([]);
  });
});
