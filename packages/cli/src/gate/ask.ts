/** Asks a deployment's gate for a date, over its bus, and waits for what becomes of it. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { askGate, eventEntry, requireTaken, type Wish } from "@sales-etl/etl-core/events";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { type Answered, askedStep, type Receipt, receiptStoreAt } from "@sales-etl/etl-core/receipts";
import type { DateReport } from "@sales-etl/etl-core/validate";

export interface AskArgs {
  readonly businessDate: BusinessDate;
  /** Name or ARN. */
  readonly bus: string;
  readonly by: string;
  readonly reason: string | null;
  /** Of an accepted date a run is wanted, also if it had one. */
  readonly wantsRun: boolean;
}

/** @throws {SalesEtlError} BUS_NOT_FOUND, EVENT_NOT_SENT @returns the wish that was told */
export async function ask({ businessDate, bus, by, reason, wantsRun }: AskArgs): Promise<Wish> {
  // Loaded here: commands that do not talk to a bus need not wait for it.
  const { EventBridgeClient: Client, PutEventsCommand } = await import("@aws-sdk/client-eventbridge");
  const client = new Client({});
  await requireBus(client, bus);
  const wish: Wish = { id: randomUUID(), by, reason, wantsRun };
  const entry = eventEntry(askGate(businessDate, new Date().toISOString(), wish), bus);
  requireTaken(entry, await client.send(new PutEventsCommand({ Entries: [entry] })));
  return wish;
}

/** PutEvents to a bus that does not exist is no error of AWS: the event would be lost without a word. */
async function requireBus(client: EventBridgeClient, bus: string): Promise<void> {
  const { DescribeEventBusCommand } = await import("@aws-sdk/client-eventbridge");
  try {
    await client.send(new DescribeEventBusCommand({ Name: bus }));
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
    throw new SalesEtlError(
      `there is no bus ${bus} in this account and region: npm run deploy -- outputs ENVIRONMENT foundation names it`,
      { code: "BUS_NOT_FOUND", path: bus, cause: error },
    );
  }
}

export interface AwaitArgs {
  readonly businessDate: BusinessDate;
  readonly requestId: string;
  /** `s3://<control bucket>`, `s3://<landing bucket>` */
  readonly control: string;
  readonly landing: string;
  readonly minutes: number;
}

export interface Answer {
  readonly receipt: Receipt<Answered>;
  readonly report: DateReport;
}

const LOOK_AGAIN_MS = 2_000;

/** @throws {SalesEtlError} GATE_SILENT when there is no answer in time */
export async function answerOf(args: AwaitArgs): Promise<Answer> {
  const { businessDate, requestId, control, landing, minutes } = args;
  const receipts = receiptStoreAt(control);
  const deadline = performance.now() + minutes * 60_000;
  for (;;) {
    const receipt = await receipts.read({ businessDate, step: askedStep(requestId) });
    if (receipt !== null) {
      const answered = receipt as Receipt<Answered>;
      return { receipt: answered, report: await readReport(landing, answered.what.report) };
    }
    if (performance.now() >= deadline) {
      throw new SalesEtlError(
        `the gate has not answered within ${minutes} minutes: the wish stays; look at the log group of validate-landing, and at its dead letters`,
        { code: "GATE_SILENT", path: businessDate },
      );
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** @throws {SalesEtlError} LANDING_INVALID for anything but `s3://<bucket>` */
export function bucketOf(uri: string): string {
  const [, bucket] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(uri) ?? [];
  if (bucket !== undefined) return bucket;
  throw new SalesEtlError(`${uri} is no landing bucket: write s3:// and its name, nothing behind it`, {
    code: "LANDING_INVALID",
    path: uri,
  });
}

async function readReport(landing: string, key: string): Promise<DateReport> {
  const { Body } = await new S3Client({}).send(new GetObjectCommand({ Bucket: bucketOf(landing), Key: key }));
  return JSON.parse((await Body?.transformToString()) ?? "null") as DateReport;
}
