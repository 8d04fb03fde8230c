import type { Apdu, DataNotification, DataNotificationConfirm, EventNotification } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import { putAttribute, takeAttribute, takeFlag, takeOptionalDateTime } from "./shared.ts";

export function takeDataNotification(cursor: Cursor): Apdu {
  const longInvokeId = cursor.uint32();
  const dateTime = takeOptionalDateTime(cursor);
  const body = takeData(cursor);
  return { kind: "data-notification", longInvokeId, ...(dateTime && { dateTime }), body };
}

export function takeDataNotificationConfirm(cursor: Cursor): Apdu {
  const longInvokeId = cursor.uint32();
  const dateTime = takeOptionalDateTime(cursor);
  return { kind: "data-notification-confirm", longInvokeId, ...(dateTime && { dateTime }) };
}

export function takeEventNotification(cursor: Cursor): Apdu {
  const dateTime = takeFlag(cursor) ? takeOptionalDateTime(cursor) : undefined;
  const attribute = takeAttribute(cursor);
  return { kind: "event-notification", ...(dateTime && { dateTime }), attribute, data: takeData(cursor) };
}

export function putDataNotification(writer: Writer, apdu: DataNotification | DataNotificationConfirm): void {
  writer.uint8(apduTags[apdu.kind]).uint32(apdu.longInvokeId);
  writer.sized(apdu.dateTime ?? []);
  if (apdu.kind === "data-notification") putData(writer, apdu.body);
}

export function putEventNotification(writer: Writer, apdu: EventNotification): void {
  writer.uint8(apduTags["event-notification"]).uint8(apdu.dateTime ? 1 : 0);
  if (apdu.dateTime) writer.sized(apdu.dateTime);
  putAttribute(writer, apdu.attribute);
  putData(writer, apdu.data);
}
