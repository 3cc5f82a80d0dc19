/**
 * The one place where the engines' SQL differs: the name of the regular-expression function and how a string literal
 * is written (Spark reads backslashes in it, the others do not).
 */
export interface Dialect {
  readonly name: "duckdb" | "spark" | "trino";
  readonly regexp: "regexp_matches" | "regexp_like";
  readonly literal: (text: string) => string;
}

const plain = (text: string) => `'${text.replaceAll("'", "''")}'`;

export const duckdb: Dialect = { name: "duckdb", regexp: "regexp_matches", literal: plain };
export const trino: Dialect = { name: "trino", regexp: "regexp_like", literal: plain };
export const spark: Dialect = {
  name: "spark",
  regexp: "regexp_like",
  // Spark has no '' inside a literal: it would close the one and open the next.
  literal: (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
};

/** The engines' word for a stored type where it is not the contract's own. */
export const sqlType = (type: string, dialect: Dialect): string =>
  type === "string" ? (dialect.name === "spark" ? "STRING" : "VARCHAR") : type.toUpperCase();
