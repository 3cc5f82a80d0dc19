/**
 * Packs the job's Python package for `spark-submit --py-files`: the same bytes from the same sources, so that an
 * unchanged job is not uploaded again.
 *
 *     node spark/build.ts FILE.zip
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";

const folder = import.meta.dirname;
const packageName = "sales_etl_spark";

/** 1980-01-01, the first day that a zip can name. */
const DATE = 0x21;
const UTF8 = 0x800;

interface Entry {
  readonly name: Buffer;
  readonly data: Buffer;
  readonly offset: number;
}

/** The part that an entry's own header and its line in the directory share; entries are stored as they are. */
function common({ name, data }: Entry): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(UTF8, 2);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

const signature = (text: string) => Buffer.from(`PK${text}`, "latin1");

function directoryLine(entry: Entry): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(entry.offset, 10);
  return Buffer.concat([signature("\x01\x02"), Buffer.from([20, 0]), common(entry), rest, entry.name]);
}

/** @returns the zip of the package's modules */
export function sparkPackage(): Buffer {
  const files = readdirSync(path.join(folder, packageName)).filter((name) => name.endsWith(".py"));
  const parts: Buffer[] = [];
  const entries: Entry[] = [];
  let offset = 0;
  for (const file of files.sort()) {
    const data = readFileSync(path.join(folder, packageName, file));
    const entry = { name: Buffer.from(`${packageName}/${file}`), data, offset };
    const part = Buffer.concat([signature("\x03\x04"), common(entry), entry.name, data]);
    entries.push(entry);
    parts.push(part);
    offset += part.length;
  }
  const directory = Buffer.concat(entries.map(directoryLine));
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, directory, signature("\x05\x06"), end]);
}

if (import.meta.main) {
  const [target] = process.argv.slice(2);
  if (target === undefined) {
    console.error("node spark/build.ts FILE.zip");
    process.exit(2);
  }
  mkdirSync(path.dirname(path.resolve(target)), { recursive: true });
  writeFileSync(target, sparkPackage());
  console.log(target);
}
