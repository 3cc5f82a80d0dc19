/** What is to be triggered. */
import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";
import { parsePipelineEvent } from "@sales-etl/etl-core/events";
import { type BusinessDate, isBusinessDate } from "@sales-etl/etl-core/landing";

export interface Request {
  readonly businessDate: BusinessDate;
  /** Which time: more than 1 only when a person asks for a run again that has ended. */
  readonly attempt: number;
  /** The name of a person's wish to run the date again, whichever attempt that is. */
  readonly again: string | null;
}

/**
 * Reads `LandingAccepted`, or a person's `{"businessDate": "2017-06-30", "attempt": 2}`.
 *
 * @throws {InvalidPropertiesError} EVENT_INVALID
 */
export function parseRequest(event: unknown): Request {
  if (typeof event === "object" && event !== null) {
    if ("source" in event) {
      const { detailType, detail } = parsePipelineEvent(event);
      if (detailType === "LandingAccepted") {
        return { businessDate: detail.businessDate, attempt: 1, again: detail.again };
      }
      throw invalid("detail-type", `${detailType} triggers nothing`);
    }
    if ("businessDate" in event) return ofPerson(event);
  }
  throw invalid("businessDate", 'expected LandingAccepted or {"businessDate": "2017-06-30"}');
}

function ofPerson(event: { readonly businessDate: unknown; readonly attempt?: unknown }): Request {
  const { businessDate, attempt = 1 } = event;
  if (typeof businessDate !== "string" || !isBusinessDate(businessDate)) {
    throw invalid("businessDate", "is no day written YYYY-MM-DD");
  }
  if (typeof attempt !== "number" || !Number.isInteger(attempt) || attempt < 1 || attempt > 99) {
    throw invalid("attempt", "is no whole number from 1 to 99");
  }
  return { businessDate, attempt, again: null };
}

const invalid = (path: string, message: string) =>
  new InvalidPropertiesError("the request", [{ path, message }], "EVENT_INVALID");
