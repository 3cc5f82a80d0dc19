/** A server that answers the JSON operations of AWS, for providers that bring the SDK's own clients. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** By the operation's name; an answer with `__type` is an error of AWS. */
export type Operations = Readonly<Record<string, (input: Record<string, string>) => object>>;

/** Stands in for every service while the tests of a `describe` run: clients find it by their environment. */
export function awsStandIn(operations: Operations): void {
  const usual = { ...process.env };
  let server: Server;
  before((done) => {
    server = createServer(async (request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const answer = operations[operation]?.(JSON.parse((await request.toArray()).join(""))) ?? {};
      const headers = { "content-type": "application/x-amz-json-1.1" };
      response.writeHead("__type" in answer ? 400 : 200, headers).end(JSON.stringify(answer));
    });
    server.listen(0, "127.0.0.1", () => {
      process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
      done();
    });
  });
  after((done) => {
    process.env = usual;
    server.closeAllConnections();
    server.close(done);
  });
}
