/** A deployed gate and what a test does with it: deliver, invoke, look at what it left. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { type PipelineEvent, parsePipelineEvent } from "@sales-etl/etl-core/events";
import type { DateReport } from "@sales-etl/etl-core/validate";
import type { LocalAws } from "@sales-etl/local-aws";
import type { ValidateLandingResult } from "../src/validate-landing/handler.ts";
import { type DeployOptions, deploy } from "./deploy.ts";
import { messages } from "./queue.ts";

/** One exported file: what lies there, and the rows that the manifest says. */
export interface Exported {
  readonly table: string;
  /** @default `<table>_<date>.csv` */
  readonly name?: string;
  readonly csv: string;
  readonly rows: number;
}

export interface Answer {
  readonly result: ValidateLandingResult | null;
  /** What the function threw. */
  readonly error: string | null;
  readonly log: readonly string[];
}

/** Deploys `bundle`; every name begins with `name`, so that two gates can stand side by side. */
export async function deployGate(aws: LocalAws, name: string, bundle: string, options?: DeployOptions) {
  const { s3, lambda, landing, control, queueUrl } = await deploy(aws, name, bundle, options);
  const put = (key: string, body: string) => s3.send(new PutObjectCommand({ Bucket: landing, Key: key, Body: body }));
  const keyOf = (date: string, { table, name: file }: Exported) =>
    `${table}/dt=${date}/${file ?? `${table}_${date}.csv`}`;

  return {
    s3,
    landing,
    control,
    put,

    /** All that the bus was told, in order, once `isDone`: `LandingAccepted 2017-06-30`. */
    async told(isDone: (told: readonly string[]) => boolean): Promise<string[]> {
      const deadline = performance.now() + 60_000;
      for (;;) {
        const told = (await messages(aws, queueUrl)).map((message) => {
          const { detailType, detail } = parsePipelineEvent(message);
          return `${detailType} ${"businessDate" in detail ? detail.businessDate : ""}`.trim();
        });
        if (isDone(told)) return told;
        if (performance.now() > deadline) throw new Error(`waited in vain; told was ${told.join(", ")}`);
        await sleep(50);
      }
    },

    putFiles: (date: string, files: readonly Exported[]) =>
      Promise.all(files.map((file) => put(keyOf(date, file), file.csv))),

    /** Written last; S3 announces it, and the rule invokes the function. */
    putManifest: (date: string, files: readonly Exported[], exportId?: string) =>
      put(
        `_manifest/dt=${date}/manifest.json`,
        JSON.stringify({
          version: 1,
          businessDate: date,
          ...(exportId === undefined ? {} : { exportId }),
          files: files.map((file) => ({
            table: file.table,
            file: keyOf(date, file),
            rows: file.rows,
            bytes: Buffer.byteLength(file.csv),
            sha256: createHash("sha256").update(file.csv).digest("hex"),
          })),
        }),
      ),

    async invoke(event: unknown): Promise<Answer> {
      const { Payload, FunctionError, LogResult } = await lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: "Tail" }),
      );
      const payload = JSON.parse(Payload?.transformToString() ?? "null");
      const log = Buffer.from(LogResult ?? "", "base64")
        .toString()
        .split("\n");
      return FunctionError === undefined
        ? { result: payload, error: null, log }
        : { result: null, error: payload.errorMessage, log };
    },

    async report(date: string): Promise<DateReport> {
      const object = new GetObjectCommand({ Bucket: landing, Key: `_manifest/dt=${date}/report.json` });
      return JSON.parse((await (await s3.send(object)).Body?.transformToString()) ?? "null");
    },

    /** Keys of the receipts of a date whose step begins with `step`. */
    async receipts(date: string, step: "validated" | "announced"): Promise<string[]> {
      const list = new ListObjectsV2Command({ Bucket: control, Prefix: `dt=${date}/${step}-` });
      return ((await s3.send(list)).Contents ?? []).map(({ Key = "" }) => Key);
    },

    /** The events of a date, in the order in which they came, once there are `count`; then a moment for one too many. */
    async events(date: string, count: number): Promise<PipelineEvent[]> {
      const deadline = performance.now() + 20_000;
      const found = async () =>
        (await messages(aws, queueUrl))
          .map(parsePipelineEvent)
          .filter(({ detail }) => "businessDate" in detail && detail.businessDate === date);
      while ((await found()).length < count) {
        if (performance.now() > deadline) throw new Error(`${date}: waited in vain for ${count} events`);
        await sleep(50);
      }
      await sleep(300);
      return found();
    },
  };
}

export type Gate = Awaited<ReturnType<typeof deployGate>>;
