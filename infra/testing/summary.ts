/** What a stack makes, for a person to read in a review: a tree of its resources. */
import type { Recorded } from "./record.ts";

/** `aws:ec2/instance:Instance` as `ec2.Instance`; others by their last part. */
const short = (type: string) =>
  type.startsWith("aws:") ? type.replace(/^aws:([a-z0-9]+)\/.*:(\w+)$/, "$1.$2") : type.replace(/^.*[:/](\w+)$/, "$1");

/** Lines of `type name`, children below their parent; what is protected says so. */
export function summaryOf(resources: readonly Recorded[]): string {
  const lines = (children: readonly Recorded[], depth: number): string[] =>
    children
      .map((one) => ({
        one,
        line: `${short(one.type)} ${one.name}${one.protect && depth === 0 ? " (protected)" : ""}`,
      }))
      .sort((a, b) => (a.line < b.line ? -1 : 1))
      .flatMap(({ one, line }) => {
        const own = resources.filter(({ parent, parentType }) => parent === one.name && parentType === one.type);
        return [`${"  ".repeat(depth)}${line}`, ...lines(own, depth + 1)];
      });
  return `${lines(
    resources.filter(({ parent }) => parent === undefined),
    0,
  ).join("\n")}\n`;
}
