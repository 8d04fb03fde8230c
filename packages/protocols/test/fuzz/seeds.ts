import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeApdu } from "@energsys/protocols/dlms";
import { FrameReader } from "@energsys/protocols/hdlc";

const fixtures = join(import.meta.dirname, "../fixtures");
const shared = process.env.ENERGSYS_SHARED ?? join(import.meta.dirname, "../../../../../shared");

/** Whether the captures beside the project were there to begin with. */
export const sharedIsThere = existsSync(join(shared, "captures"));

export interface Seeds {
  /** Telegrams of IEC 62056-21 and P1. */
  readonly texts: readonly Uint8Array[];
  /** DLMS telegrams as sent: HDLC, M-Bus and wrapper frames, bare APDUs. */
  readonly binaries: readonly Uint8Array[];
  /** Recorded exchanges as files. */
  readonly sessions: readonly Uint8Array[];
  /** What single steps of the exchanges hold. */
  readonly steps: readonly Uint8Array[];
  readonly apdus: readonly Uint8Array[];
  /** COSEM data inside of the APDUs. */
  readonly data: readonly Uint8Array[];
}

function read(folder: string, ending: string): Uint8Array[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ending) && file !== "index.json");
  return files.sort().map((file) => new Uint8Array(readFileSync(join(folder, file))));
}

/** Hex text as bytes, by a reading of its own. */
export function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.fromHex(text.replace(/[^0-9A-Fa-f]/g, ""));
}

function stepsOf(session: Uint8Array): Uint8Array[] {
  const { steps } = JSON.parse(new TextDecoder().decode(session)) as {
    steps?: { hex?: string; ascii?: string }[];
  };
  return (steps ?? []).map(({ hex, ascii }) =>
    hex === undefined ? Uint8Array.from(ascii ?? "", (each) => each.charCodeAt(0) & 0xff) : bytesOfHex(hex),
  );
}

/** The APDUs in HDLC frames, behind wrapper headers, or bare. */
function apdusOf(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] === 0 && bytes[1] === 1) return [bytes.slice(8)];
  const frames = new FrameReader().push(bytes).map(({ information }) => information.slice());
  return [
    ...frames.map((each) => (each[0] === 0xe6 ? each.slice(3) : each)),
    // A push in M-Bus frames: the APDU begins behind the header.
    ...(bytes[0] === 0x68 ? [bytes.slice(9)] : []),
    ...(frames.length === 0 && bytes[0] !== 0x68 ? [bytes] : []),
  ].filter(({ length }) => length > 0);
}

/** Data starts somewhere in an APDU: behind a structure's or an array's tag. */
function dataOf(apdu: Uint8Array): Uint8Array[] {
  const start = apdu.findIndex(
    (byte, at) => at > 1 && at < 24 && (byte === 1 || byte === 2 || byte === 0x13),
  );
  return start < 0 ? [] : [apdu.slice(start)];
}

export function readSeeds(): Seeds {
  const both = (folder: string, ending: string): Uint8Array[] => [
    ...read(join(fixtures, folder), ending),
    ...read(join(shared, "captures", folder), ending),
  ];
  const binaries = both("dlms", ".hex").map((text) => bytesOfHex(new TextDecoder().decode(text)));
  const sessions = [
    ...read(join(fixtures, "iec62056-21"), "-session.json"),
    ...read(join(shared, "captures/sessions"), ".json"),
  ];
  const steps = sessions.flatMap(stepsOf);
  const apdus = [...binaries, ...steps].flatMap(apdusOf).filter(canBeApdu);
  return {
    texts: both("iec62056-21", ".txt"),
    binaries,
    sessions,
    steps,
    apdus,
    data: apdus.flatMap(dataOf),
  };
}

function canBeApdu(bytes: Uint8Array): boolean {
  try {
    decodeApdu(bytes);
    return true;
  } catch {
    return bytes.length > 30;
  }
}
