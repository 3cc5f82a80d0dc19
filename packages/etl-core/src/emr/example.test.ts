import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { runDate } from "../../../../examples/emr-run.ts";
import { emrStandIn, stepIn } from "../../test/support/emr-stand-in.ts";

const root = path.join(import.meta.dirname, "..", "..", "..", "..");

describe("the example of docs/emr.md", () => {
  it("is the one that is compiled", () => {
    const page = readFileSync(path.join(root, "docs", "emr.md"), "utf8");
    const example = readFileSync(path.join(root, "examples", "emr-run.ts"), "utf8");
    expect(/```ts\n([\s\S]*?)```/.exec(page)?.[1]).to.equal(example);
  });

  it("starts a run and waits for its end", async () => {
    const { client, clusters, calls } = emrStandIn();
    const ending = {
      send: async (command: object) => {
        // The cluster is done by the time of the first look.
        const cluster = clusters.get("j-1");
        if (command.constructor.name === "DescribeClusterCommand" && cluster !== undefined) {
          cluster.state = "TERMINATED";
          cluster.steps[0] = stepIn("s-1-1", "COMPLETED");
        }
        return client.send(command as never);
      },
    } as typeof client;
    const run = await runDate("2017-06-30", new AbortController().signal, ending);
    expect(run).to.deep.include({ clusterId: "j-1", state: "TERMINATED", name: "sales-etl-dev 2017-06-30" });
    expect(calls).to.include("RunJobFlowCommand");
  });
});
