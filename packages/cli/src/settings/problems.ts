/** What zod finds, as problems of properties: each names where and what is allowed. */
import { InvalidPropertiesError, type PropertyProblem } from "@sales-etl/etl-core/errors";
import type * as z from "zod";

type Issue = z.core.$ZodIssue;

const pathOf = (path: readonly PropertyKey[]) =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^[.]/, "");

function problemsOfIssue(issue: Issue, above: readonly PropertyKey[] = []): PropertyProblem[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: pathOf([...path, key]), message: "is not known here" }));
    case "invalid_union": {
      // The branch that comes closest says most.
      const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
      if (closest !== undefined && closest.length > 0) return closest.flatMap((one) => problemsOfIssue(one, path));
      return [{ path: pathOf(path), message: issue.message }];
    }
    default:
      return [{ path: pathOf(path) || "the whole", message: issue.message }];
  }
}

/**
 * @param file named in the error
 * @throws {InvalidPropertiesError} SETTINGS_INVALID with every property that is wrong
 */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidPropertiesError(
    file,
    result.error.issues.flatMap((issue) => problemsOfIssue(issue)),
    "SETTINGS_INVALID",
  );
}
