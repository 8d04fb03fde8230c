import { DecodeError } from "../errors.ts";
import { type FrameReader, type FrameReaderOptions, FrameReader as Frames, type IecFrame } from "./frames.ts";
import type { Check } from "./telegram.ts";

/** What a meter hears from its reader. */
export type MeterRequest =
  /** `/?address!`: the address is empty when whoever is there shall answer. */
  | { readonly kind: "sign-on"; readonly address: string }
  /** `ACK V Z Y`, one character each. */
  | {
      readonly kind: "option-select";
      readonly protocol: string;
      readonly baudCharacter: string;
      readonly mode: string;
    }
  | { readonly kind: "ack" }
  | { readonly kind: "nak" }
  /** `SOH R1 STX address(argument) ETX`; a command without a body has an empty address and no argument. */
  | {
      readonly kind: "command";
      readonly command: string;
      readonly address: string;
      readonly argument: string;
      /** False when more parts of a partial write follow (EOT). */
      readonly last: boolean;
      readonly check: Check;
    }
  /** A part of a write on its own, `STX … EOT`, as some readers send all but the first. */
  | { readonly kind: "part"; readonly body: string; readonly last: boolean; readonly check: Check };

/** The request in a frame; `undefined` for a frame that no reader sends. */
export function requestOf(frame: IecFrame): MeterRequest | undefined {
  switch (frame.kind) {
    case "ack":
    case "nak":
      return frame;
    case "line":
      if (!frame.line.startsWith("/?")) return undefined;
      return { kind: "sign-on", address: addressOf(frame.line) };
    case "option-select": {
      const [protocol, baudCharacter, mode] = frame.options;
      if (protocol === undefined || baudCharacter === undefined || mode === undefined) return undefined;
      return { kind: "option-select", protocol, baudCharacter, mode };
    }
    case "command": {
      const body = frame.body ? String.fromCharCode(...frame.body.subarray(0, bodyLengthMax)) : "";
      const open = body.indexOf("(");
      const close = body.lastIndexOf(")");
      return {
        kind: "command",
        command: frame.command,
        address: open < 0 ? body : body.slice(0, open),
        argument: open < 0 ? "" : body.slice(open + 1, close > open ? close : undefined),
        last: frame.last,
        check: frame.check,
      };
    }
    default:
      return undefined;
  }
}

const bodyLengthMax = 4096;

/** A block from a reader can only be a part of a write. */
function partOf(frame: IecFrame): MeterRequest | undefined {
  if (frame.kind !== "block") return undefined;
  const body = String.fromCharCode(...frame.body.subarray(0, bodyLengthMax));
  return { kind: "part", body, last: frame.last, check: frame.check };
}

function addressOf(line: string): string {
  const end = line.indexOf("!");
  return line.slice(2, end < 0 ? undefined : end).trim();
}

/** Whether a meter answers to a sign-on: leading zeros of the address mean nothing, an empty one means everybody. */
export function addressMatches(requested: string, own: string): boolean {
  if (requested === "") return true;
  const bare = (address: string): string => {
    let at = 0;
    while (at < address.length - 1 && address[at] === "0") at++;
    return address.slice(at).toUpperCase();
  };
  return bare(requested) === bare(own);
}

/**
 * Finds the requests in what a meter hears. Set `acknowledgement` to `"option-select"` while an identification waits
 * for its answer, and to `"alone"` while partial blocks are acknowledged.
 */
export class RequestReader {
  readonly #frames: FrameReader;

  constructor(options: FrameReaderOptions = {}) {
    this.#frames = new Frames({
      frameLengthMax: bodyLengthMax,
      acknowledgement: "option-select",
      ...options,
    });
  }

  set acknowledgement(how: "alone" | "option-select") {
    this.#frames.acknowledgement = how;
  }

  push(chunk: Uint8Array): MeterRequest[] {
    return this.#frames
      .push(chunk)
      .map((frame) => partOf(frame) ?? requestOf(frame))
      .filter((request) => request !== undefined);
  }

  /** Forgets a request that was begun: the line went silent, or the session ended. */
  clear(): void {
    this.#frames.clear();
  }
}

/** The one request that `bytes` hold. @throws DecodeError `iec.request` when there is none or more than one */
export function decodeCommand(bytes: Uint8Array): MeterRequest {
  const acknowledgement = bytes.length > 1 ? "option-select" : "alone";
  const requests = new RequestReader({ acknowledgement }).push(bytes);
  const [request] = requests;
  if (requests.length !== 1 || !request || request.kind === "part")
    throw new DecodeError("iec.request", 0, `${requests.length} requests in these bytes`);
  return request;
}
