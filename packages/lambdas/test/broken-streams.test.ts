/** Bodies that break on the way from S3: what is read must be the object, whole, or an error. */
import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { s3Landing, s3Stream } from "@sales-etl/etl-core/landing/s3";
import { type FaultyProxy, type LocalAws, startFaultyProxy, startLocalAws } from "@sales-etl/local-aws";
import { assert } from "chai";

const Bucket = "landing";
const MB = 1024 * 1024;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("streams from S3 that break", function () {
  this.timeout("120s");
  let aws: LocalAws | undefined;
  let proxy: FaultyProxy;
  /** Straight to S3. */
  let s3: S3Client;
  let broken: S3Client;
  const content = randomBytes(3 * MB);

  before(async function () {
    const started = await startLocalAws();
    if ("missing" in started) return this.skip();
    aws = started;
    proxy = await startFaultyProxy(aws.endpoint);
    s3 = new S3Client({ ...aws.clientConfig, forcePathStyle: true });
    broken = new S3Client({ ...aws.clientConfig, endpoint: proxy.endpoint, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    await proxy?.stop();
    await aws?.stop();
  });

  const put = async (Key: string, Body: Buffer = content) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    return Key;
  };
  const resumed: string[] = [];
  const read = async (key: string, options: { idleMs?: number; pausesMs?: number[] } = {}) => {
    resumed.length = 0;
    const onResume = (bytes: number) => void resumed.push(String(bytes));
    return buffer(await s3Stream({ client: broken, bucket: Bucket, key, pausesMs: [1, 1, 1], onResume, ...options }));
  };
  const codeOf = async (action: Promise<unknown>) =>
    action.then(
      () => "none",
      (error: Error & { code?: string }) => error.code ?? error.name,
    );
  const ranges = (key: string) => proxy.asked.filter(({ path }) => path.endsWith(key)).map(({ range }) => range);

  it("the SDK alone does not read on: without the resumption the bytes are lost", async () => {
    const key = await put("alone.csv");
    proxy.break({ key, afterBytes: MB, kind: "cut", times: 1 });

    const { Body } = await broken.send(new GetObjectCommand({ Bucket, Key: key }));
    const error = await buffer(Body as never).catch((reason: Error) => reason);
    assert.instanceOf(error, Error);
  });

  for (const kind of ["cut", "end", "silence"] as const) {
    it(`reads on from the byte that it reached, and gives the same bytes: ${kind}`, async () => {
      const key = await put(`${kind}.csv`);
      proxy.break({ key, afterBytes: MB, kind, times: 2 });
      assert.equal(sha256(await read(key, { idleMs: 500 })), sha256(content));
      // Each answer brings at most 1 MB before it breaks: what was delivered by then is not asked for again.
      assert.deepEqual(ranges(key), [null, ...resumed.map((bytes) => `bytes=${bytes}-`)]);
      assert.lengthOf(resumed, 2);
      assert.isTrue(proxy.asked.filter(({ range }) => range !== null).every(({ ifMatch }) => ifMatch !== null));
    });
  }

  it("breaks before the first byte, too", async () => {
    const key = await put("first.csv");
    proxy.break({ key, afterBytes: 0, kind: "cut", times: 2 });
    assert.equal(sha256(await read(key)), sha256(content));
  });

  it("gives up after some tries without a byte, with the connection's error", async () => {
    const key = await put("never.csv");
    proxy.break({ key, afterBytes: 0, kind: "cut", times: 1000 });
    assert.notEqual(await codeOf(read(key)), "none");
    assert.notEqual(await codeOf(read(key)), "LANDING_CHANGED");
  });

  it("never puts two objects together: replaced meanwhile", async () => {
    const key = await put("replaced.csv");
    const replace = () => put(key, randomBytes(3 * MB));
    proxy.break({ key, afterBytes: MB, kind: "cut", times: 1, meanwhile: replace });
    assert.equal(await codeOf(read(key)), "LANDING_CHANGED");
  });

  it("never takes a part for the whole: removed meanwhile", async () => {
    const key = await put("removed.csv");
    const remove = () => s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    proxy.break({ key, afterBytes: MB, kind: "cut", times: 1, meanwhile: remove });
    assert.equal(await codeOf(read(key)), "LANDING_CHANGED");
  });

  it("lets go of the connection when the reader stops", async () => {
    const key = await put("stopped.csv");
    proxy.break({ key, afterBytes: MB, kind: "silence", times: 1 });
    const stream = await s3Landing({ client: broken, bucket: Bucket }).open(key);
    for await (const _ of stream) break;
    assert.isTrue(stream.destroyed);
    assert.deepEqual(ranges(key), [null]);
  });
});
