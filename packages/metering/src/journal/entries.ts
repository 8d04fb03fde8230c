import { DecodeError, type EpochMs } from "@energsys/protocols";
import { decodeDateTime, toEpochMs } from "@energsys/protocols/dlms";
import { JournalCursor } from "./cursor.ts";

export const entryKinds = ["profile", "registers", "events", "meters", "outcome"] as const;
export type EntryKind = (typeof entryKinds)[number];

/** One entry of a concentrator's journal (docs/protocols/concentrator-centre.md, section 3); its body is not looked at yet. */
export interface JournalEntry {
  readonly number: number;
  readonly writtenAtMs: EpochMs;
  readonly logicalDevice: number;
  readonly kind: EntryKind;
  /** The body: one value of COSEM data. */
  readonly body: Uint8Array;
  /** The whole entry as it came. */
  readonly bytes: Uint8Array;
}

/** An entry whose columns cannot be read. `number` and `logicalDevice` are there as far as they could be. */
export interface PoisonEntry {
  readonly number: number | undefined;
  readonly logicalDevice: number | undefined;
  readonly code: string;
  readonly bytes: Uint8Array;
}

/** Whether bytes were at fault, and not the program. */
export const isUndecodable = (error: unknown): error is DecodeError => error instanceof DecodeError;

/** Least bytes of an entry: structure of five with the shortest of each. */
const entryBytesMin = 20;

/**
 * Cuts what a GET of the journal gave into entries. One that is wrong inside is poison and does not hide the others; views, no copies.
 * @throws DecodeError `journal.*` when not even the borders of the entries can be found
 */
export function splitJournal(value: Uint8Array): { entries: JournalEntry[]; poison: PoisonEntry[] } {
  const cursor = new JournalCursor(value);
  const count = cursor.array(2);
  const entries: JournalEntry[] = [];
  const poison: PoisonEntry[] = [];
  for (let nth = 0; nth < count; nth++) {
    const start = cursor.offset;
    cursor.skip();
    const bytes = value.subarray(start, cursor.offset);
    const entry = readEntry(bytes);
    if ("code" in entry) poison.push(entry);
    else entries.push(entry);
  }
  if (cursor.left > 0) throw cursor.fail("trailing");
  return { entries, poison };
}

/** One entry by itself, as a dump holds it. What cannot be read comes back as poison. */
export function readEntry(bytes: Uint8Array): JournalEntry | PoisonEntry {
  let number: number | undefined;
  let logicalDevice: number | undefined;
  try {
    if (bytes.length < entryBytesMin) throw new DecodeError("journal.truncated", bytes.length);
    const cursor = new JournalCursor(bytes);
    cursor.structure(5);
    number = cursor.number();
    const writtenAtMs = instantOf(cursor.octets(12));
    logicalDevice = cursor.number();
    const kind = entryKinds[cursor.number() - 1];
    if (number < 1) throw cursor.fail("number");
    if (kind === undefined) throw cursor.fail("kind");
    const body = bytes.subarray(cursor.offset);
    cursor.skip();
    if (cursor.left > 0) throw cursor.fail("trailing");
    return { number, writtenAtMs, logicalDevice, kind, body, bytes };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { number, logicalDevice, code: error.code, bytes };
  }
}

/** An instant of the journal: a date-time that names its deviation. @throws DecodeError `journal.time` */
export function instantOf(bytes: Uint8Array): EpochMs {
  const instant = findInstant(bytes);
  if (instant === undefined) throw new DecodeError("journal.time", 0);
  return instant;
}

/** The same, where it may be unspecified. */
export function findInstant(bytes: Uint8Array): EpochMs | undefined {
  return bytes.length === 12 ? toEpochMs(decodeDateTime(bytes)) : undefined;
}
