/** Checks the delivery of an example. */
import { Readable } from "node:stream";
import { SalesEtlError } from "../../errors.ts";
import { addDays, type Landing, type Manifest, manifestKey } from "../../landing/index.ts";
import { checkDate } from "../date.ts";
import type { DateReport } from "../report.ts";
import { DATE, exampleDataset, rightFiles } from "./dataset.ts";
import type { Example } from "./examples.ts";

const tableIn = (key: string) => key.slice(0, key.indexOf("/"));

/** A manifest that says what is there, as the source would have written it. */
function rightManifest(files: ReadonlyMap<string, Buffer | null>): Manifest {
  return {
    version: 1,
    businessDate: DATE,
    files: [...files]
      // A file that is replaced by one of another name is named no more; one that is only missing is.
      .filter(
        ([key, content]) =>
          content !== null || ![...files].some(([other, it]) => it !== null && tableIn(other) === tableIn(key)),
      )
      .map(([key, content]) => {
        const lines = (content ?? "").toString("latin1").replace(/\n$/, "").split("\n").length;
        return { table: tableIn(key), file: key, rows: Math.max(0, lines - 1), bytes: content?.length ?? 0 };
      }),
  };
}

/** A landing whose objects are in memory. */
export function memoryLanding(objects: ReadonlyMap<string, Buffer>): Landing {
  return {
    uri: "memory:",
    list: async (prefix) =>
      [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, content]) => ({ key, bytes: content.length }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    async open(key) {
      const content = objects.get(key);
      if (content === undefined) {
        throw new SalesEtlError(`there is no ${key}`, { code: "LANDING_OBJECT_NOT_FOUND", path: key });
      }
      return Readable.from([content]);
    },
  };
}

/** What lies in the landing, by key. */
export function deliveryOf(example: Example): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer | null>();
  for (const [key, content] of Object.entries({ ...rightFiles, ...example.files })) {
    files.set(key, content === null ? null : Buffer.from(content));
  }
  const right = rightManifest(files);
  const manifest = example.manifest === undefined ? right : example.manifest(right);
  const objects = new Map<string, Buffer>();
  for (const [key, content] of files) if (content !== null) objects.set(key, content);
  if (manifest !== null) {
    objects.set(manifestKey(DATE), Buffer.from(typeof manifest === "string" ? manifest : JSON.stringify(manifest)));
  }
  if (example.rowsBefore !== undefined) {
    const files = [{ table: "visits", file: "visits/before.csv", rows: example.rowsBefore, bytes: 1 }];
    for (const days of [7, 14, 21]) {
      const businessDate = addDays(DATE, -days);
      objects.set(manifestKey(businessDate), Buffer.from(JSON.stringify({ version: 1, businessDate, files })));
    }
  }
  return objects;
}

export async function runExample(example: Example): Promise<DateReport> {
  const { snapshotBefore, gaps = [] } = example;
  const { report } = await checkDate({
    ...(snapshotBefore === undefined ? {} : { earlierSnapshot: () => snapshotBefore }),
    gaps,
    dataset: exampleDataset,
    landing: memoryLanding(deliveryOf(example)),
    businessDate: DATE,
    acceptedElsewhere: (table) =>
      table === example.acceptedBefore ? `${table}/dt=2020-01-05/${table}_2020-01-05.csv` : null,
  });
  return report;
}
