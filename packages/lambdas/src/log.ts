/** Structured logs: one JSON line a fact. */

export type Fields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  info(fact: string, fields: Fields): void;
  error(fact: string, fields: Fields): void;
}

/**
 * `common` stands in every line. Values of rows belong into the report alone: logs are kept elsewhere, are read by
 * others and live longer.
 */
export function jsonLog(common: Fields, write: (line: string) => void = (line) => console.log(line)): Log {
  const line = (level: string) => (fact: string, fields: Fields) =>
    write(JSON.stringify({ level, fact, ...common, ...fields }));
  return { info: line("info"), error: line("error") };
}
