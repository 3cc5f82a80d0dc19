import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { awsStandIn } from "../../infra/testing/aws-stand-in.ts";
import { snowflakeKey } from "./snowflake-key.ts";

describe("snowflakeKey", () => {
  const secrets: Record<string, object> = {
    good: { SecretString: "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----" },
    other: { SecretString: "hunter2" },
  };
  awsStandIn({
    GetSecretValue: ({ SecretId = "" }) =>
      secrets[SecretId] ?? { __type: "ResourceNotFoundException", message: `there is no ${SecretId}` },
  });
  const settings = (privateKeySecret: string) => ({
    "sales-etl:region": "eu-central-1",
    "sales-etl:source": JSON.stringify({ snowflake: { privateKeySecret } }),
  });
  const refusal = async (name: string) => {
    try {
      await snowflakeKey(settings(name), {});
    } catch (error) {
      return error as SalesEtlError;
    }
    throw new Error(`${name} was taken`);
  };

  it("is the secret that the settings name", async () => {
    const { SNOWFLAKE_PRIVATE_KEY } = await snowflakeKey(settings("good"), {});
    expect(SNOWFLAKE_PRIVATE_KEY).to.match(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  it("is not asked for without Snowflake, nor where it is given already", async () => {
    expect(await snowflakeKey({ "sales-etl:region": "eu-central-1" }, {})).to.deep.equal({});
    expect(await snowflakeKey({ "sales-etl:source": '{"writer":{}}' }, {})).to.deep.equal({});
    expect(await snowflakeKey(settings("missing"), { SNOWFLAKE_PRIVATE_KEY: "given" })).to.deep.equal({});
  });

  it("says which secret is missing or holds something else, without showing it", async () => {
    const missing = await refusal("missing");
    expect(missing).to.be.instanceOf(SalesEtlError).with.property("code", "SECRET_NOT_READ");
    expect(missing.message).to.include("secret missing: there is no missing");
    const other = await refusal("other");
    expect(other.message).to.include("secret other: it holds no private key").and.not.include("hunter2");
  });
});
