import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { Log } from "./log.ts";

/** The part of Lambda's context that is used. */
export interface Invocation {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/** Logs what went wrong in one line and throws it on, for Lambda to retry and to keep. */
export async function logFailure<T>(log: Log, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path } = error instanceof SalesEtlError ? error : { code: (error as Error).name, path: undefined };
    log.error("failed", { code, path: path ?? null, message: (error as Error).message });
    throw error;
  }
}
