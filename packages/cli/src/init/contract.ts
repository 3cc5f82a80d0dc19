/** A contract for somebody's tables, as a document with the reasons in it. */
import { type Dataset, decimalOf } from "@sales-etl/etl-core/contract";
import { InvalidPropertiesError, SalesEtlError } from "@sales-etl/etl-core/errors";
import { CALENDAR_COLUMNS } from "../land/calendar.ts";
import { contractFrom } from "../settings/contract-schema.ts";
import { note, notes, withoutNotes } from "./jsonc.ts";
import type { MappedColumn, MappedTable, Mapping } from "./mapping.ts";
import { measuresFor, type ProposedMeasures } from "./measures.ts";
import { namesKey } from "./names.ts";

export interface ProposedContract {
  readonly document: Readonly<Record<string, unknown>>;
  readonly measures: readonly string[];
  /** Measures that the proof of exactness does not hold for. */
  readonly left: readonly string[];
}

const MANY = 100;

const digits = (text: string | null) => (text ?? "0").replace("-", "").split(".")[0]?.length ?? 1;

/** Bounds are needed where numbers are added up: at least a hundred times what was seen, as a power of ten. */
function boundsOf(retail: Dataset, table: MappedTable, { to, known, seen }: MappedColumn): readonly [string, string] {
  const size = Math.max(digits(seen.min), digits(seen.max));
  const spec = known ? retail.tables.find(({ name }) => name === table.known)?.columns[to] : undefined;
  const seenBelow = seen.min?.startsWith("-") === true;
  // Those of the retail contract, where they have room.
  if (spec?.max !== undefined && 10 ** (size + 1) <= Number(spec.max))
    return [seenBelow && spec.min === "0" ? `-${spec.max}` : (spec.min ?? `-${spec.max}`), spec.max];
  const most = `1${"0".repeat(Math.max(5, size + 2))}`;
  return [`-${most}`, most];
}

const isFlag = (table: MappedTable, { to, known }: MappedColumn) =>
  known && table.known === "inventory" && to === "out_of_stock_flg";

function columnDocument(
  retail: Dataset,
  table: MappedTable,
  column: MappedColumn,
  added: ReadonlySet<string>,
  keys: readonly string[],
) {
  const { to, seen, type } = column;
  const spec = column.known ? retail.tables.find(({ name }) => name === table.known)?.columns[to] : undefined;
  const isKey = keys.includes(to) || table.seen.key?.includes(seen.name) === true || seen.name === table.seen.day;
  // That nothing is empty says little in few rows; keys and what is added up cannot be without.
  const required = seen.required && (isKey || added.has(to) || table.seen.rows >= MANY);
  const bounds = added.has(to) ? boundsOf(retail, table, column) : null;
  return {
    type,
    ...(required ? { required } : {}),
    description: spec?.description ?? seen.name,
    ...(spec?.unit === undefined ? {} : { unit: spec.unit === "USD" ? "money" : spec.unit }),
    ...(bounds === null || isFlag(table, column) ? {} : { min: bounds[0], max: bounds[1] }),
    ...(isFlag(table, column) ? { oneOf: ["0", "1"] } : {}),
  };
}

const labelOf = ({ columns, seen }: MappedTable) =>
  columns.find(({ to, known }) => known && /_name$|_desc$/.test(to))?.to ??
  columns.find(({ type, seen: own }) => type === "string" && seen.key?.includes(own.name) !== true)?.to;

function tableDocument(retail: Dataset, table: MappedTable, keys: readonly string[]) {
  const { seen, to } = table;
  const daily = seen.role === "flow" || seen.role === "stock";
  const named = (column: string | null) => table.columns.find((one) => one.seen.name === column)?.to;
  const isMain = to === "sales" || to === "inventory";
  const added = new Set(
    !isMain
      ? []
      : table.columns
          .filter(
            ({ type, seen: own, known }) =>
              (type.startsWith("decimal") || type === "int" || type === "bigint") &&
              (known ? !/_key$|_id$|_time$/.test(own.name) : !namesKey(own.name)) &&
              !keys.includes(own.name),
          )
          .map((one) => one.to),
  );
  for (const key of ["trans_id", "store_key", "prod_key", "trans_time", ...keys]) added.delete(key);
  const key = to === "sales" ? null : (seen.key?.map((one) => named(one) ?? "") ?? null);
  const day = named(seen.day);
  const label = labelOf(table);
  return {
    ...notes(
      `${seen.name}: taken for ${to === "sales" ? "what was sold" : to === "inventory" ? "what is in stock" : seen.role === "calendar" ? "the calendar" : daily ? "more daily rows" : "a list of things"}, because ${seen.reason}.`,
      to === "sales"
        ? "It has no key here: repeated lines of one sale are data. With a key both of two equal rows are rejected."
        : key === null
          ? "No columns that were tried name one row: repeats are not noticed."
          : seen.keyReason === null
            ? null
            : `ASK: is ${key.join(" + ")} the key? ${seen.keyReason}. Of two rows with the same key both are rejected: take it out where repeats are data.`,
      ...table.columns.flatMap(({ to: column, seen: own }) =>
        own.question === null ? [] : [`ASK ${column}: ${own.question}`],
      ),
    ),
    name: to,
    title: seen.name,
    description: `From ${seen.files
      .map(({ file }) => file)
      .slice(0, 3)
      .join(", ")}${seen.files.length > 3 ? " ..." : ""}`,
    grain: key === null ? "one row per line of the file" : `one row per ${key.join(", ")}`,
    load: daily ? "delta" : "snapshot",
    ...(key === null ? {} : { key }),
    ...(daily && day !== undefined ? { dated: { column: day, lateness: 0 } } : {}),
    ...(daily || label === undefined ? {} : { label }),
    ...note("The share of rows that may be rejected before the whole file is."),
    tolerance: 0.02,
    ...(seen.role === "dimension" && key !== null ? { history: "type-2" } : {}),
    columns: Object.fromEntries(
      table.columns.map((column) => [column.to, columnDocument(retail, table, column, added, keys)]),
    ),
  };
}

/** The retail contract's calendar without its rules, for days that `sales-etl land` makes. */
function calendarDocument(retail: Dataset) {
  const table = retail.tables.find(({ name }) => name === retail.fact.calendar.table);
  const columns = Object.entries(table?.columns ?? {}).filter(([name]) => CALENDAR_COLUMNS.includes(name));
  return {
    ...note(
      "ASK: no file says how your weeks run. Proposed are fiscal weeks from Sunday to Saturday; with a calendar of your own, put it here.",
    ),
    name: "calendar",
    ...{ title: "Calendar", description: "Every day with its fiscal week", grain: "one row per day", load: "snapshot" },
    ...{ key: ["cal_dt"], tolerance: 0 },
    columns: Object.fromEntries(
      columns.map(([name, { type, nullable, description }]) => [
        name,
        { type, ...(nullable ? {} : { required: true }), description },
      ]),
    ),
  };
}

/** What the rows of the fact are by: what flow and stock share, and a list names. */
export function factKeys({ flow, stock, tables }: Mapping): readonly string[] {
  if (flow === null) return [];
  const lists = tables
    .filter(({ seen }) => seen.role === "dimension")
    .flatMap(({ columns, seen }) =>
      columns.filter((one) => seen.key?.length === 1 && seen.key[0] === one.seen.name).map(({ to }) => to),
    );
  const has = (table: MappedTable | null, name: string) =>
    table === null || table.columns.some(({ to }) => to === name);
  const named = flow.columns
    .filter(({ to, known }) => (known && /^(?:store|prod)_key$/.test(to)) || lists.includes(to))
    .map(({ to }) => to);
  const order = ["store_key", "prod_key"];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return named.filter((name) => has(stock, name)).sort((a, b) => place(a) - place(b));
}

/** Whether the stock has one row a day and keys of the fact: only then it can be joined. */
const stockFits = (stock: MappedTable, keys: readonly string[]): boolean => {
  const own = stock.columns.filter(({ seen }) => stock.seen.key?.includes(seen.name)).map(({ to }) => to);
  const day = stock.columns.find(({ seen }) => seen.name === stock.seen.day)?.to;
  return own.length === keys.length + 1 && own.every((name) => name === day || keys.includes(name));
};

/** @throws {SalesEtlError} INIT_NO_SALES */
export function proposeContract(retail: Dataset, name: string, mapping: Mapping): ProposedContract {
  const { flow, calendar } = mapping;
  const keys = factKeys(mapping);
  if (flow === null) throw new SalesEtlError("no table has a day and numbers", { code: "INIT_NO_SALES", path: name });
  const stock = mapping.stock !== null && stockFits(mapping.stock, keys) ? mapping.stock : null;
  let proposed = measuresFor(retail, flow, stock);
  const left: string[] = [];
  const dayOf = (table: MappedTable) => table.columns.find(({ seen }) => seen.name === table.seen.day)?.to ?? "";
  for (;;) {
    const perDay = Object.fromEntries(
      Object.entries(retail.fact.flow.perDay ?? {}).filter(([column]) => {
        const own = flow.columns.find(({ to, known }) => known && to === column);
        return own !== undefined && decimalOf(own.type)?.scale === 2 && Number(boundsOf(retail, flow, own)[1]) <= 1e7;
      }),
    );
    const document = {
      ...note(
        "Proposed by `sales-etl init` from what lies in the files. Lines that begin with // are comments; ASK marks what only you can say.",
      ),
      name,
      title: name,
      tables: [
        ...mapping.tables.map((table) => tableDocument(retail, table, keys)),
        ...(calendar === null ? [calendarDocument(retail)] : []),
      ],
      ...notes(
        `The fact: one row per week and ${keys.join(", ")}, which the sales${stock === null ? "" : ", the stock"} and the lists share.`,
        mapping.stock !== null && stock === null
          ? `ASK: ${mapping.stock.seen.name} does not have exactly one row per day and ${keys.join(", ")}, so it is checked and kept, and not joined.`
          : null,
        "The bounds (min, max) of numbers are proposed: at least a hundred times what the files have. Sums are proven exact within them; a value beyond is rejected.",
      ),
      fact: {
        ...{ name: "weekly_fact", title: `${name} by week` },
        calendar: {
          table: "calendar",
          date: calendarColumn(calendar, "cal_dt"),
          period: calendarColumn(calendar, "yr_wk_num"),
          mostDays: 7,
          word: "week",
        },
        keys,
        flow: {
          table: "sales",
          date: dayOf(flow),
          rowsPerDay: 100_000,
          ...(Object.keys(perDay).length === 0 ? {} : { perDay }),
        },
        stock: stock === null ? null : { table: "inventory", date: dayOf(stock) },
        ...(proposed.daily.length === 0 ? {} : { daily: proposed.daily.map(inMoney) }),
        measures: proposed.measures.map(inMoney),
      },
    };
    try {
      contractFrom(withoutNotes(document), "contract");
      return { document, measures: proposed.measures.map((one) => one.name), left };
    } catch (error) {
      const path = error instanceof InvalidPropertiesError ? (error.problems[0]?.path ?? "") : "";
      const wrong = path.split(".").at(-1) ?? "";
      const before = proposed.measures.length + proposed.daily.length;
      proposed = withoutMeasure(proposed, wrong);
      if (proposed.measures.length + proposed.daily.length === before) throw error;
      left.push(wrong);
    }
  }
}

/** Nobody said what currency it is. */
const inMoney = <T extends { readonly unit: string }>(one: T): T => ({
  ...one,
  unit: one.unit.replace("USD", "money"),
});

const calendarColumn = (calendar: MappedTable | null, column: string) =>
  calendar?.columns.find(({ to }) => to === column)?.to ?? column;

/** Without one, and without what is computed from it. */
function withoutMeasure({ daily, measures }: ProposedMeasures, name: string): ProposedMeasures {
  const gone = new Set([name]);
  const reads = (one: object) =>
    Object.values(one).some(
      (value) =>
        (typeof value === "string" && gone.has(value)) ||
        (Array.isArray(value) && value.some((inner) => gone.has(inner))),
    );
  for (let size = 0; size < gone.size; ) {
    size = gone.size;
    for (const one of [...daily, ...measures]) if (reads(one)) gone.add(one.name);
  }
  return { daily: daily.filter((one) => !gone.has(one.name)), measures: measures.filter((one) => !gone.has(one.name)) };
}
