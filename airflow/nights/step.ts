/**
 * Runs one step of EMR on this machine: spark-submit as the step says it, with the cluster's settings for Spark. What a
 * cluster has and this machine has not is replaced: Hadoop's s3:// (the landing is copied into a folder), YARN, and
 * endpoints of AWS. Reads `{cluster, step}` on stdin; ends with 0 where the step is done.
 *
 * The file KILL_AT, beside the folder's other ones, names a moment at which the node is lost; it is used once.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { json } from "node:stream/consumers";
import type { Cluster, Step } from "@aws-sdk/client-emr";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { answerOf } from "../../packages/cli/src/spark/processes.ts";
import { submit } from "../../packages/cli/src/spark/submit.ts";
import { credentials, region, sparkHere } from "./spark-here.ts";

const [folder = "", endpoint = ""] = process.argv.slice(2);
const dying = path.resolve(import.meta.dirname, "../../spark/tests/process_run.py");
const s3 = new S3Client({ endpoint, region, credentials });

const { cluster, step } = (await json(process.stdin)) as { cluster: Cluster; step: Step };
const work = mkdtempSync(path.join(folder, "step-"));
const { options, program, args } = parse(step.Config?.Args ?? []);
const spark = await sparkHere(cluster.Configurations ?? [], endpoint);

const main = await fetched(program);
// Beside the program: there Python looks first.
const zip = await fetched(options["--py-files"] ?? "");
if ((await answerOf(spark.python, ["-m", "zipfile", "-e", zip, work])) === null) throw new Error(`${zip} is no zip`);
const killAt = path.join(folder, "KILL_AT");
const moment = existsSync(killAt) ? readFileSync(killAt, "utf8") : null;
rmSync(killAt, { force: true });
cpSync(dying, path.join(work, "process_run.py"));

const { code, output } = await submit({
  ...spark,
  program: moment === null ? main : path.join(work, "process_run.py"),
  // A lease is not waited for as long as after a real death.
  args: [...(moment === null ? [] : [moment, "kill"]), ...(await local(args)), "--lease-seconds", "15"],
  onLine: (line) => console.log(JSON.stringify(line)),
  onOutput: console.log,
});
writeFileSync(path.join(work, "output.txt"), output);
process.exit(code);

/** `spark-submit OPTION VALUE ... PROGRAM ARGUMENT ...` */
function parse([command, ...rest]: readonly string[]) {
  if (command !== "spark-submit") throw new Error(`the step runs ${command}, not spark-submit`);
  const found: Record<string, string> = {};
  let at = 0;
  for (; rest[at]?.startsWith("--"); at += 2) found[rest[at] as string] = rest[at + 1] ?? "";
  return { options: found, program: rest[at] ?? "", args: rest.slice(at + 1) };
}

/** The job's options with copies of what it reads through Hadoop. */
async function local(options: readonly string[]): Promise<string[]> {
  const made = [...options];
  for (const [index, option] of made.entries()) {
    const value = made[index + 1] ?? "";
    if (option === "--contract") made[index + 1] = await fetched(value);
    if (option === "--landing") made[index + 1] = await copied(value);
  }
  return made;
}

async function fetched(uri: string): Promise<string> {
  const [, Bucket, Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  const file = path.join(work, path.basename(Key));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  await writeFile(file, (await Body?.transformToByteArray()) ?? new Uint8Array());
  return file;
}

async function copied(uri: string): Promise<string> {
  const Bucket = uri.replace("s3://", "");
  const target = path.join(work, "landing");
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key = "" } of Contents) {
    const file = path.join(target, Key);
    mkdirSync(path.dirname(file), { recursive: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    await writeFile(file, (await Body?.transformToByteArray()) ?? new Uint8Array());
  }
  return target;
}
