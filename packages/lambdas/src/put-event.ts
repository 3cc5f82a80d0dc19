import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { type EventEntry, requireTaken } from "@sales-etl/etl-core/events";

/** @throws {SalesEtlError} EVENT_NOT_SENT */
export async function putEvent(client: Pick<EventBridgeClient, "send">, entry: EventEntry): Promise<void> {
  requireTaken(entry, await client.send(new PutEventsCommand({ Entries: [entry] })));
}
