/**
 * `npm run drill:kill [-- --engine duckdb|spark --moments N --seed S]`: kills the writer of a warehouse at random moments,
 * 200 by default; on Spark at each named point, and at 20 random moments.
 */
import path from "node:path";
import { ensureJars, jarsFolder } from "../packages/cli/src/spark/jars.ts";
import { sparkJava } from "../packages/cli/src/spark/java.ts";
import { killDrill } from "../packages/cli/test/support/kill-drill.ts";
import { scriptOptions } from "./options.ts";
import { pythonEnvironment } from "./python/environment.ts";
import { root, run } from "./test/process.ts";

const usage = `npm run drill:kill -- [options]: kills the writer of a warehouse at random moments

  --engine duckdb|spark  whose warehouse (default duckdb); on Spark each named point, too
  --moments N            how many (default 200, on Spark 20)
  --seed N               repeats the moments (default 2026)`;
const values = scriptOptions(usage, {
  engine: { type: "string", default: "duckdb" },
  moments: { type: "string" },
  seed: { type: "string", default: "2026" },
});
const usual = { duckdb: 200, spark: 20 } as const;
const engine = Object.keys(usual).find((name) => name === values.engine) as keyof typeof usual | undefined;
const [moments, seed] = [Number(values.moments ?? usual[engine ?? "duckdb"]), Number(values.seed)];
if (engine === undefined || !(Number.isInteger(moments) && moments > 0 && Number.isInteger(seed))) {
  console.error("--engine takes duckdb or spark, --moments a whole number from 1, --seed a whole number");
  process.exit(2);
}
process.exit(await (engine === "spark" ? drillSpark() : drillEmbedded()));

async function drillEmbedded(): Promise<number> {
  console.log(`Killing the writer at ${moments} moments, seed ${seed} ...`);
  const { published, reads, faults } = await killDrill(moments, seed);
  for (const fault of faults) console.log(`  ${fault}`);
  console.log(
    `${moments} killed, ${published} of them after the publish; ${reads} reads meanwhile; ${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}

async function drillSpark(): Promise<number> {
  const python = await pythonEnvironment("spark", "spark/requirements.txt");
  if (typeof python !== "string") {
    console.error(`missing: ${python.missing}`);
    return 2;
  }
  const home = await sparkJava(console.log);
  await ensureJars(jarsFolder());
  return run(python, ["tests/drill.py", "--moments", String(moments), "--seed", String(seed)], {
    cwd: path.join(root, "spark"),
    env: { PYTHONPATH: ".", PYTHONDONTWRITEBYTECODE: "1", ...(home === null ? {} : { JAVA_HOME: home }) },
  });
}
