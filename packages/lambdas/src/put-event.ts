import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { EventEntry } from "@sales-etl/etl-core/events";

/** @throws {SalesEtlError} EVENT_NOT_SENT: PutEvents itself succeeds also when it takes nothing */
export async function putEvent(client: Pick<EventBridgeClient, "send">, entry: EventEntry): Promise<void> {
  const { FailedEntryCount = 0, Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  if (FailedEntryCount === 0) return;
  const { ErrorCode = "unknown", ErrorMessage = "" } = Entries?.[0] ?? {};
  throw new SalesEtlError(`the bus did not take the event ${entry.DetailType}: ${ErrorCode} ${ErrorMessage}`, {
    code: "EVENT_NOT_SENT",
    path: entry.EventBusName,
  });
}
