/** Superset without its containers: prepare.py and gunicorn as the image runs them, over DuckDB, with SQLite for its own tables. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../packages/local-aws/src/emulator.ts";

const root = path.resolve(import.meta.dirname, "..");
const password = randomBytes(12).toString("hex");

export interface Superset {
  readonly url: string;
  /** Of `admin`. */
  readonly password: string;
  /** Imports the bundle; a second time is the next boot. */
  prepare(): void;
  /** Starts it, and signs the administrator in. */
  start(): Promise<void>;
  /** Starts it. */
  listen(): Promise<void>;
  /** As the administrator; a body makes it a POST. */
  api(route: string, body?: object): Promise<{ readonly status: number; readonly json: Json }>;
  /** Of the server. */
  log(): string;
  stop(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any kind
export type Json = any;

/** @param python of Superset's environment; `warehouse` is a DuckDB file; `more` of the environment */
export async function makeSuperset(
  python: string,
  warehouse: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Superset> {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-superset-"));
  const at = (...parts: string[]) => path.join(folder, ...parts);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const guarded = { read_only: true, config: { enable_external_access: "false", lock_configuration: "true" } };
  const env = {
    PATH: `${path.dirname(python)}:${process.env.PATH}`,
    PYTHONPATH: path.join(root, "image"),
    ...{ HOME: folder, SUPERSET_HOME: at("home"), SUPERSET_CACHE: at("cache"), NO_PROXY: "127.0.0.1" },
    SUPERSET_SECRET_KEY: randomBytes(42).toString("base64"),
    SUPERSET_ADMIN_PASSWORD: password,
    SUPERSET_DATABASE_URI: `sqlite:///${at("superset.db")}?check_same_thread=false`,
    SUPERSET_LOCAL_ENGINES: "1",
    WAREHOUSE_URI: `duckdb:///${warehouse}`,
    WAREHOUSE_ENGINE_PARAMS: JSON.stringify({ connect_args: guarded }),
    GUNICORN_CMD_ARGS: `--bind 127.0.0.1:${port}`,
    ...more,
  };
  const log = () => readFileSync(at("server.log"), "utf8");
  let server: ChildProcess | undefined;
  let token = "";
  let session: Record<string, string> = {};

  const request = (route: string, body?: object) =>
    fetch(`${url}${route}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        "content-type": "application/json",
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        ...session,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  async function listen() {
    const [, ...args] = commandOf(readFileSync(path.join(root, "Dockerfile"), "utf8"));
    const output = openSync(at("server.log"), "a");
    server = spawn(path.join(path.dirname(python), "gunicorn"), args, {
      ...{ env, cwd: folder, detached: true, stdio: ["ignore", output, output] },
    });
    closeSync(output);
    for (;;) {
      if (server.exitCode !== null) throw new Error(`Superset ended: ${log().slice(-2000)}`);
      const answer = await request("/health").catch(() => null);
      if (answer?.status === 200) return;
      await sleep(300);
    }
  }

  return {
    ...{ url, password },
    listen,
    prepare() {
      const bundle = path.join(root, "bundle");
      execFileSync(python, [path.join(root, "image/prepare.py"), bundle], { env, cwd: folder, stdio: "pipe" });
    },
    async start() {
      await listen();
      const login = await request("/api/v1/security/login", { username: "admin", password, provider: "db" });
      token = ((await login.json()) as Json).access_token;
      // SQL Lab takes nothing from another site's page, however it is signed in.
      const csrf = await request("/api/v1/security/csrf_token/");
      const [cookie = ""] = csrf.headers.getSetCookie().map((one) => one.split(";")[0] ?? "");
      session = { cookie, "x-csrftoken": ((await csrf.json()) as Json).result, referer: url };
    },
    async api(route, body) {
      const answer = await request(route, body);
      const text = await answer.text();
      return { status: answer.status, json: text.startsWith("{") ? JSON.parse(text) : text };
    },
    log,
    stop() {
      try {
        if (server?.pid !== undefined) process.kill(-server.pid, "SIGKILL");
      } catch {
        // The whole group has ended.
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the image runs. */
function commandOf(dockerfile: string): string[] {
  const [, list = ""] = /^CMD (\[[\s\S]*?\])/m.exec(dockerfile) ?? [];
  return JSON.parse(list.replaceAll("\\\n", ""));
}
