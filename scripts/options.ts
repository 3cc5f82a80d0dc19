/** Options of a script: `--help` prints its usage, and what it does not know ends with it. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/** @param options each with a default, or false, or optional */
export function scriptOptions<const Options extends ParseArgsOptionsConfig>(usage: string, options: Options) {
  type Values = ReturnType<typeof parseArgs<{ options: Options }>>["values"];
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } });
    if ((values as { help?: boolean }).help !== true) return values as Values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
  console.log(usage);
  process.exit(0);
}
