import { DecodeError } from "../errors.ts";
import type { Apdu } from "./apdu-types.ts";
import { Cursor } from "./cursor.ts";
import { putAccessApdu, takeAccessRequest, takeAccessResponse } from "./services/access.ts";
import { putAction, takeActionRequest, takeActionResponse } from "./services/action.ts";
import { putAare, putAarq, putRelease, takeAare, takeAarq, takeRelease } from "./services/association.ts";
import { putCiphered, takeCiphered } from "./services/ciphered.ts";
import {
  putConfirmedServiceError,
  putExceptionResponse,
  takeConfirmedServiceError,
  takeExceptionResponse,
} from "./services/errors.ts";
import { putGateway, takeGateway } from "./services/gateway.ts";
import {
  putGeneralCiphering,
  putGeneralSigning,
  takeGeneralCiphering,
  takeGeneralSigning,
} from "./services/general.ts";
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
import { putWrite, takeInformationReport, takeWriteRequest, takeWriteResponse } from "./services/write.ts";
import { type ApduTagName, apduTags, cipheredTags } from "./tags.ts";
import { Writer } from "./writer.ts";

const decoders: Record<ApduTagName, (cursor: Cursor) => Apdu> = {
  "initiate-request": takeInitiateRequest,
  "read-request": takeReadRequest,
  "write-request": (cursor) => takeWriteRequest(cursor, "write-request"),
  "initiate-response": takeInitiateResponse,
  "read-response": takeReadResponse,
  "write-response": takeWriteResponse,
  "confirmed-service-error": takeConfirmedServiceError,
  "data-notification": takeDataNotification,
  "data-notification-confirm": takeDataNotificationConfirm,
  "unconfirmed-write-request": (cursor) => takeWriteRequest(cursor, "unconfirmed-write-request"),
  "information-report": takeInformationReport,
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
  "access-request": takeAccessRequest,
  "access-response": takeAccessResponse,
  "general-ciphering": takeGeneralCiphering,
  "general-signing": takeGeneralSigning,
  "general-block-transfer": takeGeneralBlock,
  "gateway-request": (cursor) => takeGateway(cursor, "gateway-request"),
  "gateway-response": (cursor) => takeGateway(cursor, "gateway-response"),
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
 * @throws DecodeError `apdu.tag` (not a DLMS APDU), `apdu.truncated`,
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
  return decoders[name](cursor);
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
  "set-request-first-block": putSet,
  "set-request-block": putSet,
  "set-request-with-list": putSet,
  "set-request-list-first-block": putSet,
  "set-response-normal": putSet,
  "set-response-block": putSet,
  "set-response-last-block": putSet,
  "set-response-list-last-block": putSet,
  "set-response-with-list": putSet,
  "action-request-normal": putAction,
  "action-request-next": putAction,
  "action-request-with-list": putAction,
  "action-request-first-block": putAction,
  "action-request-list-first-block": putAction,
  "action-request-block": putAction,
  "action-response-normal": putAction,
  "action-response-block": putAction,
  "action-response-with-list": putAction,
  "action-response-next": putAction,
  "access-request": putAccessApdu,
  "access-response": putAccessApdu,
  "read-request": putRead,
  "read-response": putRead,
  "write-request": putWrite,
  "unconfirmed-write-request": putWrite,
  "write-response": putWrite,
  "information-report": putWrite,
  "gateway-request": putGateway,
  "gateway-response": putGateway,
  "data-notification": putDataNotification,
  "data-notification-confirm": putDataNotification,
  "event-notification": putEventNotification,
  "general-ciphering": putGeneralCiphering,
  "general-signing": putGeneralSigning,
  "general-block-transfer": putGeneralBlock,
  ciphered: putCiphered,
};

/** Encodes one APDU of either direction. A value that does not fit its field throws a plain `RangeError`. */
export function encodeApdu(apdu: Apdu): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  (encoders[apdu.kind] as (writer: Writer, apdu: Apdu) => void)(writer, apdu);
  return writer.finish();
}
