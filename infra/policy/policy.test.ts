/** The pack as Pulumi runs it: its own runner, asked over gRPC. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Recorded } from "../testing/record.ts";
import { type Environment, type Extent, environments, stackRuns } from "../testing/stacks.ts";
import { policies } from "./policies.ts";

// What @pulumi/policy brings along.
const require = createRequire(fileURLToPath(import.meta.resolve("@pulumi/policy")));
const grpc = require("@grpc/grpc-js");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
const messages = require("@pulumi/pulumi/proto/analyzer_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

interface Resource {
  readonly type: string;
  readonly name?: string;
  readonly protect?: boolean;
  readonly inputs: object;
}

const kmsKeyId = "arn:aws:kms:eu-central-1:123456789012:key/1";
const document = (statement: object) => JSON.stringify({ Statement: [{ Sid: "Mine", Effect: "Allow", ...statement }] });

/** One for each policy: a resource that is right but for one thing, and that thing put right. */
const cases: Readonly<Record<string, { readonly wrong: Resource; readonly right: object }>> = {
  encryption: {
    wrong: { type: "aws:sqs/queue:Queue", inputs: { sqsManagedSseEnabled: true } },
    right: { kmsMasterKeyId: kmsKeyId },
  },
  "public-access": {
    wrong: {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      inputs: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true },
    },
    right: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  },
  "iam-wildcards": {
    wrong: {
      type: "aws:iam/rolePolicy:RolePolicy",
      inputs: { policy: document({ Action: ["s3:GetObject", "s3:Put*"], Resource: ["arn:aws:s3:::a/*"] }) },
    },
    right: { policy: document({ Action: ["s3:GetObject", "s3:PutObject"], Resource: ["arn:aws:s3:::a/*"] }) },
  },
  "iam-administrators": {
    wrong: {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: { policyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
    },
    right: { policyArn: "arn:aws:iam::123456789012:policy/deploy" },
  },
  imdsv2: {
    wrong: {
      type: "aws:ec2/instance:Instance",
      inputs: { rootBlockDevice: { encrypted: true, kmsKeyId }, metadataOptions: { httpTokens: "optional" } },
    },
    right: { rootBlockDevice: { encrypted: true, kmsKeyId }, metadataOptions: { httpTokens: "required" } },
  },
  "log-retention": {
    wrong: { type: "aws:cloudwatch/logGroup:LogGroup", inputs: { kmsKeyId, retentionInDays: 0 } },
    right: { kmsKeyId, retentionInDays: 14 },
  },
  tags: {
    wrong: { type: "pulumi:providers:aws", inputs: { defaultTags: '{"tags":{"project":"sales-etl"}}' } },
    right: { defaultTags: '{"tags":{"project":"sales-etl","environment":"dev"}}' },
  },
  inbound: {
    wrong: {
      type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      inputs: { ipProtocol: "tcp", fromPort: 8080, toPort: 8080, cidrIpv4: "0.0.0.0/0" },
    },
    right: { ipProtocol: "tcp", fromPort: 8080, toPort: 8080, referencedSecurityGroupId: "sg-1" },
  },
  tls: {
    wrong: {
      type: "aws:lb/listener:Listener",
      inputs: { port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-2016-08" },
    },
    right: { port: 443, protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
  },
  "no-secrets-in-state": {
    wrong: { type: "pulumi:providers:snowflake", inputs: { user: "DEPLOY", privateKey: "-----BEGIN" } },
    right: { user: "DEPLOY" },
  },
  "protect-in-prod": {
    wrong: { type: "pulumi-nodejs:dynamic/sales-etl:IcebergTable", inputs: {} },
    right: { protect: true },
  },
  "idle-cost": {
    wrong: { type: "aws:ec2/vpcEndpoint:VpcEndpoint", inputs: { vpcEndpointType: "Interface" } },
    right: { vpcEndpointType: "Gateway" },
  },
};

describe("the policy pack", function () {
  this.timeout("60s");
  let runner: ChildProcess;
  // biome-ignore lint/suspicious/noExplicitAny: the generated client has no types that reach here
  let client: any;

  before(async () => {
    const program = path.join(path.dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd/run-policy-pack");
    runner = spawn(process.execPath, [program, "127.0.0.1:1", import.meta.dirname], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const port = await new Promise<string>((resolve, reject) => {
      runner.stdout?.once("data", (line) => resolve(String(line).trim()));
      runner.once("exit", (code) => reject(new Error(`the runner ended with ${code}`)));
    });
    client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  });
  after(() => {
    client?.close();
    runner.kill("SIGKILL");
  });

  /** The names of the policies that a resource breaks. */
  function broken({ type, name = "one", protect = false, inputs }: Resource, environment = "dev"): Promise<string[]> {
    const request = new messages.AnalyzeRequest();
    request.setType(type);
    request.setName(name);
    request.setUrn(`urn:pulumi:${environment}::sales-etl::${type}::${name}`);
    request.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(inputs))));
    const options = new messages.AnalyzerResourceOptions();
    options.setProtect(protect);
    request.setOptions(options);
    return new Promise((resolve, reject) => {
      client.analyze(
        request,
        (error: Error | null, answer: { getDiagnosticsList(): { getPolicyname(): string }[] }) => {
          if (error) reject(error);
          else resolve(answer.getDiagnosticsList().map((diagnostic) => diagnostic.getPolicyname()));
        },
      );
    });
  }

  it("has a case for each policy", () => {
    expect(Object.keys(cases)).to.have.members(policies.map(({ name }) => name));
  });

  for (const [name, { wrong, right }] of Object.entries(cases)) {
    it(`catches what is wrong: ${name}`, async () => {
      const environment = name === "protect-in-prod" ? "prod" : "dev";
      expect(await broken(wrong, environment)).to.deep.equal([name]);
      const { protect = false, ...inputs } = right as { protect?: boolean };
      expect(await broken({ ...wrong, inputs, protect }, environment)).to.deep.equal([]);
    });
  }

  it("lets an idle cost be where it is meant, and only there", async () => {
    for (const type of ["aws:lb/loadBalancer:LoadBalancer", "aws:ec2/natGateway:NatGateway"]) {
      expect(await broken({ type, inputs: { tags: { "idle-cost": "accepted" } } })).to.deep.equal([]);
      expect(await broken({ type, inputs: { tags: { "idle-cost": "unknown" } } })).to.deep.equal(["idle-cost"]);
    }
  });

  it("catches the value of a secret, and a listener without TLS", async () => {
    const version = { type: "aws:secretsmanager/secretVersion:SecretVersion", inputs: { secretId: "a" } };
    expect(await broken(version)).to.deep.equal(["no-secrets-in-state"]);
    const plain = { type: "aws:lb/listener:Listener", inputs: { port: 80, protocol: "HTTP" } };
    expect(await broken(plain)).to.deep.equal(["tls"]);
    const secret = { type: "aws:secretsmanager/secret:Secret", inputs: { kmsKeyId: "alias/aws/secretsmanager" } };
    expect(await broken(secret)).to.deep.equal(["encryption"]);
  });

  it("catches anybody as a principal, and all but some actions", async () => {
    const role = (statement: object) => ({
      type: "aws:iam/role:Role",
      inputs: { assumeRolePolicy: document(statement) },
    });
    expect(await broken(role({ Action: ["sts:AssumeRole"], Principal: { AWS: ["*"] } }))).to.deep.equal([
      "iam-wildcards",
    ]);
    expect(await broken(role({ NotAction: ["iam:PassRole"], Principal: { Service: "a" } }))).to.deep.equal([
      "iam-wildcards",
    ]);
  });

  const deployments: readonly (readonly [Environment, Extent])[] = [
    ...environments.map((environment) => [environment, "as it is"] as const),
    ["prod", "everything"],
  ];
  for (const [environment, extent] of deployments) {
    it(`finds nothing in the stacks, ${environment}, ${extent}`, async () => {
      const recordings = await Promise.all(Object.values(stackRuns).map((run) => run(environment, extent)));
      const resources: Recorded[] = recordings.flatMap((recording) => [...recording.resources]);
      expect(resources.length).to.be.greaterThan(100);
      const found = await Promise.all(
        resources.map(async (resource) =>
          (await broken(resource, environment)).map((name) => `${resource.name} ${name}`),
        ),
      );
      expect(found.flat()).to.deep.equal([]);
    });
  }
});
