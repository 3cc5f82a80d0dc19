/** What the core keeps in S3, against an S3 that answers as the real one does: pages, conditions, odd keys. */
import { text } from "node:stream/consumers";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { s3Landing } from "@sales-etl/etl-core/landing/s3";
import { type Receipt, receiptStore } from "@sales-etl/etl-core/receipts";
import { type LocalAws, startLocalAws } from "@sales-etl/local-aws";
import { assert } from "chai";

describe("storage in a local AWS", function () {
  this.timeout("120s");
  let aws: LocalAws | undefined;
  let client: S3Client;
  const put = (Bucket: string, Key: string, Body = "x") =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(Body) }));

  before(async function () {
    const started = await startLocalAws();
    if ("missing" in started) return this.skip();
    aws = started;
    client = new S3Client(aws.clientConfig);
    for (const Bucket of ["landing", "control"]) await client.send(new CreateBucketCommand({ Bucket }));
  });

  after(async () => {
    await aws?.stop();
  });

  describe("landing", () => {
    it("lists more than one page, sorted, with sizes, and nothing beside the prefix", async () => {
      const names = Array.from({ length: 2001 }, (_, index) => `many/${String(index).padStart(5, "0")}.csv`);
      for (let from = 0; from < names.length; from += 50) {
        await Promise.all(names.slice(from, from + 50).map((name) => put("landing", name, "12345")));
      }
      await put("landing", "more/00000.csv");
      const found = await s3Landing({ client, bucket: "landing" }).list("many/");
      assert.deepEqual(
        found,
        names.map((key) => ({ key, bytes: 5 })),
      );
    });

    it("answers with an empty list where nothing lies", async () => {
      assert.deepEqual(await s3Landing({ client, bucket: "landing" }).list("none/"), []);
    });

    for (const name of ["a b+c%20é=&?#.csv", "quote'\"<>&.csv", "日本/✓.csv", "plus+plus.csv"]) {
      it(`lists and opens the key ${name}`, async () => {
        await put("landing", `odd/${name}`, name);
        const landing = s3Landing({ client, bucket: "landing" });
        assert.deepEqual(await landing.list(`odd/${name}`), [{ key: `odd/${name}`, bytes: Buffer.byteLength(name) }]);
        assert.equal(await text(await landing.open(`odd/${name}`)), name);
      });
    }

    it("keeps to its prefix", async () => {
      await put("landing", "eu/sales/1.csv", "eu");
      await put("landing", "sales/1.csv", "root");
      const landing = s3Landing({ client, bucket: "landing", prefix: "eu/" });
      assert.equal(landing.uri, "s3://landing/eu/");
      assert.deepEqual(await landing.list("sales/"), [{ key: "sales/1.csv", bytes: 2 }]);
      assert.equal(await text(await landing.open("sales/1.csv")), "eu");
      assert.throws(() => s3Landing({ client, bucket: "landing", prefix: "eu" }), "does not end with /");
    });

    it("does not take the console's folders for files", async () => {
      await put("landing", "console/dt=2017-06-30/", "");
      assert.deepEqual(await s3Landing({ client, bucket: "landing" }).list("console/"), []);
    });

    it("says which object is not there", async () => {
      const landing = s3Landing({ client, bucket: "landing" });
      const error = await landing.open("sales/none.csv").catch((reason: unknown) => reason);
      assert.instanceOf(error, SalesEtlError);
      assert.deepInclude((error as SalesEtlError).toJSON(), {
        code: "LANDING_OBJECT_NOT_FOUND",
        path: "sales/none.csv",
        message: "there is no sales/none.csv in s3://landing/",
      });
    });

    it("does not take a missing bucket for a missing object", async () => {
      const error = await s3Landing({ client, bucket: "nowhere" })
        .open("x")
        .catch((reason: unknown) => reason);
      assert.equal((error as Error).name, "NoSuchBucket");
    });
  });

  describe("receipts", () => {
    const receipt = (step: string, what: unknown, who = "first"): Receipt<unknown> => ({
      businessDate: "2017-06-30",
      step,
      who,
      when: "2017-07-01T02:00:00.000Z",
      what,
    });
    const store = () => receiptStore({ client, bucket: "control" });

    it("are written once and read back", async () => {
      assert.isNull(await store().read({ businessDate: "2017-06-30", step: "published" }));
      const published = receipt("published", { rows: 3, tables: ["sales"] });
      assert.deepEqual(await store().write(published), {
        written: true,
        key: "dt=2017-06-30/published.json",
        receipt: published,
      });
      assert.deepEqual(await store().read(published), published);
    });

    it("tell an equal earlier one from another", async () => {
      const first = receipt("ended", { cost: 1, note: undefined });
      await store().write(first);
      const equal = await store().write(receipt("ended", { cost: 1 }, "second"));
      const other = await store().write(receipt("ended", { cost: 2 }, "third"));
      const existing = receipt("ended", { cost: 1 });
      assert.deepEqual(equal, { written: false, key: "dt=2017-06-30/ended.json", same: true, existing });
      assert.deepEqual(other, { written: false, key: "dt=2017-06-30/ended.json", same: false, existing });
    });

    it("have one writer of twenty at once", async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store().write(receipt("raced", index, `writer ${index}`))),
      );
      const winners = results.filter(({ written }) => written);
      assert.lengthOf(winners, 1);
      const kept = await store().read({ businessDate: "2017-06-30", step: "raced" });
      assert.deepEqual(
        results.filter((result) => !result.written).map(({ existing }) => existing.who),
        Array(19).fill(kept?.who),
      );
    });

    it("are not read from what is none", async () => {
      const name = { businessDate: "2017-06-30", step: "broken" };
      for (const body of ["", "{", "[]", '{"businessDate": "2017-06-30"}']) {
        await put("control", "dt=2017-06-30/broken.json", body);
        const error = await store()
          .read(name)
          .catch((reason: unknown) => reason);
        assert.equal((error as SalesEtlError).code, "RECEIPT_INVALID", body);
        assert.equal((error as SalesEtlError).path, "s3://control/dt=2017-06-30/broken.json");
      }
    });
  });
});
