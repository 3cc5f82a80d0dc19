import { spawnSync } from "node:child_process";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { parseSettings } from "../settings.schema.ts";
import type { Recorded } from "../testing/record.ts";
import { environments } from "../testing/stacks.ts";
import { estimate } from "./estimate.ts";
import prices from "./prices.json" with { type: "json" };

const settings = parseSettings({ environment: "dev", region: "eu-central-1" });
const resource = (type: string, inputs: object = {}): Recorded => ({
  ...{ type, name: "one", parent: undefined, protect: false, provider: "", inputs },
});

describe("the estimate of costs", () => {
  it("adds up what is there while nothing runs", () => {
    const { lines, idlePerMonth } = estimate(
      [
        resource("aws:kms/key:Key"),
        resource("aws:cloudwatch/metricAlarm:MetricAlarm"),
        resource("aws:cloudwatch/metricAlarm:MetricAlarm"),
        resource("aws:ec2/instance:Instance", { rootBlockDevice: { volumeSize: 30 } }),
        resource("aws:ec2/natGateway:NatGateway"),
        resource("aws:s3/bucket:Bucket"),
        resource("sales-etl:gate:Gate"),
      ],
      settings,
      prices,
    );
    // 1.00 + 2 x 0.10 + 30 x 0.08 + 730 x 0.045
    expect(idlePerMonth).to.be.closeTo(36.45, 0.001);
    expect(lines.map(({ item }) => item)).to.include.members([
      "key",
      "alarm",
      "volume of a host, 30 GiB",
      "NAT gateway",
    ]);
  });

  it("adds up a night: the host, the cluster with EMR's share, spot nodes, addresses", () => {
    // Host: 1 h x (0.0336 + 0.005). Cluster: 0.75 h x (2 x 0.1632 x 1.25 + 2 x 0.005). Lambdas: 1500 x 0.0000133334.
    expect(estimate([], settings, prices).perNight).to.be.closeTo(0.0386 + 0.3135 + 0.02, 0.0001);
    const task = { types: ["m7g.xlarge", "r7g.xlarge"], count: 2 };
    const withTask = { ...settings, emr: { ...settings.emr, instances: { ...settings.emr.instances, task } } };
    // More: 0.75 h x 2 x (0.2142 x (0.4 + 0.25) + 0.005)
    expect(estimate([], withTask, prices).perNight).to.be.closeTo(0.3721 + 0.21635, 0.0001);
  });

  it("adds up Superset's hours", () => {
    const idle = (hours: (typeof settings)["bi"]["hours"]) =>
      estimate([resource("sales-etl:bi:Superset")], { ...settings, bi: { ...settings.bi, hours } }, prices)
        .idlePerMonth;
    // 730 h x (0.0336 + 0.005); 30.4 / 7 weeks x 5 days x 14 h; 2 days of 4 h, over the weekend's end
    expect(idle("always")).to.be.closeTo(28.178, 0.001);
    expect(idle({ days: "MON-FRI", from: 6, to: 20 })).to.be.closeTo(304 * 0.0386, 0.001);
    expect(idle({ days: "SAT-SUN", from: 8, to: 12 })).to.be.closeTo((30.4 / 7) * 8 * 0.0386, 0.001);
    expect(estimate([], settings, prices).idlePerMonth).to.equal(0);
  });

  it("knows no price by guessing", () => {
    const codeOf = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return error instanceof SalesEtlError ? [error.code, error.path] : error;
      }
      return null;
    };
    const redshift = "aws:redshift/cluster:Cluster";
    expect(codeOf(() => estimate([resource(redshift)], settings, prices))).to.deep.equal(["PRICE_UNKNOWN", redshift]);
    const host = { ...settings.host, instanceType: "m99g.large" };
    expect(codeOf(() => estimate([], { ...settings, host }, prices))).to.deep.equal(["PRICE_UNKNOWN", "m99g.large"]);
  });
});

describe("npm run cost", () => {
  const cost = (...args: string[]) =>
    spawnSync(process.execPath, ["--conditions=@sales-etl/source", path.join(import.meta.dirname, "run.ts"), ...args], {
      encoding: "utf8",
    });

  for (const environment of environments) {
    it(`knows the price of everything in ${environment}`, () => {
      const { status, stdout, stderr } = cost(environment, "--json");
      expect(status, stderr).to.equal(0);
      const { idlePerMonth, perNight, lines } = JSON.parse(stdout);
      // By day nothing runs but Superset.
      const superset = lines.find(({ item }: { item: string }) => item.startsWith("Superset"));
      expect(superset.idle).to.be.closeTo(11.73, 0.01);
      expect(idlePerMonth - superset.idle).to.be.within(5, 15);
      expect(perNight).to.be.within(0.2, 2);
      expect(lines.filter(({ item }: { item: string }) => item.startsWith("NAT"))).to.deep.equal([]);
    });
  }

  it("has exit code 2 for an environment that there is not", () => {
    expect(cost("test").status).to.equal(2);
  });
});
