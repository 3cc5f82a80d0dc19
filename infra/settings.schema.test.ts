import { readFileSync } from "node:fs";
import path from "node:path";
import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { parseSettings } from "./settings.schema.ts";

const smallest = { environment: "dev", region: "eu-central-1" };

const problemsOf = (raw: Record<string, unknown>) => {
  try {
    parseSettings(raw);
  } catch (error) {
    if (error instanceof InvalidPropertiesError)
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
};

describe("parseSettings", () => {
  it("has defaults for all but environment and region", () => {
    expect(parseSettings(smallest)).to.deep.equal({
      environment: "dev",
      region: "eu-central-1",
      timeZone: "UTC",
      nightlyHour: 2,
      nightlyTimeZone: "UTC",
      publishedByHour: 6,
      landingRetentionDays: 365,
      logRetentionDays: 30,
      network: "public",
      networkRange: "10.20.0.0/16",
      emr: {
        instances: {
          primary: { types: ["m7g.xlarge", "m6g.xlarge"] },
          core: { types: ["m7g.xlarge", "m6g.xlarge"], count: 1 },
        },
      },
      monthlyBudgetDollars: 100,
      athenaScanLimitGiB: 10,
      host: { instanceType: "t4g.medium", volumeGiB: 30, graceMinutes: 10, maxHours: 6 },
      bi: { instanceType: "t4g.medium", volumeGiB: 30, hours: { days: "MON-FRI", from: 6, to: 20 } },
      maintenance: { weekday: "SUN", retentionDays: 30 },
      gate: { lookBackDays: 14, largestTableMiB: 2048, volumeFactor: 3 },
      tags: {},
    });
  });

  it("reads what Pulumi hands over: numbers, lists and objects as text", () => {
    const emr = {
      release: "emr-7.13.0",
      instances: { primary: { types: ["m7g.xlarge"] }, core: { types: ["r7g.2xlarge"], count: 3 } },
      managedScaling: { minimum: 3, maximum: 6 },
      idleTimeoutMinutes: 30,
    };
    expect(
      parseSettings({
        ...smallest,
        timeZone: "America/New_York",
        nightlyHour: "0",
        nightlyTimeZone: "America/New_York",
        alertsEmail: "ops@example.com",
        publishedByHour: "7",
        monthlyBudgetDollars: "250",
        athenaScanLimitGiB: "50",
        github: '{"repository":"acme/sales-etl","policyArns":["arn:aws:iam::123456789012:policy/deploy"]}',
        landingRetentionDays: "90",
        logRetentionDays: "7",
        network: "private",
        networkRange: "192.168.0.0/20",
        emr: JSON.stringify(emr),
        host: '{"instanceType":"m7g.large","maxHours":4}',
        maintenance: '{"weekday":"WED","retentionDays":60}',
        bi: '{"hours":"always","instanceType":"m7g.large"}',
        gate: '{"loads":{"inventory":"cumulative"},"lateness":{"sales":14},"freshness":{"store":3},"drift":{"sales":"ignore"},"severities":{"store_key_known":"error"},"lookBackDays":35,"volumeFactor":2.5}',
        tags: '{"team":"retail"}',
      }),
    ).to.deep.equal({
      ...smallest,
      bi: { instanceType: "m7g.large", volumeGiB: 30, hours: "always" },
      timeZone: "America/New_York",
      nightlyHour: 0,
      nightlyTimeZone: "America/New_York",
      alertsEmail: "ops@example.com",
      publishedByHour: 7,
      monthlyBudgetDollars: 250,
      athenaScanLimitGiB: 50,
      github: { repository: "acme/sales-etl", policyArns: ["arn:aws:iam::123456789012:policy/deploy"] },
      landingRetentionDays: 90,
      logRetentionDays: 7,
      network: "private",
      networkRange: "192.168.0.0/20",
      emr,
      host: { instanceType: "m7g.large", volumeGiB: 30, graceMinutes: 10, maxHours: 4 },
      maintenance: { weekday: "WED", retentionDays: 60 },
      gate: {
        ...{
          loads: { inventory: "cumulative" },
          lateness: { sales: 14 },
          freshness: { store: 3 },
          drift: { sales: "ignore" },
          severities: { store_key_known: "error" },
        },
        lookBackDays: 35,
        largestTableMiB: 2048,
        volumeFactor: 2.5,
      },
      tags: { team: "retail" },
    });
  });

  it("says when the tables can be maintained", () => {
    expect(problemsOf({ ...smallest, maintenance: '{"weekday":"Sunday","retentionDays":0}' })).to.deep.equal([
      "sales-etl:maintenance.weekday: takes one of MON, TUE, WED, THU, FRI, SAT, SUN",
      "sales-etl:maintenance.retentionDays: takes a whole number from 1 to 36500",
    ]);
  });

  it("names what is missing", () => {
    expect(problemsOf({})).to.deep.equal(["sales-etl:environment: takes dev or prod", "sales-etl:region: is missing"]);
  });

  it("names every mistake at once, as it stands in the file", () => {
    const emr = {
      instances: {
        primary: { types: ["m7i.xlarge"] },
        core: { types: ["m7g.xlarge"], count: 0 },
        task: { types: ["m7g.xlarge"], count: 1, spotTimeoutMinutes: 1 },
      },
    };
    expect(
      problemsOf({
        environment: "test",
        region: "Frankfurt",
        timeZone: "Mars/Olympus",
        nightlyHour: "24",
        nightlyTimeZone: "+01:00",
        alertsEmail: "ops",
        landingRetentionDays: "1.5",
        logRetentionDays: "31",
        network: "default",
        networkRange: "10.20.30.0/16",
        emr: JSON.stringify(emr),
        host: '{"instanceType":"t3.medium","graceMinutes":11}',
        gate: '{"loads":{"sales":"often"},"lateness":{"sales":400},"drift":["sales"],"severities":{"inventory_not_out":"of"},"lookBackDays":0,"volumeFactor":1}',
        tags: '{"team":1}',
      }),
    ).to.deep.equal([
      "sales-etl:environment: takes dev or prod",
      "sales-etl:region: takes a region such as eu-central-1",
      "sales-etl:timeZone: takes an IANA time zone such as Europe/Berlin or UTC",
      "sales-etl:nightlyHour: takes a whole number from 0 to 23",
      "sales-etl:nightlyTimeZone: takes an IANA time zone such as Europe/Berlin or UTC",
      "sales-etl:alertsEmail: takes an e-mail address",
      "sales-etl:landingRetentionDays: takes a whole number from 1 to 36500",
      "sales-etl:logRetentionDays: takes one of the periods of CloudWatch: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
      "sales-etl:network: takes public or private",
      "sales-etl:networkRange: 10.20.30.0/16 does not begin at a multiple of its 65536 addresses; a network takes a private range such as 10.20.0.0/16",
      "sales-etl:host.instanceType: takes a Graviton type such as t4g.medium",
      "sales-etl:host.graceMinutes: takes a whole number from 0 to 10",
      "sales-etl:gate.loads.sales: takes one of delta, snapshot, cumulative",
      "sales-etl:gate.lateness.sales: takes a whole number of days from 0 to 366",
      "sales-etl:gate.drift: takes an object: a value by the name of a table",
      "sales-etl:gate.severities.inventory_not_out: takes one of warning, error, off; did you mean off?",
      "sales-etl:gate.lookBackDays: takes a whole number from 1 to 60",
      "sales-etl:gate.volumeFactor: takes a number above 1",
      "sales-etl:tags.team: takes text",
      "sales-etl:emr.instances.primary.types[0]: m7i.xlarge is no Graviton type that EMR runs, such as m7g.xlarge",
      "sales-etl:emr.instances.core.count: 0 is no whole number from 1 to 1000",
      "sales-etl:emr.instances.task.spotTimeoutMinutes: 1 is no whole number of minutes from 5 to 1440",
    ]);
  });

  it("names what tables of the contract cannot be", () => {
    const tables = { loads: { store: "delta" }, lateness: { shops: 1 }, drift: { sales: "keep", till: "keep" } };
    const gate = { ...tables, severities: { inventory_vanish: "error" } };
    expect(problemsOf({ ...smallest, gate: JSON.stringify(gate) })).to.have.members([
      "sales-etl:gate.severities.inventory_vanish: is no check that warns: store_key_known, prod_key_known, inventory_appeared, inventory_vanished, inventory_not_out; did you mean inventory_vanished?",
      "sales-etl:gate.lateness.shops: retail has no such table: sales, inventory, store, product, calendar",
      "sales-etl:gate.loads.store: table store cannot be loaded as delta: it comes whole each time; only snapshot",
      "sales-etl:gate.drift.till: retail has no such table: sales, inventory, store, product, calendar",
    ]);
  });

  it("knows what an unknown setting may have meant, at any depth", () => {
    const emr = {
      instances: { primary: { type: ["m7g.xlarge"] }, core: { types: ["m7g.xlarge"] } },
      managedScalling: { minimum: 1, maximum: 2 },
    };
    expect(problemsOf({ ...smallest, nigthlyHour: "3", colour: "red", emr: JSON.stringify(emr) })).to.have.members([
      "sales-etl:nigthlyHour: is no setting; did you mean nightlyHour?",
      "sales-etl:colour: is no setting",
      "sales-etl:emr.managedScalling: is no setting; did you mean managedScaling?",
      "sales-etl:emr.instances.primary.type: is no setting; did you mean types?",
      "sales-etl:emr.instances.primary.types: is missing",
    ]);
  });

  it("says so when a list or a number is no such thing", () => {
    expect(problemsOf({ ...smallest, nightlyHour: "two", tags: "team", emr: "big" })).to.deep.equal([
      "sales-etl:nightlyHour: takes a whole number from 0 to 23",
      "sales-etl:emr: takes an object",
      "sales-etl:tags: takes an object of texts",
    ]);
  });

  it("takes either a Snowflake account or a writer as the source, by names that SQL can write", () => {
    const snowflake = {
      ...{ organization: "ACME", account: "RETAIL", user: "DEPLOY", role: "SALES_ETL", warehouse: "small" },
      ...{ database: "RETAIL", schema: "PUBLIC", privateKeySecret: "sales-etl/snowflake" },
    };
    const source = (value: object) => ({ ...smallest, source: JSON.stringify(value) });
    expect(parseSettings(source({ snowflake })).source?.snowflake?.cron).to.equal("30 0 * * *");
    const writer = { principalArn: "arn:aws:iam::123456789012:role/exporter" };
    const either = ["sales-etl:source: takes either snowflake or writer"];
    expect(problemsOf(source({ snowflake, writer }))).to.deep.equal(either);
    expect(problemsOf(source({}))).to.deep.equal(either);
    const { user: _, ...nobody } = snowflake;
    expect(
      problemsOf(source({ snowflake: { ...nobody, database: '"My.Retail"', cron: "0:30", key: "x" } })),
    ).to.have.members([
      "sales-etl:source.snowflake.user: is missing",
      "sales-etl:source.snowflake.database: takes a name such as RETAIL, without quotes",
      "sales-etl:source.snowflake.cron: takes minute, hour, day, month and weekday, such as 30 0 * * *",
      "sales-etl:source.snowflake.key: is no setting",
    ]);
    expect(problemsOf(source({ writer: { principalArn: "*" } }))).to.deep.equal([
      "sales-etl:source.writer.principalArn: takes the ARN of a role or user",
    ]);
  });

  it("takes hours of Superset, and a sign-in by names alone", () => {
    const bi = (value: object) => ({ ...smallest, bi: JSON.stringify(value) });
    const oidc = { issuer: "https://login.example.com", clientId: "superset", clientSecret: "sales-etl/oidc" };
    const signIn = { certificateArn: "arn:aws:acm:eu-central-1:1:certificate/1", securityGroupId: "sg-0a", oidc };
    expect(problemsOf(bi({ hours: "always", signIn }))).to.deep.equal([]);
    const grouped = (roles: object) => bi({ signIn: { ...signIn, oidc: { ...oidc, roles, groupsClaim: "groups" } } });
    expect(problemsOf(grouped({ "bi admins": "Admin", planners: "Alpha" }))).to.deep.equal([]);
    expect(problemsOf(grouped({ planners: "Root" }))).to.deep.equal([
      "sales-etl:bi.signIn.oidc.roles.planners: takes Admin, Alpha or Gamma",
    ]);
    // It would end an entry of the variable that carries them.
    expect(problemsOf(grouped({ "a;b": "Gamma" }))).to.have.length(1);
    const wrong = { issuer: "http://login.example.com", clientId: "", clientSecret: "a secret, not its name!" };
    expect(problemsOf(bi({ signIn: { ...signIn, securityGroupId: "default", oidc: wrong } }))).to.have.members([
      "sales-etl:bi.signIn.securityGroupId: takes the id of a security group",
      "sales-etl:bi.signIn.oidc.issuer: takes the https:// address of an identity provider",
      "sales-etl:bi.signIn.oidc.clientId: takes the id of a client of the identity provider",
      "sales-etl:bi.signIn.oidc.clientSecret: takes the name of a secret in Secrets Manager, not the secret",
    ]);
    for (const hours of ["daily", { days: "MO-FR", from: 6, to: 20 }, { days: "MON", from: 20, to: 6 }]) {
      expect(problemsOf(bi({ hours })), JSON.stringify(hours)).to.have.length(1);
    }
  });

  it("knows what AWS takes as a tag", () => {
    expect(problemsOf({ ...smallest, tags: '{"aws:team":"retail"}' })).to.deep.equal([
      'sales-etl:tags["aws:team"]: takes a key of 1 to 128 characters that does not begin with "aws:" and a value of at most 256',
    ]);
  });

  it("has a code for programs", () => {
    expect(() => parseSettings({}))
      .to.throw(InvalidPropertiesError, /^the settings: 2 properties cannot be used/)
      .that.includes({
        code: "SETTINGS_INVALID",
        path: "sales-etl:environment",
      });
  });

  it("are all in the table of docs/deploy.md", () => {
    const docs = readFileSync(path.join(import.meta.dirname, "../docs/deploy.md"), "utf8");
    const described = [...docs.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(described).to.have.members(
      Object.keys(
        parseSettings({
          ...smallest,
          alertsEmail: "ops@example.com",
          alertsChat: "alerts-aaaa@acme.slack.com",
          landingLockDays: 30,
          github: '{"repository":"acme/sales-etl","policyArns":["arn:aws:iam::123456789012:policy/deploy"]}',
          source: '{"writer":{"principalArn":"arn:aws:iam::123456789012:role/exporter"}}',
        }),
      ),
    );
  });
});
