/** Small programs, run to their end. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** @returns what it wrote, on both streams; null where it is not there or does not end with 0 */
export async function answerOf(command: string, args: readonly string[]): Promise<string | null> {
  const answer = await execute(command, args, { timeout: 60_000 }).catch(() => null);
  return answer === null ? null : `${answer.stdout}${answer.stderr}`;
}

/** @throws Error with the program's own words */
export async function mustRun(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await execute(command, args, { env, maxBuffer: 64 * 1024 * 1024 }).catch((error: Error & { stderr?: string }) => {
    throw new Error(error.stderr?.trim().split("\n").slice(-5).join("\n") || error.message, { cause: error });
  });
}
