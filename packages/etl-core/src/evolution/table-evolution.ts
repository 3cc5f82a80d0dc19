import type { PropertyProblem } from "../errors.ts";

export interface ColumnShape {
  /** As Athena writes it: `decimal(18,2)`. */
  readonly type: string;
  readonly comment: string;
}

export interface TableShape {
  /** By name; their order means nothing to Iceberg. */
  readonly columns: Readonly<Record<string, ColumnShape>>;
  /** The column by which rows are replaced; null where there is none. */
  readonly partition: string | null;
}

export interface TableEvolution {
  /** Athena's, in order; none where nothing has to be done. */
  readonly statements: readonly string[];
  /** What would lose or change what is stored, and the way out. While there are any, nothing may be done. */
  readonly breaking: readonly PropertyProblem[];
}

/**
 * Columns may be added and widened, and their comments may change. All else is breaking: who reads the table, and the
 * rows that are in it, know the old columns.
 *
 * @param table `database.name`
 */
export function evolveTable(table: string, current: TableShape, wanted: TableShape): TableEvolution {
  const breaking: PropertyProblem[] = [];
  const added: string[] = [];
  const changed: string[] = [];
  for (const name of Object.keys(current.columns)) {
    if (wanted.columns[name] === undefined) {
      const message =
        "is in the table but no longer in the contract: put it back, or load a table of another name anew";
      breaking.push({ path: `columns.${name}`, message });
    }
  }
  for (const [name, { type, comment }] of Object.entries(wanted.columns)) {
    const before = current.columns[name];
    if (before === undefined) added.push(`${quoted(name)} ${type} COMMENT ${literal(comment)}`);
    else if (before.type !== type && !isWidening(before.type, type)) {
      const message = `cannot turn from ${before.type} into ${type}: add a column of another name, or load a table of another name anew`;
      breaking.push({ path: `columns.${name}`, message });
    } else if (before.type !== type || before.comment !== comment) {
      changed.push(
        `ALTER TABLE ${table} CHANGE COLUMN ${quoted(name)} ${quoted(name)} ${type} COMMENT ${literal(comment)}`,
      );
    }
  }
  if (current.partition !== wanted.partition) {
    const message = `is ${current.partition ?? "none"} and cannot become ${wanted.partition ?? "none"}: load a table of another name anew`;
    breaking.push({ path: "partition", message });
  }
  const add = added.length === 0 ? [] : [`ALTER TABLE ${table} ADD COLUMNS (${added.join(", ")})`];
  return { statements: [...add, ...changed], breaking };
}

/** https://iceberg.apache.org/spec/#schema-evolution */
function isWidening(from: string, to: string): boolean {
  if (from === "int" && to === "bigint") return true;
  if (from === "float" && to === "double") return true;
  const [before, after] = [decimal(from), decimal(to)];
  return before !== null && after !== null && before.scale === after.scale && before.precision < after.precision;
}

function decimal(type: string): { precision: number; scale: number } | null {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return precision === undefined ? null : { precision: Number(precision), scale: Number(scale) };
}

const quoted = (name: string) => (name.startsWith("_") ? `\`${name}\`` : name);

/** As Hive reads it. */
const literal = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
