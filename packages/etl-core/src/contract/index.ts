export { amount, bigint, boolean, Column, type ColumnSpec, date, int, numeric, text } from "./column.ts";
export { type Dataset, defineDataset, type StockLedger } from "./dataset.ts";
export { type Loads, parseLoads, withLoads } from "./loads.ts";
export { type RuleText, ruleOf } from "./rule.ts";
export {
  parseSourceSettings,
  pickSourceSettings,
  type SourceSettings,
  sourceSettings,
  withSourceSettings,
} from "./source-settings.ts";
export { EXTRA_COLUMNS, storedTable } from "./stored.ts";
export {
  type DayColumn,
  defineTable,
  type History,
  type Load,
  latenessOf,
  type RowOf,
  type RowRule,
  type Table,
  type TableArgs,
  type TypedTable,
} from "./table.ts";
export { describing, tableOf } from "./table-of.ts";
export { type Decimal, decimalOf, type SourceType, type StoredType, unknownType } from "./types.ts";
