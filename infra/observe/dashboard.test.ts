import { expect } from "chai";
import { jsonLog } from "../../packages/lambdas/src/log.ts";
import { record } from "../testing/record.ts";
import { Dashboard } from "./dashboard.ts";

describe("Dashboard", () => {
  const make = async () => {
    const { inputsOf } = await record(() => {
      new Dashboard("own", {
        functions: { "validate-landing": "fn-1", "host-power": "fn-2" },
        landingLogGroup: "/aws/lambda/validate",
        airflowInstanceId: "i-1",
        workGroupName: "queries",
      });
    });
    return JSON.parse(inputsOf("own-dashboard").dashboardBody).widgets;
  };

  it("is a page of pictures that do not overlap", async () => {
    const widgets = await make();
    expect(widgets).to.have.length(9);
    const places = new Set(widgets.map(({ x, y }: { x: number; y: number }) => `${x},${y}`));
    expect(places.size).to.equal(9);
    for (const { x, width, properties } of widgets) {
      expect(x + width).to.be.at.most(24);
      expect(properties.region).to.equal("eu-central-1");
    }
  });

  it("shows the functions by their names and the host", async () => {
    const metrics = (await make()).flatMap(
      ({ properties }: { properties: { metrics?: unknown[][] } }) => properties.metrics ?? [],
    );
    expect(metrics).to.deep.include.members([
      ["AWS/Lambda", "Errors", "FunctionName", "fn-2", { label: "host-power", stat: "Sum" }],
      ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", { stat: "Average" }],
      ["AWS/Athena", "ProcessedBytes", "WorkGroup", "queries", { stat: "Sum" }],
    ]);
  });

  it("finds in the logs what the Lambda writes there", async () => {
    const lines: string[] = [];
    const log = jsonLog({ lambda: "validate-landing", invocation: "i" }, (line) => lines.push(line));
    const counts = { rowsRead: 7, rowsAccepted: 6, rowsRejected: 1 };
    log.info("file", { businessDate: "2017-06-30", table: "sales", file: "f", verdict: "accepted", ...counts });
    log.info("validated", { businessDate: "2017-06-30", verdict: "accepted", files: 5, problems: 0 });
    log.info("problem", { businessDate: "2017-06-30", code: "C", severity: "error", table: null, file: null });
    const queries = (await make()).flatMap(
      ({ properties }: { properties: { query?: string } }) => properties.query ?? [],
    );
    expect(queries).to.have.length(3);
    for (const query of queries) {
      expect(query).to.match(/^SOURCE '\/aws\/lambda\/validate' \| /);
      const [, wanted = ""] = /filter message like '([^']+)'/.exec(query) ?? [];
      const line = lines.find((text) => text.includes(wanted));
      for (const [, pattern = "", name] of query.matchAll(/parse message '([^']+)' as (\w+)/g)) {
        const [before = "", after = ""] = pattern.split("*");
        expect(line, `${name} in ${wanted}`).to.match(new RegExp(`${before}[^,}"]+${after.replace("}", "\\}")}`));
      }
    }
  });
});
