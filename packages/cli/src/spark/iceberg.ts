/** An Iceberg table in a folder (a Hadoop catalog's), as far as a reader needs it: the columns and files of a snapshot. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { avroRecords, type Value } from "./avro.ts";

export interface IcebergTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Parquet, absolute. */
  readonly files: readonly string[];
  /** Of each file the value that all its rows have in the table's partition column; null where it has none. */
  readonly partitions: ReadonlyMap<string, Value>;
}

/** The files of each partition. */
export function filesByPartition({ partitions }: IcebergTable): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const [file, value] of partitions) files.set(String(value), [...(files.get(String(value)) ?? []), file]);
  return files;
}

interface Metadata {
  readonly location: string;
  readonly "current-schema-id": number;
  readonly schemas: readonly {
    readonly "schema-id": number;
    readonly fields: readonly { readonly name: string; readonly type: string }[];
  }[];
  readonly refs?: Readonly<Record<string, { readonly "snapshot-id": string }>>;
  readonly snapshots: readonly { readonly "snapshot-id": string; readonly "manifest-list": string }[];
}

interface Entry {
  readonly status: number;
  readonly data_file: {
    readonly content?: number;
    readonly file_path: string;
    readonly file_format: string;
    readonly partition?: Readonly<Record<string, Value>>;
  };
}

const DELETED = 2;

/** Ids of snapshots have 64 bits: as numbers of JSON they would be rounded. */
export const parseWithIds = (text: string): unknown =>
  JSON.parse(text.replace(/("(?:[\w-]*snapshot-id|before|after)"\s*:\s*)(-?\d+)/g, '$1"$2"'));

const damaged = (file: string, cause: unknown) =>
  new SalesEtlError(`${file} cannot be read: ${(cause as Error).message}; bring it back from a copy`, {
    code: "WAREHOUSE_DAMAGED",
    path: file,
    cause,
  });

async function newestMetadata(folder: string): Promise<string> {
  const numbers = (await readdir(folder)).flatMap((name) => name.match(/^v(\d+)\.metadata\.json$/)?.[1] ?? []);
  const newest = Math.max(...numbers.map(Number));
  if (!Number.isFinite(newest)) throw new Error("it has no metadata");
  return path.join(folder, `v${newest}.metadata.json`);
}

/** Where a file lies now: Iceberg writes the path that it had when it was written. */
function placeOf(folder: string, location: string, uri: string): string {
  const plain = (text: string) => text.replace(/^file:\/*(?=\/)/, "");
  const [start, file] = [`${plain(location).replace(/\/$/, "")}/`, plain(uri)];
  return file.startsWith(start) ? path.join(folder, ...file.slice(start.length).split("/")) : file;
}

async function readMetadata(folder: string): Promise<Metadata> {
  let file = path.join(folder, "metadata");
  try {
    file = await newestMetadata(file);
    return parseWithIds(await readFile(file, "utf8")) as Metadata;
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/** Those that can be read, and gone back to. */
export async function existingSnapshots(
  warehouse: string,
  dataset: string,
  table: string,
): Promise<ReadonlySet<string>> {
  const { snapshots } = await readMetadata(path.resolve(warehouse, dataset, table));
  return new Set(snapshots.map((one) => one["snapshot-id"]));
}

/**
 * @param wanted snapshots, of which the first that is still there counts; where maintenance has removed all: what main has
 * @throws {SalesEtlError} WAREHOUSE_DAMAGED
 */
export async function readIcebergTable(
  warehouse: string,
  dataset: string,
  name: string,
  wanted: readonly string[],
): Promise<IcebergTable> {
  const folder = path.resolve(warehouse, dataset, name);
  const metadata = await readMetadata(folder);
  let file = folder;
  try {
    const of = (id: string | undefined) => metadata.snapshots.find((one) => one["snapshot-id"] === id);
    const found = [...wanted, metadata.refs?.main?.["snapshot-id"]].map(of).find((one) => one !== undefined);
    const schema = metadata.schemas.find((one) => one["schema-id"] === metadata["current-schema-id"]);
    const place = (uri: string) => placeOf(folder, metadata.location, uri);
    const files = new Map<string, Value>();
    if (found !== undefined) {
      file = place(found["manifest-list"]);
      for (const manifest of avroRecords(await readFile(file)) as unknown as readonly { manifest_path: string }[]) {
        file = place(manifest.manifest_path);
        for (const { status, data_file: data } of avroRecords(await readFile(file)) as unknown as readonly Entry[]) {
          if (status === DELETED) continue;
          if ((data.content ?? 0) !== 0 || data.file_format.toUpperCase() !== "PARQUET") {
            throw new Error("it names files of deleted rows, or others than Parquet, which the job never writes");
          }
          files.set(place(data.file_path), Object.values(data.partition ?? {})[0] ?? null);
        }
      }
    }
    const columns = (schema?.fields ?? []).map((field) => ({ name: field.name, type: String(field.type) }));
    return { name, columns, files: [...files.keys()], partitions: files };
  } catch (cause) {
    throw damaged(file, cause);
  }
}
