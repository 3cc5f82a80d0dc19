import { expect } from "chai";
import { bucketRef, common, kmsKeyArn, network } from "../testing/examples.ts";
import { record, statementsOf } from "../testing/record.ts";
import { Superset, type SupersetArgs } from "./superset.ts";

const signIn = {
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1",
  securityGroupId: "sg-1",
  oidc: { issuer: "https://login.example.com", clientId: "superset", clientSecret: "sales-etl/oidc" },
};

const make = (settings: Partial<SupersetArgs["settings"]> = {}, networkKind: "public" | "private" = "public") =>
  record(() => {
    const { instanceId, secretName, dnsName } = new Superset("own", {
      settings: {
        ...{ instanceType: "t4g.medium", volumeGiB: 30, hours: { days: "MON-FRI", from: 6, to: 20 } },
        ...settings,
      },
      image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/superset@sha256:0a",
      repositoryArn: "arn:aws:ecr:eu-central-1:123456789012:repository/superset",
      ...{ workGroupName: "queries", databaseName: "retail", network, networkKind, timeZone: "Europe/Berlin" },
      buckets: { warehouse: bucketRef("warehouse"), logs: bucketRef("logs") },
      ...common,
    });
    return { instanceId, secretName, dnsName };
  });

describe("Superset", () => {
  it("is a host that is on in its hours", async () => {
    const { childrenOf, result } = await make();
    expect(childrenOf("own")).to.deep.equal([
      "sales-etl:bi:OpeningHours own-hours",
      "sales-etl:bi:SupersetHost own-host",
    ]);
    expect(result).to.deep.include({ secretName: "own-host-secret", dnsName: undefined });
  });

  it("is on always, or behind a balancer, where it shall", async () => {
    expect((await make({ hours: "always" })).childrenOf("own")).to.deep.equal(["sales-etl:bi:SupersetHost own-host"]);
    const { childrenOf, result } = await make({ hours: "always", signIn });
    expect(childrenOf("own")).to.deep.equal([
      "sales-etl:bi:Balancer own-balancer",
      "sales-etl:bi:SupersetHost own-host",
    ]);
    expect(result.dnsName).to.equal("own-balancer-lb.elb.amazonaws.com");
  });
});

describe("SupersetHost", () => {
  it("is an instance with its role, access, logs, secret and alarm", async () => {
    const { childrenOf, inputsOf } = await make();
    expect(childrenOf("own-host")).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup own-host-logs",
      "aws:cloudwatch/metricAlarm:MetricAlarm own-host-ill",
      "aws:ec2/instance:Instance own-host-instance",
      "aws:secretsmanager/secret:Secret own-host-secret",
      "sales-etl:bi:SupersetAccess own-host-access",
      "sales-etl:bi:SupersetRole own-host-host",
    ]);
    expect(inputsOf("own-host-instance")).to.deep.include({
      instanceType: "t4g.medium",
      associatePublicIpAddress: true,
      vpcSecurityGroupIds: ["own-host-access-host-id"],
      iamInstanceProfile: "own-host-host-profile",
      metadataOptions: { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 },
    });
    expect(inputsOf("own-host-instance").rootBlockDevice).to.include({ encrypted: true, kmsKeyId: kmsKeyArn });
    expect(inputsOf("own-host-instance").userData).to.include("work_group=queries");
  });

  it("has a secret without a value", async () => {
    const { inputsOf, resources } = await make();
    expect(inputsOf("own-host-secret")).to.deep.equal({
      description: "Superset's secret key, and the password of admin",
      kmsKeyId: kmsKeyArn,
      recoveryWindowInDays: 7,
    });
    expect(resources.filter(({ type }) => type.includes("SecretVersion"))).to.deep.equal([]);
  });
});

describe("OpeningHours", () => {
  it("starts and stops that host by the clock of the company", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("own-hours")).to.deep.equal([
      "aws:iam/role:Role own-hours-role",
      "aws:iam/rolePolicy:RolePolicy own-hours-policy",
      "aws:scheduler/schedule:Schedule own-hours-closes",
      "aws:scheduler/schedule:Schedule own-hours-opens",
      "aws:scheduler/scheduleGroup:ScheduleGroup own-hours-group",
      "sales-etl:common:DeadLetterQueue own-hours-dead-letters",
    ]);
    const at = (name: string) => {
      const { scheduleExpression, scheduleExpressionTimezone, target } = inputsOf(`own-hours-${name}`);
      return [scheduleExpression, scheduleExpressionTimezone, target.arn, JSON.parse(target.input)];
    };
    const input = { InstanceIds: [result.instanceId] };
    const call = "arn:aws:scheduler:::aws-sdk:ec2";
    expect(at("opens")).to.deep.equal(["cron(0 6 ? * MON-FRI *)", "Europe/Berlin", `${call}:startInstances`, input]);
    expect(at("closes")).to.deep.equal(["cron(0 20 ? * MON-FRI *)", "Europe/Berlin", `${call}:stopInstances`, input]);
    const { SwitchTheHost } = statementsOf(inputsOf("own-hours-policy").policy);
    expect(SwitchTheHost?.Resource).to.deep.equal([
      `arn:aws:ec2:eu-central-1:123456789012:instance/${result.instanceId}`,
    ]);
  });
});

describe("Balancer", () => {
  it("talks HTTPS to people and to the host alone", async () => {
    const { childrenOf, inputsOf, result } = await make({ signIn });
    expect(childrenOf("own-balancer")).to.deep.equal([
      "aws:lb/listener:Listener own-balancer-https",
      "aws:lb/loadBalancer:LoadBalancer own-balancer-lb",
      "aws:lb/targetGroup:TargetGroup own-balancer-targets",
      "aws:lb/targetGroupAttachment:TargetGroupAttachment own-balancer-target",
    ]);
    expect(inputsOf("own-balancer-https")).to.include({
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn: signIn.certificateArn,
    });
    expect(inputsOf("own-balancer-lb")).to.deep.include({ internal: false, securityGroups: ["sg-1"] });
    // AWS takes six characters before its own.
    for (const named of ["lb", "targets"]) expect(inputsOf(`own-balancer-${named}`).namePrefix).to.match(/^.{1,6}$/);
    expect(inputsOf("own-balancer-target")).to.include({ targetId: result.instanceId, port: 8088 });
    expect((await make({ signIn }, "private")).inputsOf("own-balancer-lb").internal).to.equal(true);
  });
});
