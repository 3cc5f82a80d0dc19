import { userInfo } from "node:os";

/** Who answers for a run: what was said, else `SALES_ETL_BY`, else the operating system's user. */
export function whoRuns(said?: string): string {
  for (const name of [said, process.env.SALES_ETL_BY]) {
    if (name !== undefined && name.trim() !== "") return name.trim();
  }
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
