import { DecodeError } from "../errors.ts";
import type { Apdu } from "./apdu-types.ts";
import { Cursor } from "./cursor.ts";
import { putAction, takeActionRequest, takeActionResponse } from "./services/action.ts";
import { putAare, putAarq, putRelease, takeAare, takeAarq, takeRelease } from "./services/association.ts";
import { putCiphered, takeCiphered } from "./services/ciphered.ts";
import {
  putConfirmedServiceError,
  putExceptionResponse,
  takeConfirmedServiceError,
  takeExceptionResponse,
} from "./services/errors.ts";
import { putGeneralBlock, takeGeneralBlock } from "./services/general-block.ts";
import { putGet, takeGetRequest, takeGetResponse } from "./services/get.ts";
import {
  putInitiateRequest,
  putInitiateResponse,
  takeInitiateRequest,
  takeInitiateResponse,
} from "./services/initiate.ts";
import {
  putDataNotification,
  putEventNotification,
  takeDataNotification,
  takeDataNotificationConfirm,
  takeEventNotification,
} from "./services/notification.ts";
import { putRead, takeReadRequest, takeReadResponse } from "./services/read.ts";
import { putSet, takeSetRequest, takeSetResponse } from "./services/set.ts";
import { type ApduTagName, apduTags, cipheredTags } from "./tags.ts";
import { Writer } from "./writer.ts";

/** `undefined` marks a service that is known by name and not taken apart yet. */
const decoders: Record<ApduTagName, ((cursor: Cursor) => Apdu) | undefined> = {
  "initiate-request": takeInitiateRequest,
  "read-request": takeReadRequest,
  "write-request": undefined,
  "initiate-response": takeInitiateResponse,
  "read-response": takeReadResponse,
  "write-response": undefined,
  "confirmed-service-error": takeConfirmedServiceError,
  "data-notification": takeDataNotification,
  "data-notification-confirm": takeDataNotificationConfirm,
  "unconfirmed-write-request": undefined,
  "information-report": undefined,
  aarq: takeAarq,
  aare: takeAare,
  rlrq: (cursor) => takeRelease(cursor, "rlrq"),
  rlre: (cursor) => takeRelease(cursor, "rlre"),
  "get-request": takeGetRequest,
  "set-request": takeSetRequest,
  "event-notification": takeEventNotification,
  "action-request": takeActionRequest,
  "get-response": takeGetResponse,
  "set-response": takeSetResponse,
  "action-response": takeActionResponse,
  "exception-response": takeExceptionResponse,
  "access-request": undefined,
  "access-response": undefined,
  "general-block-transfer": takeGeneralBlock,
  "gateway-request": undefined,
  "gateway-response": undefined,
};

const namesByTag = new Map(
  Object.entries(apduTags).map(([name, tag]) => [tag as number, name as ApduTagName]),
);

export function findApduName(tag: number | undefined): string | undefined {
  if (tag === undefined) return undefined;
  return namesByTag.get(tag) ?? (cipheredTags as Readonly<Record<number, string>>)[tag];
}

/**
 * Decodes one APDU that fills `bytes`, of either direction. Byte strings inside are views.
 * @throws DecodeError `apdu.tag` (not a DLMS APDU), `apdu.service` (known, not taken apart yet), `apdu.truncated`,
 * `apdu.trailing`, `apdu.choice`, `apdu.length`, `apdu.count`, `apdu.date-time`, `apdu.ber`, `apdu.oid`, `apdu.context`,
 * `apdu.mechanism`, `apdu.result`, `apdu.conformance`, and those of `decodeData`
 */
export function decodeApdu(bytes: Uint8Array): Apdu {
  const cursor = new Cursor(bytes, "apdu");
  const apdu = takeApdu(cursor);
  cursor.done();
  return apdu;
}

/** Decodes the APDU that `bytes` starts with; `end` is the offset after it. For explaining what a device really sent. */
export function decodeLeadingApdu(bytes: Uint8Array): { readonly apdu: Apdu; readonly end: number } {
  const cursor = new Cursor(bytes, "apdu");
  return { apdu: takeApdu(cursor), end: cursor.offset };
}

function takeApdu(cursor: Cursor): Apdu {
  const start = cursor.offset;
  const tag = cursor.uint8();
  if (tag in cipheredTags) return takeCiphered(cursor, tag as keyof typeof cipheredTags);
  const name = namesByTag.get(tag);
  if (!name)
    throw new DecodeError("apdu.tag", start, `no APDU starts with ${tag.toString(16).padStart(2, "0")}`);
  const decode = decoders[name];
  if (!decode) throw new DecodeError("apdu.service", start, `${name} is not taken apart yet`);
  return decode(cursor);
}

type Encoders = { [Kind in Apdu["kind"]]: (writer: Writer, apdu: Extract<Apdu, { kind: Kind }>) => void };

const encoders: Encoders = {
  aarq: putAarq,
  aare: putAare,
  rlrq: putRelease,
  rlre: putRelease,
  "initiate-request": putInitiateRequest,
  "initiate-response": putInitiateResponse,
  "confirmed-service-error": putConfirmedServiceError,
  "exception-response": putExceptionResponse,
  "get-request-normal": putGet,
  "get-request-next": putGet,
  "get-request-with-list": putGet,
  "get-response-normal": putGet,
  "get-response-with-block": putGet,
  "get-response-block-error": putGet,
  "get-response-with-list": putGet,
  "set-request-normal": putSet,
  "set-response-normal": putSet,
  "action-request-normal": putAction,
  "action-response-normal": putAction,
  "read-request": putRead,
  "read-response": putRead,
  "data-notification": putDataNotification,
  "data-notification-confirm": putDataNotification,
  "event-notification": putEventNotification,
  "general-block-transfer": putGeneralBlock,
  ciphered: putCiphered,
};

/** Encodes one APDU of either direction. A value that does not fit its field throws a plain `RangeError`. */
export function encodeApdu(apdu: Apdu): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  (encoders[apdu.kind] as (writer: Writer, apdu: Apdu) => void)(writer, apdu);
  return writer.finish();
}
