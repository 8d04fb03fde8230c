import { DecodeError } from "@energsys/protocols";
import { type DataValue, decodeApdu, decodeData, textOf } from "@energsys/protocols/dlms";
import { FrameReader as HdlcFrames, stripLlc } from "@energsys/protocols/hdlc";
import { takeWrapperFrame } from "@energsys/protocols/wrapper";

/** How a device that called in introduced itself. */
export interface Registration {
  readonly identity: string;
  readonly form: "data-notification" | "plain-structure" | "text";
  /** The notification by which it introduced itself. */
  readonly apdu?: Uint8Array;
  /** Bytes after the registration: they belong to whatever comes next. */
  readonly rest: Uint8Array;
}

export type Recognition = Registration | "more" | "unknown";

/** One form of registration. `more` while it could still become one. */
interface Form {
  readonly name: string;
  recognise(received: Uint8Array): Recognition;
}

const identityPattern = /^[0-9A-Za-z][0-9A-Za-z_.-]{3,63}$/;

/** The forms that are seen in the field (docs/reading.md); a new one is a line here. The first that knows it wins. */
const forms: readonly Form[] = [
  { name: "wrapper", recognise: recogniseWrapper },
  { name: "hdlc", recognise: recogniseHdlc },
  { name: "text", recognise: recogniseText },
];

/** What the first bytes of a caller say. */
export function recogniseRegistration(received: Uint8Array): Recognition {
  let more = false;
  for (const form of forms) {
    const found = form.recognise(received);
    if (found === "more") more = true;
    else if (found !== "unknown") return found;
  }
  return more ? "more" : "unknown";
}

function recogniseWrapper(received: Uint8Array): Recognition {
  if (received[0] !== 0x00 || (received.length > 1 && received[1] !== 0x01)) return "unknown";
  try {
    const taken = takeWrapperFrame(received, 1024);
    return taken ? recogniseApdu(taken.frame.apdu, received.subarray(taken.end)) : "more";
  } catch (error) {
    if (error instanceof DecodeError) return "unknown";
    throw error;
  }
}

function recogniseHdlc(received: Uint8Array): Recognition {
  if (received[0] !== 0x7e) return "unknown";
  for (const frame of new HdlcFrames().push(received)) {
    if (frame.fcs !== "good") continue;
    try {
      return recogniseApdu(stripLlc(frame.information), new Uint8Array(0));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return "more";
}

function recogniseApdu(apdu: Uint8Array, rest: Uint8Array): Recognition {
  if (apdu[0] === 0x0f) {
    try {
      const notification = decodeApdu(apdu);
      if (notification.kind !== "data-notification") return "unknown";
      const identity = findIdentity(notification.body);
      if (identity === undefined) return "unknown";
      return { identity, form: "data-notification", apdu: apdu.slice(), rest };
    } catch (error) {
      if (error instanceof DecodeError) return "unknown";
      throw error;
    }
  }
  const identity = plainIdentity(apdu);
  return identity === undefined ? "unknown" : { identity, form: "plain-structure", rest };
}

/** The first text that can be an identity, in the order of the structure. */
function findIdentity(value: DataValue, depth = 0): string | undefined {
  if (depth > 4) return undefined;
  if ("items" in value) {
    for (const item of value.items.slice(0, 32)) {
      const found = findIdentity(item, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const text = textOf(value)?.trim();
  return text !== undefined && identityPattern.test(text) ? text : undefined;
}

/**
 * A structure without any service tag; and the form `0A 02 0C` with 12 digits that one maker sends, whose first bytes
 * are no A-XDR at all.
 */
function plainIdentity(apdu: Uint8Array): string | undefined {
  if (apdu[0] === 0x0a && apdu[1] === 0x02 && apdu[2] === 0x0c && apdu.length >= 15) {
    const text = String.fromCharCode(...apdu.subarray(3, 15));
    return /^\d{12}$/.test(text) ? text : undefined;
  }
  if (apdu[0] !== 0x02) return undefined;
  try {
    return findIdentity(decodeData(apdu));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** A line of text with a serial number or an IMEI: `ID=40001234`, `IMEI:356938035643809`, or the number alone. */
function recogniseText(received: Uint8Array): Recognition {
  const end = received.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  const line = received.subarray(0, end < 0 ? undefined : end);
  if (line.length > 96 || line.some((byte) => byte < 0x20 || byte > 0x7e)) return "unknown";
  if (end < 0) return "more";
  let after = end;
  while (after < received.length && (received[after] === 0x0a || received[after] === 0x0d)) after++;
  const text = String.fromCharCode(...line).trim();
  const identity = text.split(/[=:,; ]/).findLast((word) => identityPattern.test(word) && /\d/.test(word));
  return identity === undefined ? "unknown" : { identity, form: "text", rest: received.subarray(after) };
}
