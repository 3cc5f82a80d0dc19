/** One process of the emulator: started, watched, stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const launcher = path.join(import.meta.dirname, "launch.py");

/** How long the emulator may take to end by itself. */
const GRACE_MS = 8000;

export interface EmulatorArgs {
  readonly python: string;
  readonly port: number;
  /** A folder of its own for everything it writes. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Emulator {
  readonly pid: number;
  /** Exit code or signal, once it has ended. */
  ended(): string | null;
  /** What it printed last. */
  log(): string;
  stop(): Promise<void>;
  /** At once, for a process that is about to end itself. */
  kill(): void;
}

export function startEmulator({ python, port, folder, env }: EmulatorArgs): Emulator {
  const logFile = path.join(folder, "emulator.log");
  const log = openSync(logFile, "a");
  const child: ChildProcess = spawn(python, [launcher, folder], {
    // A group of its own, so that its Lambda functions can be ended with it.
    detached: true,
    stdio: ["pipe", log, log],
    env: {
      ...env,
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: "0",
      LAMBDA_EXECUTOR: "local",
      MINISTACK_HOST: "127.0.0.1",
      // Lambda functions run on the first `node` of the path: on this one.
      PATH: [path.dirname(process.execPath), env.PATH].join(path.delimiter),
      PYTHONDONTWRITEBYTECODE: "1",
      TMPDIR: folder,
    },
  });
  closeSync(log);
  let ended: string | null = null;
  child.once("error", (error) => {
    ended = error.message;
  });
  const exit = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      ended = signal ?? `exit code ${code}`;
      resolve();
    });
  });
  // Neither keeps this process alive: when it ends, the pipe is closed and the launcher ends the emulator.
  child.unref();
  (child.stdin as Socket).on("error", () => {}).unref();

  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The whole group has ended.
    }
  };
  return {
    pid: child.pid ?? -1,
    ended: () => ended,
    log: () => readFileSync(logFile, "utf8").slice(-2000),
    kill,
    async stop() {
      if (ended === null) {
        child.kill("SIGTERM");
        await Promise.race([exit, sleep(GRACE_MS, undefined, { ref: true })]);
      }
      // What is left: an emulator that did not end in time, or functions that outlived it.
      kill();
    },
  };
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
      });
  });
}
