export { datedTables, defineFact, type Fact, factColumns } from "./fact.ts";
export {
  type ColumnRef,
  type Days,
  type FlagDays,
  type Last,
  type LastDay,
  type Measure,
  RATIO_SCALE,
  type Ratio,
  type Sum,
} from "./measure.ts";
