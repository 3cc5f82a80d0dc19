import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { memoryS3 } from "../../test/memory-s3.ts";
import { credentialKey, readCredential } from "./credential.ts";

const now = new Date("2017-07-01T02:10:00Z");
const credential = { username: "trigger-dag", password: "s3cret", validUntil: "2017-07-01T14:00:00Z" };

const read = (body?: string) => {
  const s3 = memoryS3();
  if (body !== undefined) s3.objects.set(`control/${credentialKey}`, body);
  return readCredential(s3, "control", now);
};

describe("trigger-dag: tonight's credential", () => {
  it("is what the host wrote", async () => {
    assert.deepEqual(await read(JSON.stringify(credential)), credential);
  });

  it("is none before the host wrote one, and none of another night", async () => {
    assert.isNull(await read());
    assert.isNull(await read(JSON.stringify({ ...credential, validUntil: "2017-07-01T02:10:00Z" })));
  });

  for (const body of ['{"username":"a","password":"s3cret"', JSON.stringify({ ...credential, username: 7 })]) {
    it("is refused without telling it to the logs", async () => {
      const error = await read(body).catch((reason: unknown) => reason);
      assert.instanceOf(error, SalesEtlError);
      assert.equal(error.code, "CREDENTIAL_INVALID");
      assert.notInclude(`${error.message} ${error.stack} ${String(error.cause)}`, "s3cret");
    });
  }
});
