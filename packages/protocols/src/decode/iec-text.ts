import { DecodeError } from "../errors.ts";
import {
  decodeDataSets,
  encodeFrame,
  FrameReader,
  type IecFrame,
  type IecTelegram,
  ReadoutReader,
  requestOf,
  telegramOfBodies,
  zoneOffset,
} from "../iec62056-21/index.ts";
import { findObis } from "../obis.ts";
import type { ExplainOptions, Explanation, Recogniser } from "./explanation.ts";
import { explainMessage } from "./iec-message.ts";
import { warn } from "./warning.ts";

/** Market zone of stamps that give none. */
export const zoneDefault = "Europe/Bucharest";

const evenOnes = (byte: number): boolean => {
  let ones = byte ^ (byte >> 4);
  ones ^= ones >> 2;
  return ((ones ^ (ones >> 1)) & 1) === 0;
};

/**
 * Whether bytes are 7-bit text, with or without even parity in bit 7: most are printable, and where many have bit 7,
 * their parity is even. Frames of DLMS fail at one or the other.
 */
function looksLikeText(bytes: Uint8Array): boolean {
  let printable = 0;
  let high = 0;
  let even = 0;
  for (const byte of bytes) {
    const code = byte & 0x7f;
    if ((code >= 0x20 && code < 0x7f) || code === 0x0a || code === 0x0d) printable++;
    if (byte > 0x7f) high++;
    if (evenOnes(byte)) even++;
  }
  if (printable < bytes.length * 0.75) return false;
  return high <= bytes.length * 0.05 || even >= bytes.length * 0.9;
}

function merge(explanations: readonly Explanation[]): Explanation {
  return {
    telegrams: explanations.flatMap((explanation) => explanation.telegrams),
    warnings: explanations.flatMap((explanation) => explanation.warnings),
  };
}

export const explainTelegram = (telegram: IecTelegram, options: ExplainOptions): Explanation =>
  explainMessage(telegram, zoneOffset(options.zone ?? zoneDefault));

const explainAll = (telegrams: readonly IecTelegram[], options: ExplainOptions): Explanation =>
  merge(telegrams.map((telegram) => explainTelegram(telegram, options)));

/** Data messages of modes A, C and D and P1, with whatever stands between them. */
export const iecMessages: Recogniser = {
  name: "IEC 62056-21 data message",
  recognise(bytes, options) {
    if (!looksLikeText(bytes)) return undefined;
    const reader = new ReadoutReader();
    const telegrams = [...reader.push(bytes), ...reader.end()].filter(
      (telegram) => telegram.dataSets.length > 0 || telegram.kind === "iec62056-21-identification",
    );
    return telegrams.length > 0 ? explainAll(telegrams, options) : undefined;
  },
};

/** A short answer in full, `(0033402.264*kWh)`; of a longer one how long it is. */
function describeBlock(body: Uint8Array): string {
  const short = body.length <= 64 && !body.includes(0x0d);
  return short ? `answer ${new TextDecoder().decode(body)}` : `data message of ${body.length} bytes`;
}

const meanings: Readonly<Record<string, string>> = {
  R1: "read",
  R2: "read formatted",
  R3: "read in partial blocks",
  R4: "read formatted in partial blocks",
  R5: "read, national use",
  R6: "read in partial blocks, national use",
  W1: "write",
  W2: "write formatted",
  W3: "write in partial blocks",
  W4: "write formatted in partial blocks",
  W5: "write, national use",
  E2: "execute",
};

const meaningOf = (command: string): string => meanings[command] ?? "reserved";

/** What a frame of a session says, in a line. */
export function describeFrame(frame: IecFrame): string {
  const request = requestOf(frame);
  switch (request?.kind) {
    case "sign-on":
      return request.address === "" ? "sign-on to whoever is there" : `sign-on to ${request.address}`;
    case "option-select":
      return `option select: protocol ${request.protocol}, rate ${request.baudCharacter}, mode ${request.mode}`;
    case "command":
      if (request.command === "B0") return "B0: end of the session";
      if (request.command === "B1") return "B1: end of the session of a battery device";
      if (request.command === "P0") return `P0: operand (${request.argument})`;
      if (request.command === "P1") return "P1: password";
      if (request.command === "P2") return "P2: result of the secure algorithm";
      return `${request.command}, ${meaningOf(request.command)}: ${request.address}(${request.argument})${request.last ? "" : ", more follows"}`;
    case "ack":
      return "ACK";
    case "nak":
      return "NAK";
    default:
      if (frame.kind === "line") return `identification ${frame.line}`;
      return frame.kind === "block" ? describeBlock(frame.body) : "a frame that no reader sends";
  }
}

const commandsLengthMax = 4096;

/** Commands of a reader on their own: `SOH R1 STX 1.8.0() ETX BCC`. */
export const iecCommands: Recogniser = {
  name: "IEC 62056-21 command",
  recognise(bytes) {
    if (bytes.length > commandsLengthMax) return undefined;
    const commands = new FrameReader({ acknowledgement: "option-select" }).push(bytes);
    if (!commands.every((frame) => requestOf(frame) !== undefined)) return undefined;
    // All bytes but the noise of a line must be commands: bytes of other protocols can hold what looks like one.
    const noise = bytes.filter((byte) => byte === 0 || (byte & 0x7f) === 0x7f).length;
    const covered = commands.reduce((length, frame) => length + encodeFrame(frame).length, noise);
    if (commands.length === 0 || covered < bytes.length) return undefined;
    return {
      telegrams: commands.map((frame) => ({
        kind: "iec62056-21-command",
        checks: frame.kind === "command" ? { bcc: frame.check } : {},
        explains: describeFrame(frame),
      })),
      warnings: commands.flatMap((frame) =>
        frame.kind === "command" && frame.check === "bad"
          ? [warn("iec.bcc", 0, "the check byte does not agree")]
          : [],
      ),
    };
  },
};

/** Data sets that were copied out of a message, with neither identification nor STX. */
export const iecDataSets: Recogniser = {
  name: "IEC 62056-21 data sets",
  recognise(bytes, options) {
    if (bytes.length === 0 || bytes.length > 1_048_576 || !looksLikeText(bytes)) return undefined;
    const dataSets = decodeDataSetsIfAny(bytes);
    const first = dataSets[0]?.address ?? "";
    if (findObis(first) === undefined) return undefined;
    const body = bytes.map((byte) => byte & 0x7f);
    return explainAll([telegramOfBodies([body], "absent", undefined)], options);
  },
};

function decodeDataSetsIfAny(bytes: Uint8Array): ReturnType<typeof decodeDataSets> {
  try {
    return decodeDataSets(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
}
