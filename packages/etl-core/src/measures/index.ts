export type { Below, Daily, Difference, FlowWhere, Shortfall, ShortfallValue } from "./daily.ts";
export { type Explanation, explainMeasure, type Numbers } from "./explain.ts";
export {
  type Bounds,
  columnsOf,
  datedTables,
  defineFact,
  type Fact,
  type FactCalendar,
  type Flow,
  factColumns,
  partsOf,
  type Variant,
} from "./fact.ts";
export {
  type ColumnRef,
  type DailySum,
  type Days,
  type Described,
  type FlagDays,
  type Last,
  type LastDay,
  type Measure,
  RATIO_SCALE,
  type Ratio,
  type Sum,
} from "./measure.ts";
export { dailyColumnsOf, type Needs, needsOf } from "./needs.ts";
export { type Better, checkReportPlan, type ReportPlan, type Share } from "./report-plan.ts";
