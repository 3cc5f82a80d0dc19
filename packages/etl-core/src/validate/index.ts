export { canonicalOf } from "./canonical.ts";
export { codes, type ProblemCode } from "./codes.ts";
export { type CheckedDate, checkDate, type ValidateDateArgs, validateDate } from "./date.ts";
export { type CheckedFile, type CheckFileArgs, checkFile, PROBLEMS_LISTED } from "./file.ts";
export { type Gap, mayBeGap, requireGap } from "./gap.ts";
export { type ReadLines, readLines } from "./read-lines.ts";
export { type EngineRejects, encodeTexts, keyText, locateRejects } from "./rejected-lines.ts";
export type { DateProblem, DateReport, DateVerdict, FileReport, FileVerdict, Problem } from "./report.ts";
export { totalsOver } from "./tables.ts";
