/** What this machine has for each way of use. */
import { constants } from "node:fs";
import { access, mkdtemp, rm, stat, statfs, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { openEngine } from "../engine/duckdb.ts";
import { atLeast, type Check, missing, ok, saidBy, type Use, warning } from "./check.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const exists = (file: string) =>
  access(file, constants.R_OK).then(
    () => true,
    () => false,
  );

/** The Node that runs this is new enough, or this would not run; Pulumi and npm take the first of the PATH. */
async function nodeChecks(): Promise<Check[]> {
  const own = ok("node", ["run", "test", "spark"], `${process.version}, ${process.platform} ${process.arch}`);
  const first = await saidBy("node", "--version");
  const name = "node on the PATH";
  const advice = "install Node 22.18 or newer and put it first on the PATH: Pulumi runs the TypeScript with it";
  if (first === null) return [own, missing(name, ["deploy"], "none", advice)];
  return [own, atLeast(first, 22, 18) ? ok(name, ["deploy"], first) : missing(name, ["deploy"], first, advice)];
}

async function engineCheck(): Promise<Check> {
  try {
    const engine = await openEngine(":memory:");
    const version = String(await engine.value("SELECT version()"));
    engine.close();
    return ok("DuckDB", ["run", "test"], version);
  } catch (error) {
    const advice = "run `npm ci` again: the package for this system is not installed, or does not load";
    return missing("DuckDB", ["run", "test"], (error as Error).message.split("\n")[0] ?? "", advice);
  }
}

async function npmCheck(): Promise<Check> {
  const found = await saidBy("npm", "--version");
  return found === null
    ? missing("npm", ["test"], "none", "install npm; it comes with Node")
    : ok("npm", ["test"], found);
}

async function pythonCheck(env: Environment): Promise<Check> {
  const uses: readonly Use[] = ["test", "spark"];
  const named = env.SALES_ETL_PYTHON;
  for (const command of named === undefined
    ? ["python3", "python3.13", "python3.12", "python3.11", "python"]
    : [named]) {
    const said = await saidBy(command, "--version");
    if (said === null || !atLeast(said, 3, 11) || atLeast(said, 3, 14)) continue;
    const venv = await saidBy(command, "-I", "-c", "import venv, ensurepip; print('venv')");
    if (venv !== null) return ok("Python", uses, `${said} (${command})`);
  }
  const advice = "install Python 3.11 to 3.13 with its venv module, or name one with SALES_ETL_PYTHON";
  return missing("Python", uses, "none that fits", advice);
}

async function javaCheck({ JAVA_HOME }: Environment): Promise<Check> {
  const uses: readonly Use[] = ["test", "spark"];
  const said = await saidBy(JAVA_HOME ? path.join(JAVA_HOME, "bin", "java") : "java", "--version");
  const advice = "install Java 17 or newer, and set JAVA_HOME where it is not the first on the PATH";
  if (said === null) return missing("Java", uses, "none", advice);
  return atLeast(said.replace(/^[^0-9]*/, ""), 17) ? ok("Java", uses, said) : missing("Java", uses, said, advice);
}

const GIB = 2 ** 30;

async function roomCheck(name: string, uses: readonly Use[], folder: string, needed: number): Promise<Check> {
  // A folder that is still to be made lies on the disk of the one above it.
  let at = path.resolve(folder);
  while (!(await exists(at)) && path.dirname(at) !== at) at = path.dirname(at);
  const { bavail, bsize } = await statfs(at);
  const free = bavail * bsize;
  const found = `${(free / GIB).toFixed(1)} GiB free for ${folder}`;
  if (free >= needed) return ok(name, uses, found);
  return warning(name, uses, found, `make room: ${(needed / GIB).toFixed(0)} GiB are a good start`);
}

export async function writableCheck(name: string, uses: readonly Use[], folder: string): Promise<Check> {
  let at = path.resolve(folder);
  while ((await stat(at).catch(() => null)) === null && path.dirname(at) !== at) at = path.dirname(at);
  try {
    // The rights alone do not say it: a disk may be read-only.
    const probe = await mkdtemp(path.join(at, ".sales-etl-doctor-"));
    try {
      await writeFile(path.join(probe, "probe"), "x");
    } finally {
      await rm(probe, { recursive: true, force: true });
    }
    return ok(name, uses, at === path.resolve(folder) ? `${folder} can be written to` : `${folder} can be made`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return missing(
      name,
      uses,
      `${folder}: ${code ?? message}`,
      "give yourself the right to write there, or choose another folder",
    );
  }
}

async function deployChecks(env: Environment): Promise<Check[]> {
  const uses: readonly Use[] = ["deploy"];
  const checks: Check[] = [];
  const pulumi = await saidBy("pulumi", "version");
  checks.push(
    pulumi === null
      ? missing("Pulumi CLI", uses, "none", "install it: https://www.pulumi.com/docs/install/")
      : ok("Pulumi CLI", uses, pulumi),
  );
  const home = env.PULUMI_HOME ?? path.join(homedir(), ".pulumi");
  const loggedIn = env.PULUMI_BACKEND_URL !== undefined || env.PULUMI_ACCESS_TOKEN !== undefined;
  checks.push(
    loggedIn || (await exists(path.join(home, "credentials.json")))
      ? ok("Pulumi's state", uses, loggedIn ? "set in the environment" : "logged in")
      : missing("Pulumi's state", uses, "not logged in", "`pulumi login`, or `pulumi login s3://my-pulumi-state`"),
  );
  const docker = await saidBy("docker", "version", "--format", "{{.Server.Version}}");
  checks.push(
    docker === null || docker === ""
      ? missing("Docker", uses, "no engine answers", "install Docker and start it: it builds the images of the hosts")
      : ok("Docker", uses, `engine ${docker}`),
  );
  checks.push(await credentialsCheck(env), await regionCheck(env));
  return checks;
}

/** Only whether there are any: whose they are, and whether they hold, AWS says. */
async function credentialsCheck(env: Environment): Promise<Check> {
  const name = "AWS credentials";
  const set = (...names: readonly string[]) => names.every((one) => (env[one] ?? "") !== "");
  if (set("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")) return ok(name, ["deploy"], "keys in the environment");
  if (set("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")) return ok(name, ["deploy"], "a web identity");
  if (set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || set("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
    return ok(name, ["deploy"], "those of the container");
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE ?? path.join(homedir(), ".aws", "credentials"),
    env.AWS_CONFIG_FILE ?? path.join(homedir(), ".aws", "config"),
  ];
  for (const file of files) {
    if (await exists(file)) return ok(name, ["deploy"], `${file}${set("AWS_PROFILE") ? ", with AWS_PROFILE" : ""}`);
  }
  return missing(
    name,
    ["deploy"],
    "none",
    "`aws configure sso`, or set AWS_PROFILE; `aws sts get-caller-identity` says whose",
  );
}

async function regionCheck(env: Environment): Promise<Check> {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (region !== undefined && region !== "") return ok("AWS region", ["deploy"], region);
  return warning("AWS region", ["deploy"], "not in the environment", "Pulumi.<environment>.yaml must have aws:region");
}

export async function machineChecks(env: Environment = process.env): Promise<readonly Check[]> {
  return [
    ...(await nodeChecks()),
    await engineCheck(),
    await npmCheck(),
    await pythonCheck(env),
    await javaCheck(env),
    await writableCheck("temporary folder", ["run", "test", "spark"], tmpdir()),
    await roomCheck("room for temporary files", ["run", "test"], tmpdir(), 1 * GIB),
    await roomCheck("room here", ["run", "test", "deploy"], ".", 4 * GIB),
    ...(await deployChecks(env)),
  ];
}
