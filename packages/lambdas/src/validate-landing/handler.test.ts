import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { memoryS3 } from "../../test/memory-s3.ts";
import { parking } from "../../test/parking/dataset.ts";
import { jsonLog } from "../log.ts";
import { createHandler } from "./handler.ts";

const businessDate = "2017-06-30";
const secret = "4711-secret";

/** A landing of one date; `tickets` has one wrong value where `fee` says so. */
function gate({ fee = "2.50", answer = {} as object } = {}) {
  const s3 = memoryS3();
  const files = {
    tickets: `ticket_no,paid_on,car_park,fee\n1,2017-06-30,7,${fee}\n`,
    days: "day,month\n2017-06-30,201706\n",
  };
  const manifest = {
    version: 1,
    businessDate,
    files: Object.entries(files).map(([table, csv]) => ({
      table,
      file: `${table}/dt=2017-06-30/${table}_2017-06-30.csv`,
      rows: 1,
      bytes: csv.length,
    })),
  };
  for (const [table, csv] of Object.entries(files)) {
    s3.objects.set(`landing/${table}/dt=2017-06-30/${table}_2017-06-30.csv`, csv);
  }
  s3.objects.set("landing/_manifest/dt=2017-06-30/manifest.json", JSON.stringify(manifest));
  const lines: string[] = [];
  const sent: object[] = [];
  const bus = { answer };
  let time = Date.parse("2017-07-01T02:00:00Z");
  const clock = { later: (milliseconds: number) => (time += milliseconds) };
  const handler = createHandler({
    dataset: parking,
    settings: { landingBucket: "landing", controlBucket: "control", eventBusName: "bus", timeZone: "Europe/Berlin" },
    s3,
    eventBridge: {
      send: async ({ input }: { input: { Entries: object[] } }) => {
        sent.push(...input.Entries);
        return bus.answer;
      },
    } as never,
    logOf: (invocation) => jsonLog({ invocation }, (line) => lines.push(line)),
    now: () => new Date(time),
    sleep: async () => {},
  });
  return {
    s3,
    lines,
    sent,
    bus,
    clock,
    run: (event: unknown = { businessDate }) => handler(event, { awsRequestId: "i-1" }),
  };
}

async function failureOf(action: Promise<unknown>): Promise<SalesEtlError> {
  const error = await action.then(
    () => assert.fail("must throw"),
    (reason: unknown) => reason,
  );
  assert.instanceOf(error, SalesEtlError);
  return error as SalesEtlError;
}

describe("validate-landing: the handler", () => {
  it("leaves report, receipts and event, and answers with their names", async () => {
    const { s3, sent, run } = gate();
    const result = await run();
    assert.deepEqual(result, {
      businessDate,
      verdict: "accepted",
      report: "_manifest/dt=2017-06-30/report.json",
      receipt: result.receipt,
      eventSent: true,
    });
    const receipt = JSON.parse(s3.objects.get(`control/${result.receipt}`) ?? "null");
    assert.equal(receipt.who, "validate-landing i-1");
    assert.equal(receipt.when, "2017-07-01T02:00:00.000Z");
    assert.equal(receipt.what.verdict, "accepted");
    assert.match(receipt.what.manifest.etag, /^[0-9a-f]{32}$/);
    assert.lengthOf(sent, 1);
    assert.include(sent[0], { DetailType: "LandingAccepted", EventBusName: "bus" });
  });

  it("refuses to judge a manifest that was replaced meanwhile", async () => {
    const { s3, sent, run } = gate();
    const send = s3.send;
    s3.send = async (command) => {
      if (command.input.Key === "days/dt=2017-06-30/days_2017-06-30.csv") {
        s3.objects.set("landing/_manifest/dt=2017-06-30/manifest.json", "{}");
      }
      return send(command);
    };
    const error = await failureOf(run());
    assert.equal(error.code, "LANDING_CHANGED");
    assert.isEmpty(sent);
    assert.isEmpty([...s3.objects.keys()].filter((key) => key.includes("report") || key.startsWith("control/")));
  });

  it("fails when the bus does not take the event, and sends it when it is repeated", async () => {
    const entry = { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" };
    const { sent, bus, clock, run } = gate({ answer: { FailedEntryCount: 1, Entries: [entry] } });
    const error = await failureOf(run());
    assert.equal(error.code, "EVENT_NOT_SENT");
    assert.include(error.message, "ThrottlingException slow down");
    bus.answer = { FailedEntryCount: 0 };
    clock.later(60_000);
    assert.isTrue((await run()).eventSent);
    assert.lengthOf(sent, 2);
  });

  it("logs facts, one JSON line each, and no value of a row", async () => {
    const { s3, lines, run } = gate({ fee: secret });
    s3.objects.set("landing/tickets/dt=2017-06-30/notes.txt", secret);
    assert.equal((await run()).verdict, "rejected");
    const facts = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      facts.map(({ fact }) => fact),
      ["triggered", "problem", "file", "file", "validated", "receipt", "event"],
    );
    assert.notInclude(lines.join("\n"), secret);
  });

  it("logs why it failed before it throws", async () => {
    const { lines, run } = gate();
    const error = await failureOf(run({ businessDate: "soon" }));
    assert.equal(error.code, "EVENT_INVALID");
    assert.deepEqual(lines.map((line) => JSON.parse(line)).at(-1), {
      level: "error",
      fact: "failed",
      invocation: "i-1",
      code: "EVENT_INVALID",
      path: "businessDate",
      message: "the input: 1 property cannot be used\n  businessDate: is no day written YYYY-MM-DD",
    });
  });
});
