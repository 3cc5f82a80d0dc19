import { expect } from "chai";
import { awsProvider } from "./provider.ts";
import { prefixOf, settings } from "./settings.ts";
import { record } from "./testing/record.ts";

const config = { "sales-etl:environment": "dev", "sales-etl:region": "eu-central-1" };

describe("settings", () => {
  it("are those of the shared namespace, whatever else is configured", async () => {
    const { result } = await record(() => settings().nightlyHour, {
      config: {
        ...config,
        "sales-etl:nightlyHour": "4",
        "aws:region": "us-east-1",
        "sales-etl-pipeline:nightlyHour": "5",
      },
    });
    expect(result).to.equal(4);
  });

  it("name the environment", async () => {
    const { result } = await record(() => prefixOf(settings()), { config });
    expect(result).to.equal("sales-etl-dev");
  });

  it("give AWS its region and default tags; the project's own cannot be overwritten", async () => {
    const { inputsOf } = await record(() => awsProvider(settings()).urn, {
      config: { ...config, "sales-etl:tags": '{"team":"retail","project":"mine"}' },
    });
    const { region, defaultTags } = inputsOf("sales-etl-dev");
    expect(region).to.equal("eu-central-1");
    expect(JSON.parse(defaultTags)).to.deep.equal({
      tags: { team: "retail", project: "sales-etl", environment: "dev" },
    });
  });
});
