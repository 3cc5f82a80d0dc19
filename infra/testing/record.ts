import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** A resource as a program registered it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** The parent's name; `undefined` for what lies in the stack itself. */
  readonly parent: string | undefined;
  /** The parent's type: a component and its child may share a name. */
  readonly parentType?: string | undefined;
  readonly protect: boolean;
  /** Names of the resources that must be there before it. */
  readonly dependsOn?: readonly string[];
  /** The provider's URN and id; empty for the default one and for components. */
  readonly provider: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into the inputs of any resource
  readonly inputs: any;
}

export interface Recording<T> {
  /** What the program gave back, as far as it consists of outputs: their values. */
  readonly result: pulumi.Unwrap<T>;
  readonly resources: readonly Recorded[];
  /** The inputs of the one resource of that name. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  inputsOf(name: string): any;
  /** The children of the component, each as `type name`, sorted. */
  childrenOf(name: string): string[];
}

export interface RecordOptions {
  /** @default "test" */
  readonly stack?: string;
  readonly config?: Readonly<Record<string, string>>;
  /** The outputs of stacks that are referred to, by their full names. */
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** @default {@link account} and {@link region} */
  readonly place?: { readonly account: string; readonly region: string };
  /** Really makes a resource somewhere, and says what became of it; null: it is only recorded. */
  readonly create?: (resource: Wanted) => Promise<{ readonly id: string; readonly state: object } | null>;
}

/** A resource that is to be made: its inputs as the program gives them, its physical name where it chose none. */
export interface Wanted {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: of any type
  readonly inputs: any;
}

export const account = "123456789012";
export const region = "eu-central-1";

/** The ARN that {@link record} gives a resource. */
export const arnOf = (name: string): string => `arn:aws:test:${region}:${account}:${name}`;

/**
 * Runs a program (a function that makes components) under Pulumi's mocks. Every resource gets its inputs as outputs,
 * an ARN by its name, and a physical name where it chose none.
 */
export function record<T>(program: () => T | Promise<T>, options: RecordOptions = {}): Promise<Recording<T>> {
  const recording = last.then(() => recordAlone(program, options));
  last = recording.catch(() => undefined);
  return recording;
}

/** The SDK keeps its state in one place, so that two programs must not run at once. */
let last: Promise<unknown> = Promise.resolve();

async function recordAlone<T>(program: () => T | Promise<T>, options: RecordOptions): Promise<Recording<T>> {
  const resources: Recorded[] = [];
  const restore = watchRegistrations(resources);
  try {
    await pulumi.runtime.setMocks(mocks(options), "sales-etl", options.stack ?? "test", false, "organization");
    pulumi.runtime.setAllConfig({ ...options.config });
    const made = await program();
    const result = await new Promise<pulumi.Unwrap<T>>((resolve) => {
      pulumi.output(made).apply((value) => resolve(value as pulumi.Unwrap<T>));
    });
    await pulumi.runtime.disconnect();
    return {
      result,
      resources,
      inputsOf: (name) => only(resources, name).inputs,
      childrenOf: (name) =>
        resources
          .filter(({ parent }) => parent === name)
          .map((child) => `${child.type} ${child.name}`)
          .sort(),
    };
  } finally {
    restore();
  }
}

/** A policy document's statements by their Sid. */
export const statementsOf = (document: string): Record<string, Statement> =>
  Object.fromEntries(
    (JSON.parse(document) as { Statement: Statement[] }).Statement.map((statement) => [statement.Sid, statement]),
  );

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

function only(resources: readonly Recorded[], name: string): Recorded {
  const found = resources.filter((resource) => resource.name === name);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new Error(`${found.length} resources are called ${name}:\n${resources.map((r) => r.name).join("\n")}`);
}

function mocks({
  stacks = {},
  create = async () => null,
  place = { account, region },
}: RecordOptions): pulumi.runtime.Mocks {
  return {
    newResource: async ({ type, name, inputs }) => {
      if (type === "pulumi:pulumi:StackReference") {
        const outputs = stacks[inputs.name];
        if (outputs === undefined) throw new Error(`no test stack is called ${inputs.name}`);
        return { id: inputs.name, state: { ...inputs, outputs, secretOutputNames: [] } };
      }
      const made = await create({ type, name, inputs });
      if (made !== null) return { id: made.id, state: { name, ...inputs, ...made.state } };
      const names = chosenByAws[type]?.(name) ?? {};
      return { id: idOf(type, name), state: { name, arn: arnOf(name), url: `https://${name}`, ...names, ...inputs } };
    },
    call: ({ token, inputs }) => {
      if (token === "aws:index/getCallerIdentity:getCallerIdentity") return { accountId: place.account };
      if (token === "aws:index/getRegion:getRegion") return { region: place.region };
      if (token === "aws:index/getPartition:getPartition") return { partition: "aws" };
      if (token === "aws:index/getAvailabilityZones:getAvailabilityZones") {
        return { names: ["a", "b", "c"].map((zone) => `${place.region}${zone}`) };
      }
      if (token === "aws:ssm/getParameter:getParameter") return { value: `ami-of-${inputs.name.split("/").at(-1)}` };
      if (token === "aws:ecr/getAuthorizationToken:getAuthorizationToken") {
        return { userName: "AWS", password: "registry-token" };
      }
      throw new Error(`no test answer for ${token} ${JSON.stringify(inputs)}`);
    },
  };
}

/** What AWS decides, and other resources use. */
const chosenByAws: Readonly<Record<string, (name: string) => object>> = {
  "aws:s3/bucket:Bucket": (name) => ({ bucket: name }),
  "aws:ec2/instance:Instance": () => ({ privateIp: "10.20.0.7" }),
  "aws:ecr/repository:Repository": (name) => ({
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
  }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({ dnsName: `${name}.elb.amazonaws.com` }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (name) => ({ prefixListId: `pl-${name}` }),
  "snowflake:index/storageIntegration:StorageIntegration": () => ({
    storageAwsIamUserArn: "arn:aws:iam::987654321098:user/snowflake",
    storageAwsExternalId: "ACME_SFCRole=1_abc=",
  }),
  "snowflake:index/task:Task": (name) => ({ fullyQualifiedName: `"RETAIL"."PUBLIC"."${name}"` }),
  "docker:index/image:Image": (name) => ({ repoDigest: `${name}@sha256:0a` }),
};

/** As AWS writes them where somebody looks at their form. */
export function idOf(type: string, name: string): string {
  const kind = /^aws:ec2\/(subnet|instance):/.exec(type)?.[1];
  if (kind === undefined) return `${name}-id`;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 17);
  return `${kind === "instance" ? "i" : kind}-${hash}`;
}

/** The mocks are told neither the parent nor `protect`: both are in the request that they are made from. */
function watchRegistrations(resources: Recorded[]): () => void {
  const { prototype } = MockMonitor;
  const original = prototype.registerResource;
  prototype.registerResource = function (request, callback) {
    const [parentTypes = "", parent] = (request.getParent() as string).split("::").slice(-2);
    resources.push({
      type: request.getType(),
      name: request.getName(),
      parent: parent === "" || request.getParent().includes("pulumi:pulumi:Stack::") ? undefined : parent,
      parentType: parentTypes.split("$").at(-1),
      protect: request.getProtect(),
      dependsOn: (request.getDependenciesList() as string[]).map((urn) => urn.split("::").at(-1) ?? ""),
      provider: request.getProvider(),
      inputs: pulumi.runtime.deserializeProperties(request.getObject()),
    });
    return original.call(this, request, callback);
  };
  return () => {
    prototype.registerResource = original;
  };
}
