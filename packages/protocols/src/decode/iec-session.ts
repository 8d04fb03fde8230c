import {
  FrameReader,
  findIdentification,
  type Identification,
  type IecFrame,
  telegramOfBodies,
  zoneOffset,
} from "../iec62056-21/index.ts";
import type {
  Explanation,
  FrameExplanation,
  SessionRecogniser,
  SessionStep,
  Telegram,
} from "./explanation.ts";
import { explainMessage } from "./iec-message.ts";
import { describeFrame, zoneDefault } from "./iec-text.ts";
import { warn } from "./warning.ts";

const hexOf = (bytes: Uint8Array): string => bytes.toHex();

function framesOf(step: SessionStep): IecFrame[] {
  const selects = step.from === "reader" && step.bytes.length > 1;
  return new FrameReader({ acknowledgement: selects ? "option-select" : "alone" }).push(step.bytes);
}

/**
 * Mode C begins with a sign-on, a break before it, or (where the recording began late) an identification. Frames of
 * HDLC mean that mode E took over: then it is a session of DLMS.
 */
function isModeC(steps: readonly SessionStep[]): boolean {
  const first = steps[0] && framesOf(steps[0])[0];
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
    let checked: "good" | "bad" | "absent" = "absent";
    let at = 0;
    for (const step of steps) {
      const frames = framesOf(step);
      const bcc = frames.map((frame) => ("check" in frame ? frame.check : undefined)).find((check) => check);
      explained.push({
        from: step.from,
        explains: frames.map(describeFrame).join("; ") || "no frame",
        hex: hexOf(step.bytes),
        ...(bcc && { checks: { bcc } }),
      });
      if (bcc === "bad") warnings.push(warn("iec.bcc", at, "the check byte does not agree"));
      if (bcc) checked = checked === "bad" || bcc === "bad" ? "bad" : "good";
      for (const frame of frames) {
        if (frame.kind === "line") identification = findIdentification(frame.line) ?? identification;
        if (frame.kind === "line" || frame.kind === "option-select") asked = "";
        if (frame.kind === "command" && step.from === "reader") asked = addressOf(frame);
        if (frame.kind !== "block") continue;
        const telegram = { ...telegramOfBodies([frame.body], frame.check, identification), offset: at };
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
