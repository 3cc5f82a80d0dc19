/** From which size a cluster is worth it: `estimateRun` with what the bench has measured, against one machine. */
import { costOfRows, type EmrSpeed, estimateRun, type MeasuredRun } from "@sales-etl/etl-core/emr";

const SIZES = [1, 10, 50, 100, 500];
const MILLION = 1_000_000;

const clusters = [1, 2, 4, 8].map((count) => ({
  primary: { types: ["m7g.xlarge"] },
  core: { types: ["m7g.xlarge"] },
  ...(count === 1 ? {} : { task: { types: ["m7g.xlarge"], count: count - 1 } }),
}));

export const SIZES_HEADER = ["rows of a day", "embedded, minutes", "1 worker", "2 workers", "4 workers", "8 workers"];

/** Minutes of the embedded engine are its core seconds on one core. */
export function sizesTable(embedded: readonly MeasuredRun[], speed: EmrSpeed): readonly (readonly string[])[] {
  const { fixedSeconds, perRow } = costOfRows(embedded);
  return SIZES.map((millions) => {
    const rows = millions * MILLION;
    const minutes = Math.ceil((fixedSeconds + perRow * rows) / 60);
    const estimates = clusters.map((instances) => estimateRun({ rows, instances, speed }));
    return [
      `${millions} million`,
      String(minutes),
      ...estimates.map((one) => `${one.minutes} min, $${Number(one.dollars).toFixed(2)}`),
    ];
  });
}
