/** A Trino on this machine over the Glue catalog and S3 of a local AWS: the engine that Athena is made from. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../packages/local-aws/src/emulator.ts";
import type { LocalAws } from "../../packages/local-aws/src/index.ts";

export interface Trino {
  /** Rows as JSON has them: decimals and dates are texts. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

export interface TrinoArgs {
  /** The unpacked server, with the plugin of Iceberg in `plugin/iceberg`. */
  readonly folder: string;
  /** A Java as new as the server needs. */
  readonly javaHome: string;
  readonly aws: LocalAws;
  readonly database: string;
}

/** A page of https://trino.io/docs/current/develop/client-protocol.html */
interface Answer {
  readonly error?: { readonly message: string };
  readonly columns?: readonly { readonly name: string }[];
  readonly data?: unknown[][];
  readonly nextUri?: string;
}

const READY_MS = 180_000;
/** Athena's name of the Glue catalog, which its views name. */
const CATALOG = "awsdatacatalog";

const properties = (values: Readonly<Record<string, string | number | boolean>>) =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");

export async function startTrino({ folder, javaHome, aws, database }: TrinoArgs): Promise<Trino> {
  const work = mkdtempSync(path.join(tmpdir(), "sales-etl-trino-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { accessKeyId, secretAccessKey } = aws.clientConfig.credentials;
  mkdirSync(path.join(work, "catalog"));
  writeFileSync(
    path.join(work, "config.properties"),
    properties({
      ...{ coordinator: true, "node-scheduler.include-coordinator": true, "discovery.uri": url },
      ...{ "http-server.http.port": port, "node.bind-ip": "127.0.0.1", "node.internal-address": "127.0.0.1" },
      ...{ "node.environment": "test", "query.max-memory": "1GB" },
      ...{ "plugin.dir": path.join(folder, "plugin"), "catalog.config-dir": path.join(work, "catalog") },
    }),
  );
  writeFileSync(
    path.join(work, "catalog", `${CATALOG}.properties`),
    properties({
      ...{ "connector.name": "iceberg", "iceberg.catalog.type": "glue", "fs.native-s3.enabled": true },
      ...{ "hive.metastore.glue.region": aws.clientConfig.region, "s3.region": aws.clientConfig.region },
      ...{ "hive.metastore.glue.endpoint-url": aws.endpoint, "s3.endpoint": aws.endpoint },
      ...{ "hive.metastore.glue.aws-access-key": accessKeyId, "s3.aws-access-key": accessKeyId },
      ...{ "hive.metastore.glue.aws-secret-key": secretAccessKey, "s3.aws-secret-key": secretAccessKey },
      "s3.path-style-access": true,
    }),
  );
  const output = openSync(path.join(work, "server.log"), "a");
  const server = spawn(
    path.join(javaHome, "bin/java"),
    [
      ...[
        "-Xmx2G",
        "-XX:TieredStopAtLevel=1",
        "-Djdk.attach.allowAttachSelf=true",
        "--enable-native-access=ALL-UNNAMED",
      ],
      ...[
        "--sun-misc-unsafe-memory-access=allow",
        `-Dconfig=${path.join(work, "config.properties")}`,
        `-Dnode.data-dir=${path.join(work, "data")}`,
      ],
      ...["-cp", path.join(folder, "lib/*"), "io.trino.server.TrinoServer"],
    ],
    { cwd: work, stdio: ["ignore", output, output] },
  );
  closeSync(output);
  const log = () => readFileSync(path.join(work, "server.log"), "utf8");

  async function query(sql: string) {
    const headers = { "x-trino-user": "reader", "x-trino-catalog": CATALOG, "x-trino-schema": database };
    const read = async (answer: Response) => (await answer.json()) as Answer;
    let answer = await read(await fetch(`${url}/v1/statement`, { method: "POST", body: sql, headers }));
    const rows: unknown[][] = [];
    let columns: readonly { readonly name: string }[] = [];
    for (;;) {
      if (answer.error !== undefined) throw new Error(`${answer.error.message}\n${sql}`);
      columns = answer.columns ?? columns;
      rows.push(...(answer.data ?? []));
      if (answer.nextUri === undefined) break;
      answer = await read(await fetch(answer.nextUri, { headers }));
    }
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
  }

  async function stop() {
    await ended(server);
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }

  const end = performance.now() + READY_MS;
  for (;;) {
    const ready = await query("SELECT 1 AS one").catch(() => null);
    if (ready?.[0]?.one === 1) return { query, stop };
    if (server.exitCode !== null || performance.now() > end) {
      const said = log().slice(-4000);
      await stop();
      throw new Error(`Trino does not answer:\n${said}`);
    }
    await sleep(500);
  }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = once(server, "exit");
  server.kill("SIGKILL");
  await gone;
}
