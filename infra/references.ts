import * as pulumi from "@pulumi/pulumi";

/** The outputs of another stack by the names and types that its index exports. */
export interface Reference<Stack> {
  requireOutput<Name extends keyof Stack & string>(name: Name): pulumi.Output<pulumi.Unwrap<Stack[Name]>>;
}

/**
 * The stack of another project in this environment.
 *
 * @example
 * ```ts
 * const foundation = reference<typeof import("../stacks/foundation/index.ts")>("sales-etl");
 * foundation.requireOutput("landingBucketName"); // a name that it does not export does not compile
 * ```
 */
export function reference<Stack>(project: string): Reference<Stack> {
  const stack = new pulumi.StackReference(`${pulumi.getOrganization()}/${project}/${pulumi.getStack()}`);
  return {
    requireOutput: (name) => stack.requireOutput(name) as pulumi.Output<never>,
  };
}
