import { findApduName } from "../dlms/apdu.ts";
import { toHex } from "../dlms/bytes.ts";
import { dataTags } from "../dlms/data.ts";
import { decodeData } from "../dlms/data-decode.ts";
import { DecodeError } from "../errors.ts";
import { stripLlc } from "../hdlc/index.ts";
import { FrameReader } from "../iec62056-21/index.ts";
import { type Carried, type FrameReading, joinGeneralBlocks, worstCheck } from "./dlms-carried.ts";
import { readDialogue } from "./dlms-dialogue.ts";
import { readHdlcFrames } from "./dlms-hdlc-frames.ts";
import { readMbusFrames } from "./dlms-mbus-frames.ts";
import { readMessage, readMessageOrWarn } from "./dlms-message.ts";
import { profileTelegram } from "./dlms-profile.ts";
import { readWrapperFrames } from "./dlms-wrapper-frames.ts";
import type {
  ExplainOptions,
  Explanation,
  FrameExplanation,
  Recogniser,
  SessionRecogniser,
  Telegram,
} from "./explanation.ts";
import { describeFrame } from "./iec-text.ts";

/** APDUs that a device sends of itself, ciphered or not. */
const pushTags: ReadonlySet<number | undefined> = new Set([0x0f, 0xc2, 0xca, 0xd2, 0xdb, 0xdd, 0x02]);

/** Frames of one link: pushes, each a telegram, or the dialogue of a reader with a meter. */
function explainFrames(reading: FrameReading, options: ExplainOptions): Explanation {
  const warnings = [...reading.warnings];
  const carried = joinGeneralBlocks(reading.carried, warnings);
  const pushes =
    carried.length > 0 && carried.every(({ from, apdu }) => from === "meter" && pushTags.has(apdu[0]));
  const telegrams = pushes
    ? explainPushes(reading, carried, warnings, options)
    : explainDialogue(reading, carried, warnings, options);
  return { telegrams, warnings: [...new Set(warnings)] };
}

function explainPushes(
  reading: FrameReading,
  carried: readonly Carried[],
  warnings: string[],
  options: ExplainOptions,
): Telegram[] {
  return carried.map(({ apdu, frames }) => {
    const message = readMessageOrWarn(apdu, true, options);
    warnings.push(...message.warnings);
    const own = frames.map((index) => reading.frames[index] as FrameExplanation);
    return {
      ...message.telegram,
      checks: { ...worstCheck(reading, frames), ...message.telegram.checks },
      frames: withWords(own, own.length - 1, message.explains),
    };
  });
}

function explainDialogue(
  reading: FrameReading,
  carried: readonly Carried[],
  warnings: string[],
  options: ExplainOptions,
): Telegram[] {
  const dialogue = readDialogue(carried, options);
  warnings.push(...dialogue.warnings);
  let frames: FrameExplanation[] = reading.frames;
  carried.forEach((unit, index) => {
    frames = withWords(frames, unit.frames.at(-1) ?? 0, dialogue.words[index] ?? "");
  });
  const { systemTitle } = dialogue;
  const all = reading.frames.map((_, index) => index);
  const session: Telegram = {
    kind: "dlms-session",
    ...(systemTitle && { device: { systemTitle: toHex(systemTitle) } }),
    checks: worstCheck(reading, all),
    readings: dialogue.readings,
    frames,
  };
  return [session, ...dialogue.telegrams];
}

/** Says at the frame that ends an APDU what the APDU is. */
function withWords(frames: readonly FrameExplanation[], at: number, words: string): FrameExplanation[] {
  return frames.map((frame, index) =>
    index === at ? { ...frame, explains: `${frame.explains}: ${words}` } : frame,
  );
}

/** HDLC frames (IEC 62056-46) in any number and direction. */
export const hdlcFrames: Recogniser = {
  name: "HDLC",
  recognise(bytes, options) {
    if (!bytes.includes(0x7e)) return undefined;
    const reading = readHdlcFrames([{ bytes }]);
    return reading && explainFrames(reading, options);
  },
};

/** TCP wrapper frames (IEC 62056-47). */
export const wrapperFrames: Recogniser = {
  name: "DLMS wrapper",
  recognise(bytes, options) {
    if (bytes[0] !== 0 || bytes[1] !== 1) return undefined;
    const reading = readWrapperFrames([{ bytes }]);
    return reading && explainFrames(reading, options);
  },
};

/** Pushes in M-Bus long frames. */
export const mbusFrames: Recogniser = {
  name: "M-Bus",
  recognise(bytes, options) {
    const reading = readMbusFrames(bytes);
    return reading && explainFrames(reading, options);
  },
};

/** One APDU, with or without the LLC header of HDLC, or the bare Data of a profile. */
export const bareApdu: Recogniser = {
  name: "DLMS APDU",
  recognise(bytes, options) {
    const llc = bytes[0] === 0xe6 && (bytes[1] === 0xe6 || bytes[1] === 0xe7) && bytes[2] === 0;
    const apdu = llc ? stripLlc(bytes) : bytes;
    if (bytes[0] === dataTags.array || bytes[0] === dataTags["compact-array"]) {
      const data = explainData(bytes, options);
      if (data) return data;
    }
    if (findApduName(apdu[0]) === undefined) return undefined;
    try {
      const { telegram, warnings } = readMessage(apdu, llc, options);
      return { telegrams: [telegram], warnings };
    } catch (error) {
      // After an LLC header it can be nothing else; without one it may be another format.
      if (!llc || !(error instanceof DecodeError)) throw error;
      const { telegram, warnings } = readMessageOrWarn(apdu, true, options);
      return { telegrams: [telegram], warnings };
    }
  },
};

function explainData(bytes: Uint8Array, options: ExplainOptions): Explanation | undefined {
  try {
    const { periodSeconds } = options;
    const context = periodSeconds === undefined ? {} : { periodSeconds };
    const read = profileTelegram(decodeData(bytes), context);
    return read && { telegrams: [read.telegram], warnings: read.warnings };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** A recorded exchange over HDLC or the wrapper, also after a sign-on by IEC 62056-21 (mode E). */
export const dlmsSession: SessionRecogniser = {
  name: "DLMS session",
  recognise(steps, options) {
    const signOn = steps.findIndex(({ bytes }) => bytes[0] === 0x7e || (bytes[0] === 0 && bytes[1] === 1));
    if (signOn < 0) return undefined;
    const dialogue = steps.slice(signOn);
    const isHdlc = dialogue[0]?.bytes[0] === 0x7e;
    const reading = isHdlc ? readHdlcFrames(dialogue) : readWrapperFrames(dialogue);
    if (!reading) return undefined;
    const before: FrameExplanation[] = steps.slice(0, signOn).map(({ from, bytes }) => ({
      from,
      explains: sayModeE(bytes),
      hex: toHex(bytes),
    }));
    const shifted: FrameReading = {
      ...reading,
      frames: [...before, ...reading.frames],
      carried: reading.carried.map((unit) => ({
        ...unit,
        frames: unit.frames.map((index) => index + before.length),
      })),
    };
    return explainFrames(shifted, options);
  },
};

/** The sign-on that hands over to HDLC (IEC 62056-21, mode E). */
function sayModeE(bytes: Uint8Array): string {
  const frames = new FrameReader({ acknowledgement: "option-select" }).push(bytes);
  return `mode E: ${frames.map(describeFrame).join(", ") || "not readable"}`;
}
