import { type JournalEntry, type PoisonEntry, readEntry } from "./entries.ts";

export const dumpMark = "ENERGSYS-MC-DUMP/1";

/** A dump of a concentrator's store, taken apart (docs/protocols/concentrator-centre.md, section 6). */
export interface JournalDump {
  readonly identity: string;
  readonly firmware: string;
  readonly made: string;
  readonly first: number;
  readonly last: number;
  readonly entries: readonly JournalEntry[];
  readonly poison: readonly PoisonEntry[];
  /** All bytes before the last line, whose SHA-256 the last line names. */
  readonly hashed: Uint8Array;
  readonly sha256: string;
}

/** Why a file is no dump that may be used; `line` counts from 1. */
export class DumpError extends Error {
  override readonly name = "DumpError";
  readonly code: string;
  readonly line: number;

  constructor(code: string, line: number) {
    super(`${code} (line ${line})`);
    this.code = code;
    this.line = line;
  }
}

export const isDump = (file: Uint8Array): boolean =>
  new TextDecoder().decode(file.subarray(0, dumpMark.length + 1)) === `${dumpMark}\n`;

/** Takes a dump apart. Its hash is for the caller to compare. @throws DumpError `dump.mark`, `dump.header`, `dump.entry`, `dump.end`, `dump.count`, `dump.range` */
export function parseDump(file: Uint8Array): JournalDump {
  if (!isDump(file)) throw new DumpError("dump.mark", 1);
  const text = new TextDecoder().decode(file);
  const lines = text.split("\n");
  // A whole file ends in LF, after which nothing stands.
  if (lines.pop() !== "" || lines.length < 3) throw new DumpError("dump.end", lines.length);
  const end = /^END (\d{1,10}) ([0-9A-Fa-f]{64})$/.exec(lines.at(-1) ?? "");
  if (!end) throw new DumpError("dump.end", lines.length);
  const header = headerOf(lines[1] ?? "");
  const rows = lines.slice(2, -1);
  if (rows.length !== Number(end[1])) throw new DumpError("dump.count", lines.length);
  const entries: JournalEntry[] = [];
  const poison: PoisonEntry[] = [];
  rows.forEach((row, index) => {
    if (row.length % 2 !== 0 || !/^[0-9A-Fa-f]+$/.test(row)) throw new DumpError("dump.entry", index + 3);
    const entry = readEntry(bytesOf(row));
    const { number } = entry;
    if (number !== undefined && (number < header.first || number > header.last))
      throw new DumpError("dump.range", index + 3);
    if ("code" in entry) poison.push(entry);
    else entries.push(entry);
  });
  const lastLine = new TextEncoder().encode(`${lines.at(-1)}\n`);
  return {
    ...header,
    entries,
    poison,
    hashed: file.subarray(0, file.length - lastLine.length),
    sha256: (end[2] as string).toLowerCase(),
  };
}

function headerOf(line: string): Pick<JournalDump, "identity" | "firmware" | "made" | "first" | "last"> {
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new DumpError("dump.header", 2);
  }
  const { identity, firmware, made, first, last } = header ?? {};
  const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof identity !== "string" || typeof made !== "string" || !whole(first) || !whole(last))
    throw new DumpError("dump.header", 2);
  return { identity, firmware: typeof firmware === "string" ? firmware : "", made, first, last };
}

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let nth = 0; nth < bytes.length; nth++)
    bytes[nth] = Number.parseInt(hex.slice(nth * 2, nth * 2 + 2), 16);
  return bytes;
}
