import { expect } from "chai";
import { detailSchemas } from "../../packages/etl-core/src/events/details.ts";
import { jsonLog } from "../../packages/lambdas/src/log.ts";
import { record } from "../testing/record.ts";
import { Dashboard, logGroupsOf } from "./dashboard.ts";
import { eventQueries } from "./dashboard-queries.ts";

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly properties: {
    readonly title?: string;
    readonly region?: string;
    readonly query?: string;
    metrics?: unknown[][];
  };
}

describe("Dashboard", () => {
  const make = async (): Promise<Widget[]> => {
    const { inputsOf } = await record(() => {
      new Dashboard("own", {
        functions: { "validate-landing": "fn-1", "host-power": "fn-2" },
        logGroups: logGroupsOf("own"),
        ...{ host: { instanceId: "i-1", hostName: "own-host" }, workGroupName: "queries" },
      });
    });
    return JSON.parse(inputsOf("own-dashboard").dashboardBody).widgets;
  };
  const titled = (widgets: Widget[]) => widgets.map(({ properties: { title = "" } }) => title);

  it("has a place for each word of the data's way, in its order, and none on another", async () => {
    const widgets = await make();
    const words = titled(widgets).flatMap((title) => (title.split(":")[0] ?? "").split(" and ").filter(Boolean));
    const firsts = [...new Set(words)];
    expect(firsts).to.deep.equal(["source", "landing", "gate", "power", "transform", "warehouse", "bi"]);
    for (const { x, y, width } of widgets) {
      expect(x + width).to.be.at.most(24);
      const here = widgets.filter((other) => other.y === y && other.x < x + width && x < other.x + other.width);
      expect(here).to.have.length(1);
    }
  });

  it("shows the functions by their names, the host, and the queries", async () => {
    const metrics = (await make()).flatMap(({ properties }) => properties.metrics ?? []);
    expect(metrics).to.deep.include.members([
      ["AWS/Lambda", "Errors", "FunctionName", "fn-2", { label: "host-power", stat: "Sum" }],
      ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", { stat: "Average" }],
      ["sales-etl", "DiskUsed", "Host", "own-host", { stat: "Maximum" }],
      ["sales-etl", "MemoryUsed", "Host", "own-host", { stat: "Maximum" }],
      ["AWS/Athena", "ProcessedBytes", "WorkGroup", "queries", { stat: "Sum" }],
    ]);
  });

  it("finds in the logs what the Lambdas write there", async () => {
    const lines: string[] = [];
    const log = jsonLog({ lambda: "validate-landing", invocation: "i" }, (line) => lines.push(line));
    const counts = { rowsRead: 7, rowsAccepted: 6, rowsRejected: 1 };
    log.info("begun", { businessDate: "2017-06-30", because: "manifest" });
    log.info("file", { businessDate: "2017-06-30", table: "sales", file: "f", verdict: "accepted", ...counts });
    log.info("validated", { businessDate: "2017-06-30", verdict: "accepted", files: 5, problems: 0 });
    log.info("problem", { businessDate: "2017-06-30", code: "C", severity: "error", table: null, file: null });
    const closed = { rowsAccepted: 10, rowsRejected: 2, weeksRestated: 2 };
    log.info("closed", { runId: "r", result: "succeeded", dollars: "0.4100", ...closed });
    const queries = (await make()).flatMap(({ properties }) => properties.query ?? []);
    const parsing = queries.filter((query) => query.includes("parse message"));
    expect(parsing).to.have.length(4);
    for (const query of parsing) {
      expect(query).to.match(/^SOURCE '\/aws\/lambda\/own-(validate-landing|host-power)' \| /);
      const [, wanted = ""] = /filter message like '([^']+)'/.exec(query) ?? [];
      const line = lines.find((text) => text.includes(wanted));
      for (const [, pattern = "", name] of query.matchAll(/parse message '([^']+)' as (\w+)/g)) {
        const [before = "", after = ""] = pattern.split("*");
        expect(line, `${name} in ${wanted}`).to.match(new RegExp(`${before}[^,}"]+${after.replace("}", "\\}")}`));
      }
    }
  });

  it("asks the log of events for types and details that there are", async () => {
    const queries = (await make()).flatMap(({ properties }) => properties.query ?? []);
    for (const query of Object.values(eventQueries)) {
      expect(queries).to.include(`SOURCE '/aws/events/own' | ${query}`);
      for (const [, type = ""] of query.matchAll(/'((?:Landing|Run)\w+)'/g))
        expect(detailSchemas).to.have.property(type);
      const known = new Set(Object.values(detailSchemas).flatMap((schema) => Object.keys(schema.shape)));
      for (const [, detail] of query.matchAll(/detail\.(\w+)/g)) expect([...known]).to.include(detail);
    }
  });
});
