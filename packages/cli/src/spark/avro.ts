/** Reads Avro's container files, such as Iceberg's manifests: every record at once, as they are small. */
import { inflateRawSync } from "node:zlib";

type Schema =
  | string
  | readonly Schema[]
  | {
      readonly type: Schema;
      readonly fields?: readonly { readonly name: string; readonly type: Schema }[];
      readonly items?: Schema;
      readonly values?: Schema;
      readonly size?: number;
      readonly symbols?: readonly string[];
      readonly name?: string;
    };

/** 64-bit integers are bigint; bytes are a Buffer. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | readonly Value[]
  | { readonly [key: string]: Value };

const MAGIC = Buffer.from("Obj\u0001", "latin1");
const SYNC_BYTES = 16;

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }
  take(size: number): Buffer {
    if (size < 0 || this.#at + size > this.#bytes.length) throw new Error("the file ends too early");
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }
  /** A zigzag number of up to 64 bits. */
  long(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
      if (shift > 63n) throw new Error("a number has more than 64 bits");
    }
  }
  number(): number {
    return Number(this.long());
  }
  bytes(): Buffer {
    return this.take(this.number());
  }
}

/** Blocks of items, each with its count; a negative count is followed by the block's size. */
function* items(cursor: Cursor): Generator<void> {
  for (let count = cursor.number(); count !== 0; count = cursor.number()) {
    if (count < 0) cursor.long();
    for (let left = Math.abs(count); left > 0; left -= 1) yield;
  }
}

type Named = Map<string, Schema>;

function read(cursor: Cursor, schema: Schema, named: Named): Value {
  if (Array.isArray(schema)) {
    const chosen = (schema as readonly Schema[])[cursor.number()];
    if (chosen === undefined) throw new Error("a union has no such branch");
    return read(cursor, chosen, named);
  }
  const of = typeof schema === "string" ? { type: schema } : (schema as Exclude<Schema, string | readonly Schema[]>);
  if (of.name !== undefined) named.set(of.name, schema);
  switch (of.type) {
    case "null":
      return null;
    case "boolean":
      return cursor.take(1)[0] === 1;
    case "int":
      return cursor.number();
    case "long":
      return cursor.long();
    case "float":
      return cursor.take(4).readFloatLE();
    case "double":
      return cursor.take(8).readDoubleLE();
    case "bytes":
      return cursor.bytes();
    case "string":
      return cursor.bytes().toString("utf8");
    case "fixed":
      return cursor.take(of.size ?? 0);
    case "enum":
      return of.symbols?.[cursor.number()] ?? null;
    case "record":
      return Object.fromEntries((of.fields ?? []).map(({ name, type }) => [name, read(cursor, type, named)]));
    case "array":
      return Array.from(items(cursor), () => read(cursor, of.items ?? "null", named));
    case "map":
      return Object.fromEntries(
        Array.from(items(cursor), () => [cursor.bytes().toString("utf8"), read(cursor, of.values ?? "null", named)]),
      );
    default: {
      const known = typeof of.type === "string" ? named.get(of.type) : of.type;
      if (known === undefined) throw new Error(`the type ${String(of.type)} is unknown`);
      return read(cursor, known, named);
    }
  }
}

/** @throws Error where it is no such file, is damaged, or is packed in another way than deflate */
export function avroRecords(file: Buffer): readonly Value[] {
  const cursor = new Cursor(file);
  if (!cursor.take(MAGIC.length).equals(MAGIC)) throw new Error("it is no Avro file");
  const meta = read(cursor, { type: "map", values: "bytes" }, new Map()) as Readonly<Record<string, Buffer>>;
  const schema = JSON.parse(meta["avro.schema"]?.toString("utf8") ?? "null") as Schema;
  const codec = meta["avro.codec"]?.toString("utf8") ?? "null";
  if (codec !== "null" && codec !== "deflate") throw new Error(`it is packed with ${codec}`);
  const sync = cursor.take(SYNC_BYTES);
  const records: Value[] = [];
  while (!cursor.ended) {
    const count = cursor.number();
    const packed = cursor.bytes();
    const block = new Cursor(codec === "deflate" ? inflateRawSync(packed) : packed);
    const named: Named = new Map();
    for (let left = count; left > 0; left -= 1) records.push(read(block, schema, named));
    if (!cursor.take(SYNC_BYTES).equals(sync)) throw new Error("a block does not end as it should");
  }
  return records;
}
