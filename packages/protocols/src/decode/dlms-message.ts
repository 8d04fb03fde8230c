import { decodeLeadingApdu, findApduName } from "../dlms/apdu.ts";
import type { Ciphered } from "../dlms/apdu-types.ts";
import { toHex } from "../dlms/bytes.ts";
import { openCiphered } from "../dlms/protection.ts";
import { DecodeError } from "../errors.ts";
import { findTelegram } from "../p1/ciphered-telegram.ts";
import { plainApdu } from "./dlms-json.ts";
import { readNotification } from "./dlms-notification.ts";
import { readPushBody } from "./dlms-push-body.ts";
import { formatStamp } from "./dlms-text.ts";
import { explainApdu } from "./dlms-words.ts";
import type { ExplainOptions, Telegram } from "./explanation.ts";
import { explainTelegram } from "./iec-text.ts";
import { warn } from "./warning.ts";

/** A message in its telegram form, before its frames and checks are added. */
export interface ReadMessage {
  readonly telegram: Telegram;
  readonly explains: string;
  readonly warnings: readonly string[];
}

const notificationTag = 0x0f;

/**
 * Reads one APDU that stands alone. `framed` says that it came in frames of a push; keys in `options` open it.
 * @throws DecodeError
 */
export function readMessage(apdu: Uint8Array, framed: boolean, options: ExplainOptions = {}): ReadMessage {
  if (apdu[0] === notificationTag) return readPush(apdu);
  const { apdu: decoded, end } = decodeLeadingApdu(apdu);
  // A ciphered APDU says its length: bytes after it mean that it is something else.
  if (decoded.kind === "ciphered" && end < apdu.length) throw new DecodeError("apdu.trailing", end);
  const warnings = end < apdu.length ? [warn("apdu.trailing", end)] : [];
  const explains = explainApdu(decoded);
  if (decoded.kind === "ciphered") return openMessage(decoded, framed, options);
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

/** What stands in the clear, and what is inside where keys were given that open it. */
function openMessage(apdu: Ciphered, framed: boolean, options: ExplainOptions): ReadMessage {
  const explains = explainApdu(apdu);
  const { ciphers, keys } = options;
  if (!ciphers || !keys?.encryption) {
    const warning = warn("dlms.no-key", 0, `${apdu.service} is ciphered and no key was given`);
    return closedMessage(apdu, framed, explains, warning);
  }
  const opened = openCiphered(apdu, { ...keys, encryption: keys.encryption }, ciphers);
  if (!opened.ok) return closedMessage(apdu, framed, explains, warn(opened.code, 0, apdu.service));
  // Without a tag a wrong key shows only here: the content is no APDU and no telegram then.
  const inner = readP1(opened.apdu, options) ?? readMessageOrWarn(opened.apdu, framed);
  const title = titleOf(apdu);
  const isChecked = opened.tag !== "unchecked";
  return {
    telegram: {
      ...inner.telegram,
      ...((title || inner.telegram.device) && { device: { ...title, ...inner.telegram.device } }),
      checks: { ...inner.telegram.checks, ...(opened.tag !== "unchecked" && { tag: opened.tag }) },
      ...(!isChecked && { authenticated: false }),
      ciphering: plainApdu({ ...apdu, content: undefined }),
    },
    explains: `${explains}: ${inner.explains}`,
    warnings: isChecked ? inner.warnings : [warn("dlms.tag-unchecked", 0, apdu.service), ...inner.warnings],
  };
}

/** The telegram of a customer port that ciphers whole telegrams, or `undefined` when the content is an APDU. */
function readP1(plain: Uint8Array, options: ExplainOptions): ReadMessage | undefined {
  const telegram = findTelegram(plain);
  if (!telegram) return undefined;
  const { telegrams, warnings } = explainTelegram(telegram, options);
  return { telegram: telegrams[0]!, explains: "P1 telegram", warnings };
}

function closedMessage(apdu: Ciphered, framed: boolean, explains: string, warning: string): ReadMessage {
  const title = titleOf(apdu);
  const isBad = warning.startsWith("dlms.tag");
  return {
    telegram: {
      kind: framed ? "dlms-push" : "dlms-apdu",
      ...(title && { device: title }),
      checks: isBad ? { tag: "bad" } : apdu.securityControl.authenticated ? {} : { tag: "absent" },
      apdu: plainApdu(apdu),
    },
    explains,
    warnings: [warning],
  };
}

function titleOf({ systemTitle }: Ciphered): Telegram["device"] {
  if (!systemTitle) return undefined;
  const maker = makerOfTitle(systemTitle);
  return { systemTitle: toHex(systemTitle), ...(maker !== undefined && { manufacturer: maker }) };
}

/** The three letters of the maker that a system title starts with. */
function makerOfTitle(title: Uint8Array): string | undefined {
  const letters = String.fromCharCode(...title.subarray(0, 3));
  return /^[A-Z]{3}$/.test(letters) ? letters : undefined;
}

/** Like `readMessage`, with a warning in place of an error: for frames that are whole around an APDU that is not. */
export function readMessageOrWarn(apdu: Uint8Array, framed: boolean, options?: ExplainOptions): ReadMessage {
  try {
    return readMessage(apdu, framed, options);
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
