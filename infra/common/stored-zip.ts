import { crc32 } from "node:zlib";

/** Of the format. */
const versionNeeded = 20;
/** 1 January 1980, the first day that a zip can write: a real time would make another file of each copy. */
const noDate = 0x0021;
/** Bit 11: the name is UTF-8, where ASCII is not enough. */
const utf8 = 0x0800;
/** -rw-r--r--, written by Unix. */
const [madeBy, attributes] = [(3 << 8) | versionNeeded, 0o100644 * 0x10000];

/**
 * A zip of these files, in the order of their names. It is the same to the byte on every machine, in every time zone and with
 * every version of Node: nothing is compressed, for compressors differ.
 *
 * @param files by their names, with / between folders; together below 4 GiB
 */
export function storedZip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const [bodies, directory]: [Uint8Array[], Uint8Array[]] = [[], []];
  let offset = 0;
  const names = Object.keys(files).sort();
  for (const name of names) {
    const [content, nameBytes] = [files[name] as Uint8Array, Buffer.from(name)];
    const common = commonFields(content, nameBytes);
    const local = Buffer.concat([number(0x04034b50, 4), common, nameBytes, content]);
    bodies.push(local);
    directory.push(
      Buffer.concat([
        ...[number(0x02014b50, 4), number(madeBy, 2), common],
        // No comment, the first disk, a plain file.
        ...[number(0, 2), number(0, 2), number(0, 2), number(attributes, 4), number(offset, 4), nameBytes],
      ]),
    );
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const count = number(names.length, 2);
  const end = [
    number(0x06054b50, 4),
    number(0, 4),
    count,
    count,
    number(listed.length, 4),
    number(offset, 4),
    number(0, 2),
  ];
  return Buffer.concat([...bodies, listed, ...end]);
}

/** What stands before each file and once more in the directory. */
function commonFields(content: Uint8Array, name: Uint8Array): Buffer {
  const size = number(content.length, 4);
  const [flags, stored] = [name.every((byte) => byte < 0x80) ? 0 : utf8, 0];
  const head = [versionNeeded, flags, stored, 0, noDate].map((value) => number(value, 2));
  return Buffer.concat([...head, number(crc32(content), 4), size, size, number(name.length, 2), number(0, 2)]);
}

function number(value: number, bytes: 2 | 4): Buffer {
  const written = Buffer.alloc(bytes);
  written.writeUIntLE(value, 0, bytes);
  return written;
}
