import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { assert } from "chai";
import { freePort } from "../src/emulator.ts";
import { type LocalAws, startLocalAws } from "../src/index.ts";

/** A temporary folder of our own, for others may run a local AWS, too. */
const temporary = mkdtempSync(path.join(tmpdir(), "sales-etl-local-aws-test-"));
const folders = () => readdirSync(temporary);
const runs = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const within = async (ms: number, condition: () => boolean) => {
  for (const end = performance.now() + ms; performance.now() < end && !condition(); ) await sleep(50);
  return condition();
};
const answers = (endpoint: string) =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

/** The listening sockets of a process as the kernel has them: `0100007F:1F90` is 127.0.0.1:8080. */
function listening(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
    return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
  });
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && sockets.includes(inode ?? ""))
      .map(([, address]) => address ?? ""),
  );
}

describe("local AWS", function () {
  this.timeout("120s");
  const started: LocalAws[] = [];
  const usual = process.env.TMPDIR;
  let taken = 0;
  const intruder: Server = createServer((_, response) => response.end('{"edition": "light", "services": {}}'));

  async function start(options?: Parameters<typeof startLocalAws>[0]): Promise<LocalAws> {
    const aws = await startLocalAws(options);
    if ("missing" in aws) throw new Error(aws.missing);
    started.push(aws);
    return aws;
  }

  before(async function () {
    process.env.TMPDIR = temporary;
    const aws = await startLocalAws();
    if ("missing" in aws) return this.skip();
    started.push(aws);
    await new Promise<void>((resolve) => intruder.listen(0, "127.0.0.1", resolve));
    taken = (intruder.address() as AddressInfo).port;
  });

  after(async () => {
    intruder.close();
    await Promise.all(started.map((aws) => aws.stop()));
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    rmSync(temporary, { recursive: true, force: true });
  });

  it("answers on its endpoint, and on 127.0.0.1 alone", async function () {
    const [aws] = started;
    assert.isTrue(await answers(aws?.endpoint ?? ""));
    if (!existsSync("/proc/net/tcp")) return this.skip();
    const port = Number(new URL(aws?.endpoint ?? "").port)
      .toString(16)
      .toUpperCase()
      .padStart(4, "0");
    assert.deepEqual(listening(aws?.pid ?? 0), [`0100007F:${port}`]);
  });

  it("is gone after stop, with all it wrote; a second stop does no harm", async () => {
    const before = folders();
    const aws = await start();
    assert.lengthOf(folders(), before.length + 1);
    await aws.stop();
    assert.isFalse(runs(aws.pid));
    assert.isFalse(await answers(aws.endpoint));
    assert.deepEqual(folders(), before);
    await aws.stop();
  });

  it("takes another port when a stranger listens on the first, however healthy it looks", async () => {
    const ports = [taken, await freePort()];
    const aws = await start({ choosePort: async () => ports.shift() ?? taken });
    assert.notEqual(new URL(aws.endpoint).port, String(taken));
  });

  it("gives up when every port is taken, and leaves nothing behind", async () => {
    const before = folders();
    try {
      await start({ choosePort: async () => taken });
      assert.fail("must throw");
    } catch (error) {
      assert.include((error as Error).message, "port taken 3 times");
    }
    assert.deepEqual(folders(), before);
  });

  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    it(`ends with its process, also by ${signal}`, async () => {
      const before = folders();
      const program = `
        import { startLocalAws } from ${JSON.stringify(path.join(import.meta.dirname, "../src/index.ts"))};
        const aws = await startLocalAws();
        console.log(aws.pid);
        setInterval(() => {}, 1000);`;
      const parent = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once("data", resolve)));
      assert.isTrue(runs(pid));
      parent.kill(signal);
      assert.isTrue(await within(5000, () => !runs(pid)), "the emulator still runs");
      assert.deepEqual(folders(), before);
    });
  }
});
