/** Policy documents, wherever a resource holds one. */

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

export interface StatementProblem {
  readonly sid: string;
  readonly problem: string;
}

/** What the documents among the properties allow too widely. */
export function statementsIn(properties: Readonly<Record<string, unknown>>): StatementProblem[] {
  return Object.values(properties)
    .flatMap(documentOf)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap((statement) =>
      problemsOf(statement).map((problem) => ({ sid: statement.Sid ?? "without a Sid", problem })),
    );
}

/** AWS' own policies for administrators. */
export const allowedToAll = (policyArn: unknown): boolean =>
  /^arn:[^:]*:iam::aws:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(String(policyArn));

function documentOf(value: unknown): Statement[] {
  if (typeof value !== "string" || !value.includes('"Statement"')) return [];
  try {
    const { Statement } = JSON.parse(value) as { Statement: Statement | Statement[] };
    return [Statement].flat();
  } catch {
    // A text that only looks like one.
    return [];
  }
}

function problemsOf({ Action, NotAction, Principal, Condition }: Statement): string[] {
  const wide = [Action].flat().filter((action) => typeof action === "string" && action.includes("*"));
  return [
    ...(wide.length > 0 ? [`allows ${wide.join(", ")}: name the actions`] : []),
    ...(NotAction !== undefined ? ["allows all but some actions: name those that it allows"] : []),
    ...(isAnybody(Principal) && Condition === undefined ? ["is for anybody: name who it is for"] : []),
  ];
}

function isAnybody(principal: unknown): boolean {
  if (principal === "*") return true;
  if (typeof principal !== "object" || principal === null) return false;
  return Object.values(principal)
    .flat()
    .some((one) => one === "*");
}
