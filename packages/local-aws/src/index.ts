/**
 * A local AWS for tests: the emulator MiniStack, in its own Python environment, on a free port of 127.0.0.1, with
 * nothing of the user's AWS configuration, and gone when the process is.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pythonEnvironment } from "../../../scripts/python/environment.ts";
import { type Emulator, freePort, startEmulator } from "./emulator.ts";

export { type FaultyProxy, startFaultyProxy } from "./faulty-proxy.ts";

export interface LocalAws {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly pid: number;
  /** For processes that shall use this AWS and no other. */
  readonly env: Readonly<Record<string, string>>;
  /** For clients of the AWS SDK in this process. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** The environment's python, which also has `zipfile`. */
  readonly python: string;
  /** Ends the emulator and removes what it wrote; may be called twice. */
  stop(): Promise<void>;
}

export interface LocalAwsOptions {
  /** @default a free one */
  readonly choosePort?: () => Promise<number>;
  /**
   * The command that runs a step of EMR, given the endpoint: it gets `{cluster, step}` as JSON on stdin, and ends with 0 for
   * COMPLETED.
   *
   * @default nothing runs, and steps are COMPLETED after a moment
   */
  readonly stepRunner?: (endpoint: string) => readonly string[];
}

const REGION = "us-east-1";
const READY_MS = 60_000;
/** A free port can be taken by another process before the emulator listens on it. */
const ATTEMPTS = 3;

/** This process's environment without the user's AWS, which must neither be read nor be reached. */
const withoutAws = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !/^(AWS_|LOCAL_AWS_|LOCALSTACK_|MINISTACK_)/.test(entry[0]),
    ),
  );

/**
 * `ready` only when the answer comes from the process that we started: its health tells the token we gave it.
 * Anything else on the port is somebody else's.
 */
async function listener(endpoint: string, token: string): Promise<"ready" | "none" | "other"> {
  try {
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
    const health = (await answer.json().catch(() => ({}))) as { edition?: unknown };
    return health.edition === token ? "ready" : "other";
  } catch {
    return "none";
  }
}

async function untilReady(emulator: Emulator, endpoint: string, token: string): Promise<"ready" | "port taken"> {
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline) {
    const found = await listener(endpoint, token);
    if (found === "ready") return "ready";
    if (found === "other") return "port taken";
    if (emulator.ended() !== null) {
      if (emulator.log().includes("already in use")) return "port taken";
      throw new Error(`the local AWS ended while starting (${emulator.ended()}):\n${emulator.log()}`);
    }
    await sleep(50);
  }
  throw new Error(`the local AWS was not ready within ${READY_MS / 1000} s:\n${emulator.log()}`);
}

/**
 * @returns the running AWS; or what the machine lacks, in words, for a named skip
 * @throws Error with the emulator's last output when it cannot be started
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws | { readonly missing: string }> {
  const python = await pythonEnvironment("local-aws", "packages/local-aws/requirements.txt");
  if (typeof python !== "string") return python;
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-aws-"));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const env = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: path.join(folder, "no-config"),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "no-credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const { stepRunner } = options;
  let emulator: Emulator | undefined;
  const clean = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const onExit = () => {
    emulator?.kill();
    clean();
  };
  process.once("exit", onExit);
  const stop = async () => {
    await emulator?.stop();
    process.off("exit", onExit);
    clean();
  };
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const port = await (options.choosePort ?? freePort)();
      const endpoint = `http://127.0.0.1:${port}`;
      const token = randomUUID();
      const steps = stepRunner === undefined ? {} : { LOCAL_AWS_STEP_RUNNER: JSON.stringify(stepRunner(endpoint)) };
      const own = { ...withoutAws(), ...env, ...steps, MINISTACK_EDITION: token };
      emulator = startEmulator({ python, port, folder, env: own });
      if ((await untilReady(emulator, endpoint, token)) === "ready") {
        return {
          endpoint,
          pid: emulator.pid,
          env: { ...env, AWS_ENDPOINT_URL: endpoint },
          clientConfig: { endpoint, region: REGION, credentials },
          python,
          stop,
        };
      }
      await emulator.stop();
    }
    throw new Error(`the local AWS found its port taken ${ATTEMPTS} times`);
  } catch (error) {
    await stop();
    throw error;
  }
}
