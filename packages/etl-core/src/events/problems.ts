/** From zod's issues to this project's errors. */
import type * as z from "zod/mini";
import { InvalidPropertiesError, type PropertyProblem } from "../errors.ts";

/** @param under the path of the checked value inside the whole, e.g. "detail" */
export const propertyProblems = (issues: readonly z.core.$ZodIssue[], under: string): PropertyProblem[] =>
  issues.map(({ path, message }) => ({ path: [under, ...path].filter((part) => part !== "").join("."), message }));

/** An event that nothing here can use, however often it is delivered. */
export const invalidEvent = (what: string, problems: readonly PropertyProblem[]) =>
  new InvalidPropertiesError(what, problems, "EVENT_INVALID");
