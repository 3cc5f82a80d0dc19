import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import { avroRecords } from "./avro.ts";

const SYNC = Buffer.alloc(16, 7);
const text = (value: string) => Buffer.concat([Buffer.from([value.length * 2]), Buffer.from(value)]);

/** A container file by hand, as the specification describes it; lengths of up to 63 bytes, which fit one byte. */
function file(schema: unknown, count: number, data: Buffer, codec = "null", sync = SYNC): Buffer {
  const json = Buffer.from(JSON.stringify(schema));
  const length = Buffer.from([((json.length * 2) & 0x7f) | 0x80, (json.length * 2) >> 7]);
  const meta = [Buffer.from([4]), text("avro.schema"), length, json, text("avro.codec"), text(codec), Buffer.from([0])];
  const block = codec === "deflate" ? deflateRawSync(data) : data;
  const head = [Buffer.from("Obj\u0001", "latin1"), ...meta, SYNC];
  return Buffer.concat([...head, Buffer.from([count * 2, block.length * 2]), block, sync]);
}

const record = (...types: unknown[]) => ({
  ...{ type: "record", name: "test" },
  fields: types.map((type, index) => ({ name: `f${index}`, type })),
});

describe("Avro's container files", () => {
  // The bytes are those of the examples in Avro's specification.
  const examples: readonly [string, unknown, string, unknown][] = [
    ["0", "long", "00", 0n],
    ["-1", "long", "01", -1n],
    ["1", "long", "02", 1n],
    ["-64", "long", "7f", -64n],
    ["64", "long", "8001", 64n],
    ["8192 as an int", "int", "808001", 8192],
    ["the largest long", "long", "feffffffffffffffff01", 9223372036854775807n],
    ["the smallest long", "long", "ffffffffffffffffff01", -9223372036854775808n],
    ["a string", "string", "06666f6f", "foo"],
    ["an array", { type: "array", items: "long" }, "04063600", [3n, 27n]],
    ["an array that tells its size", { type: "array", items: "long" }, "0304063600", [3n, 27n]],
    ["no text of a union", ["null", "string"], "00", null],
    ["a text of a union", ["null", "string"], "020261", "a"],
    ["a map", { type: "map", values: "int" }, "0202610600", { a: 3 }],
    ["true", "boolean", "01", true],
    ["a double", "double", "000000000000f83f", 1.5],
    ["an enum", { type: "enum", name: "e", symbols: ["A", "B"] }, "02", "B"],
  ];
  for (const [name, type, hex, value] of examples) {
    it(`read ${name}, packed and not`, () => {
      const data = Buffer.from(hex, "hex");
      for (const codec of ["null", "deflate"]) {
        expect(avroRecords(file(record(type), 1, data, codec))).to.deep.equal([{ f0: value }]);
      }
    });
  }

  it("read a record of the specification, many times, and a type by its name", () => {
    const data = Buffer.from("3606666f6f".repeat(3), "hex");
    const expected = { f0: 27n, f1: "foo" };
    expect(avroRecords(file(record("long", "string"), 3, data))).to.deep.equal([expected, expected, expected]);
    const fixed = { type: "fixed", name: "two", size: 2 };
    const pair = avroRecords(file(record(fixed, "two"), 1, Buffer.from("abcd", "latin1")));
    expect(pair).to.deep.equal([{ f0: Buffer.from("ab"), f1: Buffer.from("cd") }]);
  });

  it("refuse what is cut off, damaged, packed otherwise or something else", () => {
    const whole = file(record("string"), 1, Buffer.from("06666f6f", "hex"));
    expect(() => avroRecords(whole.subarray(0, -1))).to.throw("ends too early");
    expect(() => avroRecords(file(record("string"), 1, text("a"), "null", Buffer.alloc(16)))).to.throw("does not end");
    expect(() => avroRecords(file(record("string"), 1, text("a"), "zstandard"))).to.throw("packed with zstandard");
    expect(() => avroRecords(Buffer.from("PAR1 and more"))).to.throw("no Avro file");
  });
});
