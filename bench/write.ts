/** The tables of the benches in docs/performance.md and docs/spark.md, each between its own markers: what was not run stays as it is. */
import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import path from "node:path";

const docs = path.join(import.meta.dirname, "..", "docs");

const machine = (): string => {
  const [cpu] = cpus();
  const model = cpu?.model.trim() ?? "unknown";
  return `${cpus().length} cores (${model}), ${Math.round(totalmem() / 1024 ** 3)} GB, ${platform()} ${arch()}, Node ${process.versions.node}`;
};

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

export interface Section {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What was measured, and with which options. */
  readonly note: string;
}

/** @throws Error where the page has no markers of that name */
export function writeSection(name: string, { header, rows, note }: Section, page = "performance.md"): void {
  const file = path.join(docs, page);
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const text = readFileSync(file, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no ${begin} ... ${end}`);
  const date = new Date().toISOString().slice(0, 10);
  const lines = [row(header), row(header.map((_, index) => (index === 0 ? "---" : "--:"))), ...rows.map(row)];
  const section = `${begin}\n${lines.join("\n")}\n\n${note} ${date}, ${machine()}.\n${end}`;
  writeFileSync(file, text.slice(0, from) + section + text.slice(to + end.length));
}
