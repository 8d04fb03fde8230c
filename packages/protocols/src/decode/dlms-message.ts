import { decodeLeadingApdu, findApduName } from "../dlms/apdu.ts";
import type { Ciphered } from "../dlms/apdu-types.ts";
import { toHex } from "../dlms/bytes.ts";
import { DecodeError } from "../errors.ts";
import { plainApdu } from "./dlms-json.ts";
import { readNotification } from "./dlms-notification.ts";
import { readPushBody } from "./dlms-push-body.ts";
import { formatStamp } from "./dlms-text.ts";
import { explainApdu } from "./dlms-words.ts";
import type { Telegram } from "./explanation.ts";
import { warn } from "./warning.ts";

/** A message in its telegram form, before its frames and checks are added. */
export interface ReadMessage {
  readonly telegram: Telegram;
  readonly explains: string;
  readonly warnings: readonly string[];
}

const notificationTag = 0x0f;

/** Reads one APDU that stands alone. `framed` says that it came in frames of a push. @throws DecodeError */
export function readMessage(apdu: Uint8Array, framed: boolean): ReadMessage {
  if (apdu[0] === notificationTag) return readPush(apdu);
  const { apdu: decoded, end } = decodeLeadingApdu(apdu);
  // A ciphered APDU says its length: bytes after it mean that it is something else.
  if (decoded.kind === "ciphered" && end < apdu.length) throw new DecodeError("apdu.trailing", end);
  const warnings = end < apdu.length ? [warn("apdu.trailing", end)] : [];
  const explains = explainApdu(decoded);
  if (decoded.kind === "ciphered") return { ...readCiphered(decoded, framed), explains };
  return {
    telegram: { kind: "dlms-apdu", checks: {}, explains, apdu: plainApdu(decoded) },
    explains,
    warnings,
  };
}

function readPush(apdu: Uint8Array): ReadMessage {
  const { longInvokeId, dateTime, body, declaredCount, warnings } = readNotification(apdu);
  const content = readPushBody(body, { hasDateTime: dateTime !== undefined, declaredCount });
  const time = (dateTime && formatStamp(dateTime)) ?? content.time;
  const stamped = content.readings.map((reading) => (time === undefined ? reading : { ...reading, time }));
  const unnamed = stamped.every((reading) => reading.obis === undefined);
  return {
    telegram: {
      kind: "dlms-push",
      ...(content.manufacturer !== undefined && { device: { manufacturer: content.manufacturer } }),
      checks: {},
      longInvokeId,
      ...(time !== undefined && { time }),
      ...(content.layout !== undefined && { layout: content.layout }),
      readings: stamped,
    },
    explains: `data notification: ${stamped.length} values`,
    warnings: unnamed && stamped.length > 0 ? [...warnings, warn("dlms.unknown-list", 0)] : warnings,
  };
}

/** A ciphered APDU without its key: what stands in the clear. */
function readCiphered(apdu: Ciphered, framed: boolean): Omit<ReadMessage, "explains"> {
  const { systemTitle, securityControl } = apdu;
  const maker = systemTitle && makerOfTitle(systemTitle);
  return {
    telegram: {
      kind: framed ? "dlms-push" : "dlms-apdu",
      ...(systemTitle && {
        device: { systemTitle: toHex(systemTitle), ...(maker !== undefined && { manufacturer: maker }) },
      }),
      checks: securityControl.authenticated ? {} : { tag: "absent" },
      apdu: plainApdu(apdu),
    },
    warnings: [warn("dlms.no-key", 0, `${apdu.service} is ciphered and no key was given`)],
  };
}

/** The three letters of the maker that a system title starts with. */
function makerOfTitle(title: Uint8Array): string | undefined {
  const letters = String.fromCharCode(...title.subarray(0, 3));
  return /^[A-Z]{3}$/.test(letters) ? letters : undefined;
}

/** Like `readMessage`, with a warning in place of an error: for frames that are whole around an APDU that is not. */
export function readMessageOrWarn(apdu: Uint8Array, framed: boolean): ReadMessage {
  try {
    return readMessage(apdu, framed);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const name = findApduName(apdu[0]) ?? "unknown";
    return {
      telegram: {
        kind: framed ? "dlms-push" : "dlms-apdu",
        checks: {},
        apdu: { kind: name, hex: toHex(apdu) },
      },
      explains: `${name}, not readable`,
      warnings: [warn(error.code, error.offset)],
    };
  }
}
