import { computeBcc } from "../iec62056-21/checks.ts";
import type { SessionStep } from "./explanation.ts";

/** What an input turned out to be made of. */
export type Material =
  | { readonly form: "bytes"; readonly bytes: Uint8Array }
  | { readonly form: "session"; readonly steps: readonly SessionStep[] };

const blank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const upper = code & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}

/** Bytes written as hex digits with any white space between; `undefined` when the input is something else. */
export function findHex(input: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(input.length >> 1);
  let length = 0;
  let high = -1;
  for (const code of input) {
    if (blank(code)) continue;
    const digit = hexDigit(code);
    if (digit < 0) return undefined;
    if (high < 0) high = digit;
    else {
      bytes[length++] = high * 16 + digit;
      high = -1;
    }
  }
  return high < 0 && length > 0 ? bytes.subarray(0, length) : undefined;
}

const checkMark = "<BCC>";

/** Text of a step with `<BCC>` replaced by the check byte of the block before it. */
function bytesOfText(text: string): Uint8Array {
  const mark = text.indexOf(checkMark);
  const plain = mark < 0 ? text : text.slice(0, mark);
  const bytes = Uint8Array.from(plain, (character) => character.charCodeAt(0));
  if (mark < 0) return bytes;
  const start = bytes.findIndex((byte) => byte === 0x01 || byte === 0x02);
  return Uint8Array.from([...bytes, computeBcc(bytes, start + 1)]);
}

function stepOf(entry: unknown): SessionStep | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { dir, hex, ascii } = entry as Record<string, unknown>;
  const from = dir === "to-meter" ? "reader" : dir === "from-meter" ? "meter" : undefined;
  if (from === undefined) return undefined;
  if (typeof hex === "string") {
    const bytes = findHex(new TextEncoder().encode(hex));
    return bytes && { from, bytes };
  }
  return typeof ascii === "string" ? { from, bytes: bytesOfText(ascii) } : undefined;
}

const linesMax = 100_000;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The entries of a recording in JSON lines: a first line that says `session`, then one for each turn. */
function entriesOfLines(text: string): unknown[] {
  const lines = text.split("\n", linesMax);
  const head = parseJson(lines[0] ?? "");
  if (typeof head !== "object" || head === null || !("session" in head)) return [];
  // The last line is broken when the recording process was killed.
  return lines.slice(1).map(parseJson);
}

/**
 * The steps of a session file: JSON with `steps`, each `{dir: "to-meter" | "from-meter", hex | ascii}`, or the same as
 * JSON lines, as `SessionRecorder` writes them.
 */
export function findSession(input: Uint8Array): SessionStep[] | undefined {
  const first = input.find((code) => !blank(code));
  if (first !== 0x7b) return undefined;
  const text = new TextDecoder().decode(input);
  const document = parseJson(text) as { steps?: unknown } | undefined;
  const entries = document === undefined ? entriesOfLines(text) : document.steps;
  if (!Array.isArray(entries)) return undefined;
  const steps = entries.map(stepOf).filter((step) => step !== undefined);
  return steps.length > 0 ? steps : undefined;
}

/** A session file, hex text, or the bytes themselves. */
export function materialOf(input: Uint8Array): Material {
  const steps = findSession(input);
  if (steps) return { form: "session", steps };
  return { form: "bytes", bytes: findHex(input) ?? input };
}
