/** ArtifactSet as Pulumi runs it, in a process of its own, with the SDK's own client and the built core, against S3. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { artifactVersion, describeArtifacts } from "@sales-etl/etl-core/artifacts";
import { assert } from "chai";
import { type DynamicProvider, startDynamicProvider } from "../../../infra/testing/dynamic-provider.ts";
import {
  type ArtifactSetInputs,
  type ArtifactSetOutputs,
  artifactSetProvider,
} from "../../../infra/transform/artifact-set.provider.ts";
import { buildPackages } from "../../../scripts/build.ts";
import { type LocalAws, startLocalAws } from "../src/index.ts";
import { startUploadProxy, type UploadProxy } from "../src/upload-proxy.ts";

type Provider = DynamicProvider<ArtifactSetInputs, ArtifactSetOutputs>;

describe("ArtifactSet in a local AWS", function () {
  this.timeout("180s");
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-artifacts-"));
  const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555";
  const started: Provider[] = [];
  let aws: LocalAws | undefined;
  let s3: S3Client;
  let proxy: UploadProxy | undefined;
  let provider: Provider;
  let bucket = "";
  let buckets = 0;

  async function process(endpoint: string): Promise<Provider> {
    const env = { ...aws?.env, AWS_ENDPOINT_URL: endpoint };
    const one = await startDynamicProvider(artifactSetProvider, env);
    started.push(one);
    return one;
  }

  before(async function () {
    const local = await startLocalAws();
    if ("missing" in local) return this.skip();
    aws = local;
    s3 = new S3Client(local.clientConfig);
    proxy = await startUploadProxy(local.endpoint);
    // Pulumi's process imports what is built.
    assert.isTrue(await buildPackages());
    provider = await process(local.endpoint);
  });

  after(async () => {
    for (const one of started) one.kill();
    await proxy?.stop();
    await aws?.stop();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    bucket = `artifacts-${++buckets}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const VersioningConfiguration = { Status: "Enabled" as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  });

  const usual = { "main.py": "print(1)", "contract.json": "{}" };

  function inputs(contents: Readonly<Record<string, string | Uint8Array>> = usual): ArtifactSetInputs {
    const paths = Object.entries(contents).map(([name, content]) => {
      const file = path.join(mkdtempSync(path.join(folder, "file-")), name);
      writeFileSync(file, content);
      return [name, file];
    });
    const files = describeArtifacts(Object.fromEntries(paths));
    return { region: "us-east-1", bucket, prefix: "spark/", kmsKeyArn, version: artifactVersion(files), files };
  }

  const keyOf = ({ version }: Pick<ArtifactSetInputs, "version">, name: string) => `spark/${version}/${name}`;
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const remove = (Key: string) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  const content = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();

  /** How often each object was written, by its key; a marker of a deletion counts as `deleted KEY`. */
  async function writes(): Promise<Record<string, number>> {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const counted: Record<string, number> = {};
    const keys = [...Versions.map(({ Key }) => Key), ...DeleteMarkers.map(({ Key }) => `deleted ${Key}`)];
    for (const key of keys) counted[key ?? ""] = (counted[key ?? ""] ?? 0) + 1;
    return counted;
  }

  async function refused(doing: Promise<unknown>): Promise<string> {
    const error = await doing.then(
      () => null,
      (reason: Error) => reason,
    );
    assert.instanceOf(error, Error);
    return (error as Error).message;
  }

  it("uploads each file once, whole, encrypted with the key, with its checksum", async () => {
    const wanted = inputs();
    const { id, outs } = await provider.create(wanted);
    assert.equal(id, `s3://${bucket}/spark/`);
    const sha256 = (text: string) => createHash("sha256").update(text);
    assert.deepEqual(outs, {
      ...{ region: "us-east-1", bucket, prefix: "spark/", kmsKeyArn, version: wanted.version },
      objects: { "main.py": sha256("print(1)").digest("hex"), "contract.json": sha256("{}").digest("hex") },
    });
    assert.equal(await content(keyOf(wanted, "main.py")), "print(1)");
    const head = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: keyOf(wanted, "main.py"), ChecksumMode: "ENABLED" }),
    );
    assert.equal(head.ServerSideEncryption, "aws:kms");
    assert.equal(head.SSEKMSKeyId, kmsKeyArn);
    assert.equal(head.ChecksumSHA256, sha256("print(1)").digest("base64"));
    assert.deepEqual(await provider.diff(id, outs, wanted), { changes: false, replaces: [] });
  });

  it("puts a changed set beside the earlier one, and never touches that; a set that leaves is forgotten", async () => {
    const first = inputs();
    const { id, outs } = await provider.create(first);
    const second = inputs({ ...usual, "main.py": "print(2)" });
    assert.deepEqual(await provider.diff(id, outs, second), { changes: true, replaces: [] });
    const updated = await provider.update(id, outs, second);
    assert.equal(updated.version, second.version);
    assert.notEqual(second.version, first.version);
    assert.equal(await content(keyOf(first, "main.py")), "print(1)");
    assert.equal(await content(keyOf(second, "main.py")), "print(2)");
    await provider.delete(id, updated);
    const all = [first, second].flatMap((set) => Object.keys(usual).map((name) => [keyOf(set, name), 1] as const));
    assert.deepEqual(await writes(), Object.fromEntries(all));
  });

  it("goes back to an earlier version without writing it again", async () => {
    const [first, second] = [inputs(), inputs({ ...usual, "main.py": "print(2)" })];
    const { id, outs } = await provider.create(first);
    const updated = await provider.update(id, outs, second);
    assert.equal((await provider.update(id, updated, first)).version, first.version);
    assert.equal((await writes())[keyOf(first, "main.py")], 1);
  });

  it("refuses an object that is there and another one, naming both, and leaves it as it is", async () => {
    const wanted = inputs();
    const key = keyOf(wanted, "main.py");
    await put(key, "print('mine')");
    const message = await refused(provider.create(wanted));
    assert.include(message, `s3://${bucket}/${key} is not the artifact main.py (${wanted.files["main.py"]?.path})`);
    assert.equal(await content(key), "print('mine')");
    // The same bytes, uploaded by hand without a checksum, are what they should be.
    await remove(key);
    await put(key, "print(1)");
    assert.equal((await provider.create(wanted)).outs.version, wanted.version);
  });

  it("shows what is missing or another one after a refresh, and uploads again what is missing", async () => {
    const wanted = inputs();
    const { id, outs } = await provider.create(wanted);
    assert.deepEqual((await provider.read(id, outs)).props, outs);
    await remove(keyOf(wanted, "main.py"));
    const { props: seen } = await provider.read(id, outs);
    assert.deepEqual(Object.keys(seen.objects), ["contract.json"]);
    assert.isTrue((await provider.diff(id, seen, wanted)).changes);
    await provider.update(id, seen, wanted);
    assert.equal(await content(keyOf(wanted, "main.py")), "print(1)");
    assert.equal((await writes())[keyOf(wanted, "contract.json")], 1);

    await put(keyOf(wanted, "main.py"), "print('else')");
    const other = (await provider.read(id, outs)).props;
    assert.isTrue((await provider.diff(id, other, wanted)).changes);
    assert.include(await refused(provider.update(id, other, wanted)), keyOf(wanted, "main.py"));

    for (const name of Object.keys(usual)) await remove(keyOf(wanted, name));
    assert.equal((await provider.read(id, outs)).id, "");
  });

  it("is done by two at once, each file written once", async () => {
    const wanted = inputs(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`file-${index}`, `${index}`])));
    const other = await process(aws?.endpoint ?? "");
    const [one, two] = await Promise.all([provider.create(wanted), other.create(wanted)]);
    assert.deepEqual(one, two);
    const all = Object.keys(wanted.files).map((name) => [keyOf(wanted, name), 1] as const);
    assert.deepEqual(await writes(), Object.fromEntries(all));
  });

  it("takes a file over 5 MB, as one object with one checksum", async () => {
    const big = randomBytes(12_000_001);
    const wanted = inputs({ "big.whl": big });
    const { id, outs } = await provider.create(wanted);
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(wanted, "big.whl") }));
    assert.isTrue(big.equals((await Body?.transformToByteArray()) ?? new Uint8Array()));
    // An object of several parts has a dash in it.
    assert.notInclude(ETag ?? "", "-");
    assert.deepEqual((await provider.read(id, outs)).props, outs);
  });

  it("goes on where a process died in the middle of an upload", async () => {
    const wanted = inputs({ "a.bin": randomBytes(1000), "b.bin": randomBytes(9_000_000), "c.bin": "c" });
    const dying = await process(proxy?.endpoint ?? "");
    const reached = proxy?.cutUpload(keyOf(wanted, "b.bin"), { afterBytes: 100_000, ending: "hold" });
    const creating = dying.create(wanted).catch(() => "died");
    await reached;
    dying.kill();
    assert.equal(await creating, "died");
    proxy?.release();
    assert.deepEqual(await writes(), { [keyOf(wanted, "a.bin")]: 1 });
    await provider.create(wanted);
    const all = Object.keys(wanted.files).map((name) => [keyOf(wanted, name), 1] as const);
    assert.deepEqual(await writes(), Object.fromEntries(all));
  });

  it("tries again when the connection breaks during an upload, or when only the answer is lost", async () => {
    const through = await process(proxy?.endpoint ?? "");
    const broken = inputs({ "a.bin": randomBytes(6_000_000) });
    const struck = proxy?.cutUpload(keyOf(broken, "a.bin"), { afterBytes: 100_000, ending: "reset" });
    await through.create(broken);
    await struck;
    const unanswered = inputs({ "b.bin": "b" });
    const lost = proxy?.loseAnswer(keyOf(unanswered, "b.bin"));
    await through.create(unanswered);
    await lost;
    assert.deepEqual(await writes(), { [keyOf(broken, "a.bin")]: 1, [keyOf(unanswered, "b.bin")]: 1 });
  });

  it("says which file could not go where: changed since the preview, gone, and no such bucket", async () => {
    const wanted = inputs();
    const file = wanted.files["main.py"]?.path ?? "";
    writeFileSync(file, "print(3)");
    assert.include(await refused(provider.create(wanted)), `the artifact main.py (${file}) has changed`);
    rmSync(file);
    assert.include(await refused(provider.create(wanted)), `the artifact main.py cannot be read: ENOENT`);
    assert.notProperty(await writes(), keyOf(wanted, "main.py"));
    const nowhere = { ...inputs(), bucket: "no-such-bucket" };
    const message = await refused(provider.create(nowhere));
    const first = Object.keys(nowhere.files)[0] ?? "";
    assert.include(message, `the artifact ${first} (${nowhere.files[first]?.path})`);
    assert.include(message, `s3://no-such-bucket/${keyOf(nowhere, first)}: NoSuchBucket`);
  });
});
