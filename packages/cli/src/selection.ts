/** Rows of a query as a table for people, as CSV (RFC 4180) or as JSON. CSV and JSON are written block by block. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Json } from "@duckdb/node-api";
import type { Selection } from "./engine/read-only.ts";
import { table } from "./people.ts";

export const formats = ["table", "csv", "json"] as const;
export type Format = (typeof formats)[number];

const textOf = (value: Json): string =>
  value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** An empty text is quoted, so that it is told from a missing value. */
const csvCell = (value: Json): string => {
  const text = textOf(value);
  return value === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export async function writeSelection({ columns, blocks }: Selection, format: Format, out: Writable): Promise<void> {
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, "drain");
  };
  switch (format) {
    case "table": {
      const rows: string[][] = [];
      // A line end would break the table.
      for await (const block of blocks) {
        rows.push(...block.map((row) => row.map((cell) => textOf(cell).replaceAll(/[\r\n]+/g, " "))));
      }
      return write(`${table(columns, rows)}\n`);
    }
    case "csv":
      await write(`${columns.map(csvCell).join(",")}\n`);
      for await (const block of blocks) await write(block.map((row) => `${row.map(csvCell).join(",")}\n`).join(""));
      return;
    case "json": {
      let before = "[";
      for await (const block of blocks) {
        for (const row of block) {
          const values = Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null]));
          await write(`${before}\n  ${JSON.stringify(values)}`);
          before = ",";
        }
      }
      return write(before === "[" ? "[]\n" : "\n]\n");
    }
  }
}
