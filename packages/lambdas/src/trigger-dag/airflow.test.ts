/** What the real server of the tests in airflow/ does not do: fail, hang, answer with something else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { airflow } from "./airflow.ts";

describe("trigger-dag: Airflow's answers", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  let url = "";

  before((done) => {
    server = createServer((request, response) => answer(request, response));
    server.listen(0, "127.0.0.1", () => {
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  const answers = (status: number, body: object | string = {}) => {
    answer = (_, response) => response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const client = (requestMs = 10_000) => airflow({ url, requestMs });
  const healthy = { metadatabase: { status: "healthy" }, scheduler: { status: "healthy" } };
  const all = { ...healthy, triggerer: { status: "healthy" }, dag_processor: { status: "healthy" } };

  it("is healthy when all four processes are", async () => {
    answers(200, all);
    assert.isTrue(await client().isHealthy());
    for (const status of ["unhealthy", null]) {
      answers(200, { ...all, dag_processor: { status } });
      assert.isFalse(await client().isHealthy());
    }
    answers(200, healthy);
    assert.isFalse(await client().isHealthy());
    answers(503, all);
    assert.isFalse(await client().isHealthy());
  });

  it("is not healthy when nobody answers, or not in time", async () => {
    assert.isFalse(await airflow({ url: "http://127.0.0.1:9", requestMs: 200 }).isHealthy());
    answer = () => {};
    assert.isFalse(await client(200).isHealthy());
  });

  const login = () => client().login({ username: "u", password: "s3cret", validUntil: "" });
  it("lets us in, or not yet", async () => {
    answers(201, { access_token: "t" });
    assert.equal(await login(), "t");
    for (const status of [401, 429, 500, 503]) {
      answers(status);
      assert.isNull(await login(), String(status));
    }
  });

  it("refuses a login that it does not understand, and the error does not tell it", async () => {
    answers(422, "password s3cret is wrong");
    const error = await login().catch((reason: unknown) => reason);
    assert.instanceOf(error, SalesEtlError);
    assert.notInclude(error.message, "s3cret");
  });

  const run = { dagId: "sales_daily", dagRunId: "a/b", conf: { business_date: "2017-06-30" }, note: "n" };
  const trigger = () => client().trigger("t", run);
  for (const [status, expected] of [
    [200, "triggered"],
    [201, "triggered"],
    [409, "exists"],
    [401, "not yet"],
    [404, "not yet"],
    [429, "not yet"],
    [500, "not yet"],
    [503, "not yet"],
  ] as const) {
    it(`${status} to a run means ${expected}`, async () => {
      answers(status);
      assert.equal(await trigger(), expected);
    });
  }

  it("403 to a token of an earlier boot means not yet", async () => {
    answers(403, { detail: "Invalid JWT token" });
    assert.equal(await trigger(), "not yet");
  });

  for (const status of [400, 403, 422]) {
    it(`${status} to a run is for a person`, async () => {
      answers(status, { detail: "no such parameter" });
      const error = await trigger().catch((reason: unknown) => reason);
      assert.instanceOf(error, SalesEtlError);
      assert.equal(error.code, "AIRFLOW_REFUSED");
      assert.include(error.message, "no such parameter");
    });
  }

  it("sends what Airflow demands", async () => {
    const seen: unknown[] = [];
    answer = async (request, response) => {
      const body = JSON.parse((await request.toArray()).join(""));
      seen.push(request.method, request.url, request.headers.authorization, body);
      response.writeHead(200).end("{}");
    };
    await trigger();
    assert.deepEqual(seen, [
      "POST",
      "/api/v2/dags/sales_daily/dagRuns",
      "Bearer t",
      { dag_run_id: "a/b", logical_date: null, conf: { business_date: "2017-06-30" }, note: "n" },
    ]);
  });
});
