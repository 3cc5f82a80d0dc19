/** A dynamic provider as Pulumi runs it: its text, in a process of Pulumi's own, asked over gRPC. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";

// What @pulumi/pulumi brings along.
const require = createRequire(fileURLToPath(import.meta.resolve("@pulumi/pulumi")));
const grpc = require("@grpc/grpc-js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const messages = require("@pulumi/pulumi/proto/provider_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

type Properties = Readonly<Record<string, unknown>>;

export interface DynamicProvider<Inputs, Outputs> {
  /** Why the preview fails, one line a property. */
  check(olds: Outputs | object, news: Inputs): Promise<string[]>;
  create(inputs: Inputs): Promise<{ readonly id: string; readonly outs: Outputs }>;
  update(id: string, olds: Outputs, news: Inputs): Promise<Outputs>;
  /** `id` is empty for what is gone. */
  read(id: string, props: Outputs): Promise<{ readonly id: string; readonly props: Outputs }>;
  diff(id: string, olds: Outputs, news: Inputs): Promise<{ readonly changes: boolean; readonly replaces: string[] }>;
  delete(id: string, props: Outputs): Promise<void>;
  /** At once, as a process that crashes. */
  kill(): void;
}

/** @param env of the process: the credentials and the endpoint of AWS */
export async function startDynamicProvider<Inputs extends object, Outputs extends object>(
  provider: pulumi.dynamic.ResourceProvider<Inputs, Outputs>,
  env: Readonly<Record<string, string>>,
): Promise<DynamicProvider<Inputs, Outputs>> {
  const { text } = await pulumi.runtime.serializeFunction(() => provider);
  const program = path.join(path.dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd/dynamic-provider");
  // Without the condition under which packages are their sources: Pulumi does not know it.
  const { NODE_OPTIONS: _, ...usual } = process.env;
  const child: ChildProcess = spawn(process.execPath, [program, "127.0.0.1:1"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...usual, ...env },
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (line) => resolve(String(line).trim()));
    child.once("exit", (code) => reject(new Error(`the provider's process ended with ${code}`)));
  });
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());

  const struct = (properties: object) => {
    const plain = JSON.parse(JSON.stringify({ ...properties, __provider: text }));
    return Struct.fromJavaScript(plain);
  };
  const plain = (answer: { toJavaScript(): Properties } | undefined) => {
    const { __provider: _, ...properties } = answer?.toJavaScript() ?? {};
    return properties as Outputs;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the generated client has no types that reach here
  const ask = (method: string, request: object): Promise<any> =>
    new Promise((resolve, reject) => {
      client[method](request, (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer)));
    });
  const urn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/sales-etl:Test::test";

  return {
    async check(olds, news) {
      const request = new messages.CheckRequest().setUrn(urn);
      const answer = await ask("check", request.setOlds(struct(olds)).setNews(struct(news)));
      const failures: { getProperty(): string; getReason(): string }[] = answer.getFailuresList();
      return failures.map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    },
    async create(inputs) {
      const request = new messages.CreateRequest().setUrn(urn);
      request.setProperties(struct(inputs));
      const answer = await ask("create", request);
      return { id: answer.getId(), outs: plain(answer.getProperties()) };
    },
    async update(id, olds, news) {
      const request = new messages.UpdateRequest().setUrn(urn).setId(id);
      request.setOlds(struct(olds)).setNews(struct(news));
      return plain((await ask("update", request)).getProperties());
    },
    async read(id, props) {
      const request = new messages.ReadRequest().setUrn(urn).setId(id);
      request.setProperties(struct(props));
      const answer = await ask("read", request);
      return { id: answer.getId(), props: plain(answer.getProperties()) };
    },
    async diff(id, olds, news) {
      const request = new messages.DiffRequest().setUrn(urn).setId(id);
      request.setOlds(struct(olds)).setNews(struct(news));
      const answer = await ask("diff", request);
      const some = messages.DiffResponse.DiffChanges.DIFF_SOME;
      return { changes: answer.getChanges() === some, replaces: answer.getReplacesList() };
    },
    async delete(id, props) {
      const request = new messages.DeleteRequest().setUrn(urn).setId(id);
      await ask("delete", request.setProperties(struct(props)));
    },
    kill() {
      client.close();
      child.kill("SIGKILL");
    },
  };
}
