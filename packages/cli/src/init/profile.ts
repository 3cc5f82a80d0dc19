/** What stands in the columns of a table: every row is looked at. */
import { type Engine, quoted, type Row } from "../engine/duckdb.ts";
import { dayText, numberPattern, plainNumber } from "../land/convert.ts";
import { identifier } from "../land/csv-source.ts";

export const DAY_FORMATS = [
  ...["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d"],
  ...["%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y"],
] as const;

export interface ColumnProfile {
  readonly name: string;
  readonly rows: number;
  readonly filled: number;
  readonly distinct: number;
  readonly longest: number;
  /** How many values are of a kind. */
  readonly whole: number;
  readonly leadingZero: number;
  readonly point: number;
  readonly comma: number;
  /** Numbers with thousands separated, or with three digits behind their only sign. */
  readonly threeDigits: number;
  readonly flags: number;
  readonly words: number;
  readonly yesNo: number;
  readonly withTime: number;
  readonly days: Readonly<Record<string, number>>;
  readonly scale: Readonly<Record<"." | ",", number>>;
  readonly min: Readonly<Record<"." | ",", string | null>>;
  readonly max: Readonly<Record<"." | ",", string | null>>;
  /** A few different values. */
  readonly examples: readonly string[];
}

const WORDS = "('true','false')";
export const YES = ["y", "yes", "j", "ja", "si", "oui"];
export const NO = ["n", "no", "nein", "non"];

export async function profileColumn(engine: Engine, relation: string, name: string): Promise<ColumnProfile> {
  const text = "t";
  const count = (condition: string) => `COUNT(*) FILTER (t <> '' AND ${condition})`;
  const matches = (pattern: string) => `regexp_full_match(t, ${quoted(pattern)})`;
  const number = (sign: "." | ",") =>
    `CASE WHEN ${matches(numberPattern(sign))} THEN TRY_CAST(${plainNumber(text, sign)} AS DECIMAL(38,9)) END`;
  const scale = (sign: "." | ",") =>
    `COALESCE(MAX(CASE WHEN ${matches(numberPattern(sign))} AND contains(t, ${quoted(sign)}) THEN LENGTH(split_part(t, ${quoted(sign)}, 2)) ELSE 0 END), 0)`;
  const days = DAY_FORMATS.map(
    (format, index) => `${count(`try_strptime(${dayText(text)}, ${quoted(format)}) IS NOT NULL`)} AS day_${index}`,
  );
  const lower = (words: readonly string[]) => `lower(t) IN (${words.map(quoted).join(", ")})`;
  const [row = {} as Row] = await engine.rows(
    `SELECT COUNT(*) AS counted, ${count("true")} AS filled, COUNT(DISTINCT t) FILTER (t <> '') AS unlike, COALESCE(MAX(LENGTH(t)), 0) AS longest,
       ${count(matches("-?[0-9]+"))} AS whole, ${count(matches("-?0[0-9]+"))} AS zeros,
       ${count(matches(numberPattern(".")))} AS point, ${count(matches(numberPattern(",")))} AS comma,
       ${count(matches("-?[0-9]{1,3}([.,][0-9]{3})+"))} AS three,
       ${count("t IN ('0', '1')")} AS flags, ${count(`lower(t) IN ${WORDS}`)} AS words, ${count(lower([...YES, ...NO]))} AS yes_no,
       ${count("regexp_matches(t, '[T ][0-9]{1,2}:[0-9]{2}')")} AS with_time,
       ${scale(".")} AS scale_point, ${scale(",")} AS scale_comma,
       CAST(MIN(${number(".")}) AS VARCHAR) AS min_point, CAST(MAX(${number(".")}) AS VARCHAR) AS max_point,
       CAST(MIN(${number(",")}) AS VARCHAR) AS min_comma, CAST(MAX(${number(",")}) AS VARCHAR) AS max_comma,
       ${days.join(", ")}
     FROM (SELECT trim(${identifier(name)}) AS t FROM ${relation})`,
  );
  const of = (key: string) => Number(row[key] ?? 0);
  const value = (key: string) => (row[key] == null ? null : String(row[key]));
  const examples = await engine.rows(
    `SELECT DISTINCT trim(${identifier(name)}) AS t FROM ${relation} WHERE trim(${identifier(name)}) <> '' ORDER BY 1 LIMIT 40`,
  );
  return {
    ...{ name, rows: of("counted"), filled: of("filled"), distinct: of("unlike"), longest: of("longest") },
    ...{ whole: of("whole"), leadingZero: of("zeros"), point: of("point"), comma: of("comma") },
    ...{ threeDigits: of("three"), flags: of("flags"), words: of("words"), yesNo: of("yes_no") },
    withTime: of("with_time"),
    days: Object.fromEntries(DAY_FORMATS.map((format, index) => [format, of(`day_${index}`)])),
    scale: { ".": of("scale_point"), ",": of("scale_comma") },
    min: { ".": value("min_point"), ",": value("min_comma") },
    max: { ".": value("max_point"), ",": value("max_comma") },
    examples: examples.map(({ t }) => String(t)),
  };
}

/** A value that does not match, to be shown. */
export async function misfit(
  engine: Engine,
  relation: string,
  name: string,
  condition: string,
): Promise<string | null> {
  const [row] = await engine.rows(
    `SELECT t FROM (SELECT trim(${identifier(name)}) AS t FROM ${relation}) WHERE t <> '' AND NOT (${condition}) LIMIT 1`,
  );
  return row === undefined ? null : String(row.t);
}

/** Whether these columns name one row each, everywhere filled. */
export async function isKey(engine: Engine, relation: string, names: readonly string[]): Promise<boolean> {
  const columns = names.map(identifier);
  const empty = columns.map((column) => `trim(COALESCE(${column}, '')) = ''`).join(" OR ");
  const [row] = await engine.rows(
    `SELECT COUNT(*) AS counted, COUNT(*) FILTER (${empty}) AS gaps, COUNT(DISTINCT (${columns.join(", ")})) AS unlike FROM ${relation}`,
  );
  return Number(row?.gaps) === 0 && Number(row?.counted) > 0 && row?.counted === row?.unlike;
}
