import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { reference } from "./references.ts";
import { record } from "./testing/record.ts";

interface Lake {
  readonly bucket: { readonly name: pulumi.Output<string> };
}

describe("reference", () => {
  const stacks = { "organization/lake/test": { bucket: { name: "data" } } };

  it("reads an output of the same environment", async () => {
    const { result } = await record(
      () => {
        const name: pulumi.Output<string> = reference<Lake>("lake").requireOutput("bucket").name;
        return name;
      },
      { stacks },
    );
    expect(result).to.equal("data");
  });

  it("does not compile with a name that the other stack does not export", async () => {
    await record(
      () => {
        // @ts-expect-error: checked by tsc; only the name is wrong
        const missing = reference<Lake>("lake").requireOutput("buckets");
        return pulumi.output(missing).apply(() => undefined);
      },
      { stacks: { "organization/lake/test": { buckets: "renamed" } } },
    );
  });
});
