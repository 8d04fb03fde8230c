import type { EpochMs } from "@energsys/protocols";
import type { Database } from "./database.ts";
import type { LocalTime } from "./zone.ts";

/** Kinds of entries, by the enum of column 4 (docs/protocols/concentrator-centre.md, section 3). */
export const entryKinds = { profile: 1, registers: 2, events: 3, meters: 4, outcome: 5 } as const;
export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds];

export interface NewEntry {
  /** 1 the concentrator, else a meter or module. */
  readonly logicalDevice: number;
  readonly kind: EntryKind;
  /** Column 5, encoded with its tag. */
  readonly body: Uint8Array;
  /** What of time the entry is about, [fromMs, toMs); an instant has both the same. Absent: when it is written. */
  readonly fromMs?: EpochMs;
  readonly toMs?: EpochMs;
  /** Of an entry that somebody else wrote before; absent: now. */
  readonly writtenMs?: EpochMs;
}

export interface JournalEntry extends Required<NewEntry> {
  readonly number: number;
  readonly writtenMs: EpochMs;
}

export interface EncodedEntries {
  readonly count: number;
  /** Number of the last one; 0 when there is none. */
  readonly last: number;
  /** Whole journal entries as COSEM structures with their tags, one behind the other. */
  readonly bytes: Uint8Array;
}

export interface Journal {
  /** Number of the newest entry; 0 before the first. */
  readonly newest: number;
  /** Number of the oldest one still held; newest + 1 when there is none. */
  readonly oldest: number;
  /** The newest that the centre said it has. */
  readonly taken: number;
  /**
   * Writes entries in one transaction, all or none. Taken ones make room where there is none. Returns the number of the first.
   * @throws ConcentratorError `concentrator.store-full`
   */
  append(entries: readonly NewEntry[]): number;
  /** False when it is beyond the newest entry. It may be set back. */
  setTaken(number: number): boolean;
  /** Whole entries from `from` to `to`, both included, as many as fit in `bytesMax` and at least one. */
  read(from: number, to: number, bytesMax: number): EncodedEntries;
  /** The same as values, for the dump and the console. */
  entries(from: number, to: number): IterableIterator<JournalEntry>;
  /** Entries about a device whose span touches [fromMs, toMs), in order of number. */
  readOf(logicalDevice: number, kind: EntryKind, fromMs: EpochMs, toMs: EpochMs): JournalEntry[];
  /** The newest entry about a device, such as its registers as last read. */
  findLast(logicalDevice: number, kind: EntryKind): JournalEntry | undefined;
  /** Of a number: the entry as a COSEM structure. */
  encode(entry: JournalEntry): Uint8Array<ArrayBuffer>;
  /** Called after each append, outside of the transaction. */
  onAppended(listener: (entries: readonly JournalEntry[]) => void): void;
  onTaken(listener: (taken: number) => void): void;
}

/** structure of 5, and the four columns before the body. */
const headBytes = 26;
/** Rows dropped in one go: a long delete would hold the loop. */
const dropRows = 500;

interface Row {
  number: number;
  written_ms: number;
  device: number;
  kind: number;
  from_ms: number;
  to_ms: number;
  body: Uint8Array;
}

/** The journal on SQLite. Bodies are stored encoded, so that serving is to put them one behind the other. */
export class SqliteJournal implements Journal {
  readonly #database: Database;
  readonly #time: LocalTime;
  readonly #now: () => EpochMs;
  readonly #insert;
  readonly #range;
  readonly #about;
  readonly #last;
  readonly #oldest;
  readonly #drop;
  #newest: number;
  #taken: number;
  #oldestKnown: number | undefined;
  readonly #appended: ((entries: readonly JournalEntry[]) => void)[] = [];
  readonly #takenListeners: ((taken: number) => void)[] = [];
  #unheard: JournalEntry[] = [];

  constructor(database: Database, time: LocalTime, now: () => EpochMs) {
    this.#database = database;
    this.#time = time;
    this.#now = now;
    const { sqlite } = database;
    this.#insert = sqlite.prepare("insert into journal values (?, ?, ?, ?, ?, ?, ?)");
    this.#range = sqlite.prepare("select * from journal where number between ? and ? order by number");
    this.#about = sqlite.prepare(
      "select * from journal where device = ? and kind = ? and to_ms >= ? and from_ms < ? order by number",
    );
    this.#last = sqlite.prepare(
      "select * from journal where device = ? and kind = ? order by to_ms desc, number desc limit 1",
    );
    this.#oldest = sqlite.prepare("select min(number) as oldest from journal");
    // The newest row stays whatever its age: the next number is counted from it.
    this.#drop = sqlite.prepare(
      `delete from journal where number in
         (select number from journal where number <= ? and number < ? and written_ms < ? order by number limit ${dropRows})`,
    );
    const { newest } = sqlite.prepare("select max(number) as newest from journal").get() as {
      newest: number | null;
    };
    this.#newest = newest ?? Number(database.findState("numbersFrom") ?? 0);
    this.#taken = Math.min(Number(database.findState("taken") ?? 0), this.#newest);
  }

  get newest(): number {
    return this.#newest;
  }

  get taken(): number {
    return this.#taken;
  }

  get oldest(): number {
    if (this.#oldestKnown === undefined) {
      const { oldest } = this.#oldest.get() as { oldest: number | null };
      this.#oldestKnown = oldest ?? this.#newest + 1;
    }
    return this.#oldestKnown;
  }

  append(entries: readonly NewEntry[]): number {
    const first = this.#newest + 1;
    if (entries.length === 0) return first;
    const nowMs = this.#now();
    const written: JournalEntry[] = entries.map((entry, index) => {
      const { writtenMs = nowMs, logicalDevice, kind, body } = entry;
      const fromMs = entry.fromMs ?? writtenMs;
      return {
        number: first + index,
        writtenMs,
        fromMs,
        toMs: entry.toMs ?? fromMs,
        logicalDevice,
        kind,
        body,
      };
    });
    this.#database.transaction(() => {
      for (const { number, writtenMs, logicalDevice, kind, fromMs, toMs, body } of written)
        this.#insert.run(number, writtenMs, logicalDevice, kind, fromMs, toMs, body);
    });
    this.#newest += written.length;
    if (this.#database.sqlite.isTransaction) this.#unheard.push(...written);
    else this.#tell(written);
    return first;
  }

  /**
   * One transaction around several appends and other rows of the store, such as the events of a ring and what was learned of
   * its meter: both or none.
   * @throws ConcentratorError `concentrator.store-full`
   */
  together<Result>(work: () => Result): Result {
    if (this.#database.sqlite.isTransaction) return work();
    const newest = this.#newest;
    this.#unheard = [];
    try {
      const result = this.#database.transaction(work);
      const unheard = this.#unheard;
      this.#unheard = [];
      if (unheard.length > 0) this.#tell(unheard);
      return result;
    } catch (error) {
      this.#newest = newest;
      this.#unheard = [];
      throw error;
    }
  }

  setTaken(number: number): boolean {
    if (!Number.isSafeInteger(number) || number < 0 || number > this.#newest) return false;
    this.#database.setState("taken", String(number));
    this.#taken = number;
    for (const listener of this.#takenListeners) listener(number);
    return true;
  }

  read(from: number, to: number, bytesMax: number): EncodedEntries {
    const parts: Uint8Array[] = [];
    let length = 0;
    let last = 0;
    for (const row of this.#range.iterate(from, to)) {
      const entry = entryOf(row as unknown as Row);
      if (parts.length > 0 && length + headBytes + entry.body.length > bytesMax) break;
      const bytes = this.encode(entry);
      parts.push(bytes);
      length += bytes.length;
      last = entry.number;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { count: parts.length, last, bytes };
  }

  *entries(from: number, to: number): IterableIterator<JournalEntry> {
    // In pieces: an open statement would keep the log of the database from being folded in.
    const end = Math.min(to, this.newest);
    for (let at = Math.max(from, this.oldest); at <= end; at += 200) {
      for (const row of this.#range.all(at, Math.min(end, at + 199))) yield entryOf(row as unknown as Row);
    }
  }

  readOf(logicalDevice: number, kind: EntryKind, fromMs: EpochMs, toMs: EpochMs): JournalEntry[] {
    return this.#about.all(logicalDevice, kind, fromMs, toMs).map((row) => entryOf(row as unknown as Row));
  }

  findLast(logicalDevice: number, kind: EntryKind): JournalEntry | undefined {
    const row = this.#last.get(logicalDevice, kind);
    return row ? entryOf(row as unknown as Row) : undefined;
  }

  encode(entry: JournalEntry): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(headBytes + entry.body.length);
    const view = new DataView(bytes.buffer);
    bytes.set([0x02, 0x05, 0x06]);
    view.setUint32(3, entry.number);
    bytes.set([0x09, 0x0c], 7);
    bytes.set(this.#time.dateTime(entry.writtenMs), 9);
    bytes[21] = 0x12;
    view.setUint16(22, entry.logicalDevice);
    bytes[24] = 0x16;
    bytes[25] = entry.kind;
    bytes.set(entry.body, headBytes);
    return bytes;
  }

  onAppended(listener: (entries: readonly JournalEntry[]) => void): void {
    this.#appended.push(listener);
  }

  onTaken(listener: (taken: number) => void): void {
    this.#takenListeners.push(listener);
  }

  /** Drops up to 500 taken entries that were written before `beforeMs`, oldest first. Returns how many. */
  dropTaken(beforeMs: EpochMs): number {
    const { changes } = this.#drop.run(this.#taken, this.#newest, beforeMs);
    this.#oldestKnown = undefined;
    return Number(changes);
  }

  #tell(entries: readonly JournalEntry[]): void {
    if (this.#oldestKnown === undefined || this.#oldestKnown > entries[0]!.number)
      this.#oldestKnown = undefined;
    for (const listener of this.#appended) listener(entries);
  }
}

function entryOf(row: Row): JournalEntry {
  return {
    number: row.number,
    writtenMs: row.written_ms,
    logicalDevice: row.device,
    kind: row.kind as EntryKind,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    body: row.body,
  };
}
