/**
 * Reads the dates of a run, each on a connection of its own, before their turn comes: bytes are hashed while the engine
 * loads, and small files keep all cores busy. What a date means is decided in its turn, as it depends on those before it.
 */
import { type Dataset, tableOf } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { type BusinessDate, type Manifest, readManifest } from "@sales-etl/etl-core/landing";
import type { Gap } from "@sales-etl/etl-core/validate";
import { acceptedGaps } from "./accepted-gaps.ts";
import { type AllRight, discard, loadAllRight } from "./all-right.ts";
import type { Engine } from "./duckdb.ts";
import { fingerprintOf, type ScannedDate, scanDate } from "./fingerprint.ts";
import type { LoadedDate } from "./state.ts";
import type { Session } from "./take-date.ts";

/** So many dates are read at once: Node has four threads for what waits. */
const LANES = 4;

/** What is known of a date without the dates before it. */
export interface ReadDate {
  readonly gaps: readonly Gap[];
  readonly fingerprint: string;
  readonly scanned: ScannedDate;
  /** The tables that are loaded already, by name. */
  readonly allRight: ReadonlyMap<string, AllRight>;
  readonly seconds: number;
}

export interface ReadAhead {
  /** In the order of the dates. */
  next(): Promise<ReadDate>;
  /** Waits for what still runs and removes what was loaded and not asked for. */
  end(): Promise<void>;
}

async function manifestOf(session: Session, date: BusinessDate): Promise<Manifest | null> {
  try {
    return await readManifest(session.landing, date);
  } catch (error) {
    // The checks say what is wrong with it.
    if (error instanceof SalesEtlError) return null;
    throw error;
  }
}

const ofTable = ({ files }: Manifest, name: string) => files.filter(({ table }) => table === name);

const names = (dataset: Dataset, manifest: Manifest | null): readonly string[] =>
  manifest === null ? [] : dataset.tables.map(({ name }) => name).filter((name) => ofTable(manifest, name).length > 0);

/** @param old as the date is published; one that did not change is not loaded again */
async function readDate(
  session: Session,
  engine: Engine,
  businessDate: BusinessDate,
  old: LoadedDate | undefined,
  mayLoad: boolean,
): Promise<ReadDate> {
  const { dataset, landing, warehouse, runId, contractVersion, quickFrom } = session;
  const start = performance.now();
  const gaps = await acceptedGaps(warehouse, dataset, businessDate);
  const meaning = gaps.length === 0 ? contractVersion : `${contractVersion} ${JSON.stringify(gaps)}`;
  // Most dates that are published have not changed: of them the hashes are enough.
  let scanned = await scanDate(dataset, landing, businessDate, mayLoad && old === undefined);
  let fingerprint = fingerprintOf(meaning, scanned);
  if (mayLoad && old !== undefined && old.fingerprint !== fingerprint) {
    scanned = await scanDate(dataset, landing, businessDate, true);
    fingerprint = fingerprintOf(meaning, scanned);
  }
  const allRight = new Map<string, AllRight>();
  if (mayLoad && old?.fingerprint !== fingerprint) {
    const manifest = await manifestOf(session, businessDate);
    const args = { engine, landing: landing.uri, warehouse, businessDate, runId, scanned };
    for (const name of names(dataset, manifest)) {
      const files = ofTable(manifest as Manifest, name);
      const loaded = await loadAllRight(args, tableOf(dataset, name), files, quickFrom);
      if (loaded !== null) allRight.set(name, loaded);
    }
  }
  return { gaps, fingerprint, scanned, allRight, seconds: (performance.now() - start) / 1000 };
}

/** @param published the dates as they are published */
export async function readAhead(
  session: Session,
  dates: readonly BusinessDate[],
  published: Readonly<Record<BusinessDate, LoadedDate>>,
): Promise<ReadAhead> {
  const lanes = await Promise.all(
    Array.from({ length: Math.min(LANES, dates.length) }, () => session.engine.connect()),
  );
  const ends: Promise<unknown>[] = lanes.map(() => Promise.resolve());
  const started: Promise<ReadDate>[] = [];
  let taken = 0;
  const start = () => {
    const index = started.length;
    const date = dates[index];
    const lane = index % lanes.length;
    const engine = lanes[lane];
    if (date === undefined || engine === undefined) return;
    // A date that is named twice has one file.
    const mayLoad = dates.indexOf(date) === index;
    const reading = (ends[lane] as Promise<unknown>).then(() =>
      readDate(session, engine, date, published[date], mayLoad),
    );
    // It is told to whoever asks for the date.
    ends[lane] = reading.catch(() => {});
    started.push(reading);
  };
  return {
    async next() {
      while (started.length <= taken + LANES && started.length < dates.length) start();
      const reading = started[taken];
      if (reading === undefined) throw new RangeError("there is no date left");
      taken += 1;
      return reading;
    },
    async end() {
      await Promise.all(ends);
      for (const reading of started.slice(taken)) {
        const { allRight } = await reading.catch(() => ({ allRight: new Map<string, AllRight>() }));
        for (const { file } of allRight.values()) await discard(session.warehouse, file);
      }
      for (const engine of lanes) engine.close();
    },
  };
}
