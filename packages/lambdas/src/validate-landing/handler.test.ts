import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { memoryS3 } from "../../test/memory-s3.ts";
import { parking } from "../../test/parking/dataset.ts";
import { jsonLog } from "../log.ts";
import { createHandler, type ValidateLandingResult } from "./handler.ts";

const businessDate = "2017-06-30";
const secret = "4711-secret";

/** A landing of one date; `tickets` has one wrong value where `fee` says so. */
function gate({ fee = "2.50", answer = {} as object, largestTableBytes = 1e9 } = {}) {
  const s3 = memoryS3(() => new Date(time));
  const lines: string[] = [];
  const sent: { DetailType: string; Detail: string; EventBusName: string }[] = [];
  const bus = { answer };
  let time = Date.parse("2017-07-01T02:00:00Z");
  let remaining = 900_000;
  const clock = {
    later: (milliseconds: number) => (time += milliseconds),
    /** What is left of the invocation; each question costs as much as `costs` says. */
    left: (milliseconds: number) => (remaining = milliseconds),
    costs: 0,
  };
  const deliver = (date: string, csv = `ticket_no,paid_on,car_park,fee\n1,${date},7,2.50\n`, version = 1) => {
    const files = { tickets: csv, days: `day,month\n${date},201706\n` };
    const named = Object.entries(files).map(([table, text]) => ({
      ...{ table, file: `${table}/dt=${date}/${table}_${date}.csv`, rows: 1, bytes: text.length },
    }));
    for (const { table, file } of named) s3.objects.set(`landing/${file}`, files[table as "tickets"]);
    const manifest = { version, businessDate: date, files: named };
    s3.objects.set(`landing/_manifest/dt=${date}/manifest.json`, JSON.stringify(manifest));
  };
  deliver(businessDate, `ticket_no,paid_on,car_park,fee\n1,2017-06-30,7,${fee}\n`);
  const handler = createHandler({
    dataset: parking,
    settings: {
      ...{ landingBucket: "landing", controlBucket: "control", eventBusName: "bus", timeZone: "UTC" },
      ...{ lookBackDays: 7, largestTableBytes, volume: { factor: 3, weeks: 8 } },
      publishedBy: { timeZone: "UTC", hour: 6, hourTimeZone: "UTC" },
    },
    s3,
    eventBridge: {
      send: async ({ input }: { input: { Entries: typeof sent } }) => {
        sent.push(...input.Entries);
        return bus.answer;
      },
    } as never,
    logOf: (invocation) => jsonLog({ invocation }, (line) => lines.push(line)),
    now: () => new Date(time),
    sleep: async () => {},
  });
  const getRemainingTimeInMillis = () => {
    const left = remaining;
    remaining -= clock.costs;
    return left;
  };
  return {
    s3,
    lines,
    sent,
    bus,
    clock,
    deliver,
    /** What the bus was told: `LandingAccepted 2017-06-30`. */
    told: () => sent.map(({ DetailType, Detail }) => `${DetailType} ${JSON.parse(Detail).businessDate}`),
    facts: () => lines.map((line) => JSON.parse(line)),
    run: (event: unknown = { businessDate }, awsRequestId = "i-1") =>
      handler(event, { awsRequestId, getRemainingTimeInMillis }),
  };
}

/** The clock strikes on the first day after 30 June. */
const night = { scheduledTime: "2017-07-01T02:00:00Z" };
const verdicts = ({ dates }: ValidateLandingResult) =>
  dates.map(({ businessDate: date, verdict }) => `${date} ${verdict}`);

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
    const [date] = result.dates;
    const judged = {
      ...{ businessDate, verdict: "accepted", report: "_manifest/dt=2017-06-30/report.json" },
      ...{ receipt: date?.receipt, eventSent: true, leftToSpark: [] },
    };
    assert.deepEqual<unknown>(result, { dates: [judged], elsewhere: [], left: [] });
    const receipt = JSON.parse(s3.objects.get(`control/${date?.receipt}`) ?? "null");
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
    assert.isTrue((await run()).dates[0]?.eventSent);
    assert.lengthOf(sent, 2);
  });

  it("logs facts, one JSON line each, and no value of a row", async () => {
    const { s3, lines, run } = gate({ fee: secret });
    s3.objects.set("landing/tickets/dt=2017-06-30/notes.txt", secret);
    assert.deepEqual(verdicts(await run()), ["2017-06-30 rejected"]);
    const facts = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      facts.map(({ fact }) => fact),
      ["triggered", "pending", "begun", "problem", "file", "file", "validated", "receipt", "event"],
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

describe("validate-landing: all pending dates", () => {
  it("are judged oldest first, each once, whichever event comes", async () => {
    const { deliver, run, told } = gate();
    deliver("2017-06-29");
    deliver("2017-06-27");
    const first = await run(night);
    const expected = ["2017-06-27 accepted", "2017-06-28 incomplete", "2017-06-29 accepted", "2017-06-30 accepted"];
    assert.deepEqual(verdicts(first), expected);
    assert.deepEqual(told(), [
      ...["LandingAccepted 2017-06-27", "LandingIncomplete 2017-06-28"],
      ...["LandingAccepted 2017-06-29", "LandingAccepted 2017-06-30"],
    ]);
    assert.deepEqual(await run(night), { dates: [], elsewhere: [], left: [] });
    assert.lengthOf(told(), 4);
  });

  it("reach back as far as the setting says, and the day that is asked for at least", async () => {
    const { deliver, run } = gate();
    // Seven days: 24 to 30 June.
    deliver("2017-06-24");
    deliver("2017-06-23");
    assert.deepEqual(verdicts(await run(night)).slice(0, 2), ["2017-06-24 accepted", "2017-06-25 incomplete"]);
    assert.deepEqual(verdicts(await run({ businessDate: "2017-06-23" })), ["2017-06-23 accepted"]);
  });

  it("are not the days before the first that is known", async () => {
    assert.deepEqual(verdicts(await gate().run(night)), ["2017-06-30 accepted"]);
  });

  it("come again with another manifest, and with the rest of an incomplete delivery", async () => {
    const { deliver, run, s3 } = gate();
    await run(night);
    deliver(businessDate, undefined, 1);
    s3.objects.set(`landing/_manifest/dt=${businessDate}/manifest.json`, "{}");
    assert.deepEqual(verdicts(await run(night)), ["2017-06-30 rejected"]);
    deliver(businessDate);
    s3.objects.delete(`landing/days/dt=${businessDate}/days_${businessDate}.csv`);
    assert.deepEqual(verdicts(await run(night)), ["2017-06-30 incomplete"]);
    s3.objects.set(`landing/days/dt=${businessDate}/days_${businessDate}.csv`, `day,month\n${businessDate},201706\n`);
    assert.deepEqual(verdicts(await run(night)), ["2017-06-30 accepted"]);
  });

  it("come again when the event of a judgement was not sent", async () => {
    const { run, s3, told, clock } = gate();
    await run(night);
    for (const key of s3.objects.keys()) if (key.includes("announced-")) s3.objects.delete(key);
    clock.later(60_000);
    assert.deepEqual(
      (await run(night)).dates.map(({ eventSent }) => eventSent),
      [true],
    );
    assert.lengthOf(told(), 2);
  });

  it("do not wait for one that fails; the failure is thrown in the end", async () => {
    const { deliver, run, s3, told } = gate();
    deliver("2017-06-29");
    const send = s3.send;
    s3.send = async (command) => {
      if (command.input.Key === "days/dt=2017-06-29/days_2017-06-29.csv") throw new TypeError("no disk");
      return send(command);
    };
    const error = await run(night).catch((reason: Error) => reason);
    assert.equal((error as Error).message, "no disk");
    assert.deepEqual(told(), ["LandingAccepted 2017-06-30"]);
    s3.send = send;
    assert.deepEqual(verdicts(await run(night)), ["2017-06-29 accepted"]);
  });

  it("do not accept the rows of another date a second time", async () => {
    const { deliver, run, s3 } = gate();
    deliver("2017-06-29", "ticket_no,paid_on,car_park,fee\n1,2017-06-30,7,2.50\n");
    // Were the day of the rows allowed, the file of the day before would be as right as this one.
    s3.objects.set("landing/tickets/dt=2017-06-29/tickets_2017-06-29.csv", "ticket_no,paid_on,car_park,fee\n");
    deliver("2017-06-28");
    deliver("2017-06-29", "ticket_no,paid_on,car_park,fee\n1,2017-06-28,7,2.50\n");
    await run(night);
    const report = JSON.parse(s3.objects.get("landing/_manifest/dt=2017-06-29/report.json") ?? "");
    const codes = report.files.flatMap(({ problems }: { problems: { code: string }[] }) =>
      problems.map(({ code }) => code),
    );
    assert.include(codes, "FILE_REPEATED");
  });
});

describe("validate-landing: its time", () => {
  it("stops before it is over, and asks for another invocation, which begins where it stopped", async () => {
    const { deliver, run, told, sent, clock } = gate();
    deliver("2017-06-28");
    deliver("2017-06-29");
    // The first date takes all but 29 seconds: with less than 30 no other is begun.
    clock.costs = 871_000;
    const first = await run(night);
    assert.deepEqual(verdicts(first), ["2017-06-28 accepted"]);
    assert.deepEqual(first.left, ["2017-06-29", "2017-06-30"]);
    assert.equal(told().at(-1), "GateRequested undefined");
    const again = {
      source: "sales-etl",
      "detail-type": "GateRequested",
      detail: JSON.parse(sent.at(-1)?.Detail ?? ""),
    };
    assert.deepEqual(again.detail, night);
    clock.costs = 0;
    clock.left(900_000);
    assert.deepEqual(verdicts(await run(again)), ["2017-06-29 accepted", "2017-06-30 accepted"]);
  });

  it("leaves what one date cannot read in all of it to Spark, and says so", async () => {
    const { run, clock, sent, s3 } = gate();
    clock.left(20_000);
    const { dates } = await run(night);
    assert.deepEqual(
      dates.map(({ verdict, leftToSpark }) => [verdict, leftToSpark]),
      [["accepted", ["tickets", "days"]]],
    );
    assert.deepEqual(JSON.parse(sent[0]?.Detail ?? "").leftToSpark, ["tickets", "days"]);
    const report = JSON.parse(s3.objects.get("landing/_manifest/dt=2017-06-30/report.json") ?? "");
    assert.deepInclude(report.leftToSpark[0], { table: "tickets", files: 1, why: "out of time" });
    // Judged is judged: the next look does not find it pending.
    clock.left(900_000);
    assert.isEmpty((await run(night)).dates);
  });

  it("leaves tables above the size to Spark", async () => {
    const { run } = gate({ largestTableBytes: 30 });
    assert.deepEqual((await run(night)).dates[0]?.leftToSpark, ["tickets"]);
  });
});

describe("validate-landing: several at once", () => {
  it("leaves a date to who is reading it, for as long as that can be alive", async () => {
    const { run, s3, clock, told } = gate();
    const send = s3.send;
    let inner: ValidateLandingResult | undefined;
    s3.send = async (command) => {
      if (inner === undefined && command.input.Key?.startsWith("tickets/")) {
        inner = { dates: [], elsewhere: [], left: [] };
        inner = await run(night, "i-2");
        throw new TypeError("killed");
      }
      return send(command);
    };
    await run(night).catch((error: Error) => assert.equal(error.message, "killed"));
    assert.deepEqual(inner, { dates: [], elsewhere: [businessDate], left: [] });
    assert.isEmpty(told());
    // Another one trusts the first for fifteen minutes; Lambda's repetition of the first finds its own claim.
    clock.later(14 * 60_000);
    assert.deepEqual((await run(night, "i-3")).elsewhere, [businessDate]);
    clock.later(60_000);
    assert.deepEqual(verdicts(await run(night, "i-3")), ["2017-06-30 accepted"]);
  });

  it("repeats its own work when Lambda invokes it again", async () => {
    const { run, s3 } = gate();
    const send = s3.send;
    s3.send = async (command) => {
      if (command.input.Key?.startsWith("tickets/")) throw new TypeError("killed");
      return send(command);
    };
    await run(night).catch(() => {});
    s3.send = send;
    assert.deepEqual(verdicts(await run(night)), ["2017-06-30 accepted"]);
  });
});
