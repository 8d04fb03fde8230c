import {
  FrameReader,
  findIdentification,
  type Identification,
  type IecFrame,
  telegramOfBodies,
  zoneOffset,
} from "../iec62056-21/index.ts";
import type {
  CheckState,
  Explanation,
  FrameExplanation,
  SessionRecogniser,
  SessionStep,
  Telegram,
} from "./explanation.ts";
import { explainMessage } from "./iec-message.ts";
import { describeFrame, zoneDefault } from "./iec-text.ts";
import { warn } from "./warning.ts";

/** The check of several frames together; `undefined` when none of them has one. */
function worstOf(frames: readonly IecFrame[]): CheckState | undefined {
  const checks = frames.flatMap((frame) => ("check" in frame ? [frame.check] : []));
  return checks.includes("bad") ? "bad" : checks[0];
}

/** An ACK of the reader that stands alone asks for the next block; with characters behind it selects the mode. */
function setAcknowledgement(frames: FrameReader, step: SessionStep): void {
  frames.acknowledgement = step.from === "reader" && step.bytes.length > 1 ? "option-select" : "alone";
}

/**
 * Mode C begins with a sign-on, a break before it, or (where the recording began late) an identification. Frames of
 * HDLC mean that mode E took over: then it is a session of DLMS.
 */
function isModeC(steps: readonly SessionStep[]): boolean {
  const first = steps[0] && new FrameReader().push(steps[0].bytes)[0];
  const begins =
    first?.kind === "command" ||
    (first?.kind === "line" && (first.line.startsWith("/?") || findIdentification(first.line) !== undefined));
  return begins && !steps.some(({ bytes }) => bytes.length > 8 && bytes[0] === 0x7e && bytes.at(-1) === 0x7e);
}

/**
 * A recorded exchange of mode C: first the session with its frames, then every data message that the meter sent as a
 * telegram of its own. An answer without address takes that of the command before it.
 */
export const iecSession: SessionRecogniser = {
  name: "IEC 62056-21 session",
  recognise(steps, options): Explanation | undefined {
    if (!isModeC(steps)) return undefined;
    const offset = zoneOffset(options.zone ?? zoneDefault);
    const explained: FrameExplanation[] = [];
    const messages: Telegram[] = [];
    const warnings: string[] = [];
    let identification: Identification | undefined;
    let asked = "";
    let checked: CheckState = "absent";
    let at = 0;
    const readers = { reader: new FrameReader(), meter: new FrameReader() };
    let bodies: Uint8Array[] = [];
    for (const step of steps) {
      setAcknowledgement(readers[step.from], step);
      // A new request ends whatever the meter left unfinished.
      if (step.from === "reader") readers.meter.clear();
      const frames = readers[step.from].push(step.bytes);
      const bcc = worstOf(frames);
      explained.push({
        from: step.from,
        explains: frames.map(describeFrame).join("; ") || "part of a frame, or noise",
        hex: step.bytes.toHex(),
        ...(bcc && { checks: { bcc } }),
      });
      if (bcc === "bad") warnings.push(warn("iec.bcc", at, "the check byte does not agree"));
      if (bcc) checked = checked === "bad" ? "bad" : bcc;
      for (const frame of frames) {
        if (frame.kind === "line") identification = findIdentification(frame.line) ?? identification;
        if (step.from === "reader" && frame.kind !== "ack") {
          bodies = frame.kind === "nak" ? bodies.slice(0, -1) : [];
          if (frame.kind !== "nak") asked = frame.kind === "command" ? addressOf(frame) : "";
        }
        if (frame.kind !== "block") continue;
        bodies.push(frame.body);
        if (!frame.last) continue;
        const telegram = { ...telegramOfBodies(bodies, frame.check, identification), offset: at };
        bodies = [];
        const message = explainMessage(telegram, offset, asked);
        messages.push(...message.telegrams);
        warnings.push(...message.warnings.filter((warning) => !warnings.includes(warning)));
      }
      at += step.bytes.length;
    }
    const device = identification && {
      manufacturer: identification.manufacturer,
      identification: identification.identification,
    };
    const session: Telegram = {
      kind: "iec62056-21-session",
      ...(device && { device }),
      checks: { bcc: checked },
      frames: explained,
    };
    return { telegrams: [session, ...messages], warnings };
  },
};

function addressOf(frame: Extract<IecFrame, { kind: "command" }>): string {
  const body = new TextDecoder().decode(frame.body ?? new Uint8Array(0));
  const open = body.indexOf("(");
  return frame.command.startsWith("R") && open > 0 ? body.slice(0, open) : "";
}
