import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { Source, type SourceArgs } from "./source.ts";

describe("Source", () => {
  const make = (source: SourceArgs["source"]) =>
    record(() => {
      const landing = bucketRef("landing");
      const { roleArn, taskName } = new Source("own", { source, dataset: retail, landing, kmsKeyArn, timeZone: "UTC" });
      return { roleArn, taskName };
    });

  it("is a role for who drops files", async () => {
    const principalArn = "arn:aws:iam::111122223333:role/exporter";
    const { childrenOf, inputsOf, result } = await make({ writer: { principalArn, externalId: "ours" } });
    expect(childrenOf("own")).to.deep.equal(["sales-etl:source:ExportRole own-writer"]);
    expect(result).to.deep.equal({ roleArn: arnOf("own-writer-role"), taskName: undefined });
    expect(statementsOf(inputsOf("own-writer-role").assumeRolePolicy).TakeOnThisRole).to.deep.include({
      Principal: { AWS: principalArn },
      Condition: { StringEquals: { "sts:ExternalId": "ours" } },
    });
  });

  it("is nothing where neither is wanted", async () => {
    expect((await make(undefined)).childrenOf("own")).to.deep.equal([]);
  });
});
