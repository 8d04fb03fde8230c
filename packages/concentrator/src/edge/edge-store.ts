import { errorCode } from "@energsys/drivers";
import type { EpochMs } from "@energsys/protocols";
import { encodeEventsBody } from "../bodies.ts";
import type { ConcentratorConfig } from "../config.ts";
import { Counters } from "../counters.ts";
import { Database } from "../database.ts";
import { type Change, Devices } from "../devices.ts";
import type { ConcentratorOptions, Device } from "../edge.ts";
import { ConcentratorError } from "../errors.ts";
import { entryKinds, type JournalEntry, type NewEntry, SqliteJournal } from "../journal.ts";
import { StoredKeyCounters } from "../key-counters.ts";
import { meterKeys } from "../meter-reading.ts";
import { Orders } from "../orders.ts";
import type { OwnClock } from "../own-clock.ts";
import { bringPast } from "../past.ts";
import { LocalTime } from "../zone.ts";

const dayMs = 86_400_000;

/** What one concentrator keeps, and what becomes of it when there is no room left. */
export class EdgeStore {
  readonly config: ConcentratorConfig;
  readonly clock: OwnClock;
  readonly time: LocalTime;
  readonly journal: SqliteJournal;
  readonly devices: Devices;
  readonly counters: Counters;
  readonly orders: Orders;
  readonly log;
  readonly startedMs: EpochMs;
  readonly starts: number;
  readonly #database: Database;
  readonly #keyCounters: StoredKeyCounters;
  readonly #urgent: ((entries: readonly JournalEntry[]) => void)[] = [];
  readonly #urgentNumbers = new Set<number>();
  #readingStopped = false;
  #nearlyFull = false;
  #stopped = false;

  /** @throws ConcentratorError `concentrator.store` */
  constructor(config: ConcentratorConfig, clock: OwnClock, options: ConcentratorOptions) {
    this.config = config;
    this.clock = clock;
    this.log = options.log;
    this.time = new LocalTime(config.zone);
    const { path, sizeMaxMiB } = config.store;
    this.#database = new Database({
      path,
      nowMs: clock.now(),
      ...(sizeMaxMiB === undefined ? {} : { sizeMaxMiB }),
      ...options.store,
    });
    this.#keyCounters = new StoredKeyCounters(this.#database);
    const now = () => clock.now();
    this.journal = new SqliteJournal(this.#database, this.time, now);
    this.devices = new Devices(this.#database, this.journal, this.time, now);
    this.counters = new Counters(this.#database, this.journal, this.time);
    this.orders = new Orders(this.#database, this.journal, this.devices, this.time, now);
    this.journal.onAppended((entries) => {
      const urgent = entries.filter(
        ({ number, logicalDevice, kind }) =>
          kind === entryKinds.events && (logicalDevice === 1 || this.#urgentNumbers.delete(number)),
      );
      if (urgent.length > 0) for (const listener of this.#urgent) listener(urgent);
    });
    this.#bring(options);
    this.startedMs = clock.now();
    this.starts = Number(this.#database.findState("starts") ?? 0) + 1;
    this.guarded(() => {
      this.#database.setState("starts", String(this.starts));
      if (this.#database.repaired !== undefined) this.recordEvent(0x0201, this.#database.repaired);
      const why = options.startedBecause ?? (this.#database.before === "crash" ? "after a crash" : "ordered");
      this.recordEvent(0x0001, why);
      if (!clock.reliable) this.recordEvent(0x0004, "not set since start");
    });
    if (this.#database.headroomGiven) this.#stopReading();
  }

  #bring({ meanwhile, past }: ConcentratorOptions): void {
    const { journal, devices, counters } = this;
    if (meanwhile && journal.newest > 0) {
      const readings = meanwhile(devices.all(), (device) => counters.lastOf(device));
      this.guarded(() => counters.keep(readings));
    } else if (past && journal.newest === 0) {
      bringPast(past(this.time), { journal, devices, counters });
    }
  }

  /** It was closed, and takes nothing any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** There is no room for readings until the centre has taken what is here. */
  get readingStopped(): boolean {
    return this.#readingStopped;
  }

  /**
   * Until the clock is reliable nothing is sealed and no register is written: a setting can still put the stamps of the one right, and the
   * other is read anew. After a day both are written with a mark.
   */
  get waitsForTime(): boolean {
    return !this.clock.reliable && this.clock.now() - this.startedMs < dayMs;
  }

  /** @throws ConcentratorError `device.unknown` */
  known(logicalDevice: number): Device {
    const device = this.devices.find(logicalDevice);
    if (!device) throw new ConcentratorError("device.unknown", String(logicalDevice));
    return device;
  }

  /** Secrets of a meter, with the counters of its keys. */
  keysOf(name: string) {
    return meterKeys(this.config, name, (key) => this.#keyCounters.open(key));
  }

  onUrgent(listener: (entries: readonly JournalEntry[]) => void): void {
    this.#urgent.push(listener);
  }

  /** An event of the concentrator itself. */
  recordEvent(code: number, detail: string): void {
    const atMs = this.clock.now();
    const body = encodeEventsBody([{ atMs, code, sequence: 0, detail }], this.time, !this.clock.reliable);
    this.journal.append([{ logicalDevice: 1, kind: entryKinds.events, body }]);
  }

  /** News of the topology, as events of the concentrator itself. */
  tell(changes: readonly Change[]): void {
    for (const { code, detail } of changes) this.recordEvent(code, detail);
  }

  /** Events of a meter or module that the centre is to hear of at once. */
  appendUrgent(entry: NewEntry): void {
    this.#urgentNumbers.add(this.journal.newest + 1);
    this.journal.append([entry]);
  }

  /** Writes; a full store first gives up what is taken, then stops the reading. */
  guarded(work: () => void): boolean {
    try {
      this.journal.together(work);
      return true;
    } catch (error) {
      if (!(error instanceof ConcentratorError) || error.code !== "concentrator.store-full") {
        if (this.#stopped) return false;
        throw error;
      }
      try {
        if (this.journal.dropTaken(Number.MAX_SAFE_INTEGER) > 0) return this.guarded(work);
      } catch {
        // Not even room to drop: the headroom below is for that.
      }
      this.#stopReading();
      return false;
    }
  }

  #stopReading(): void {
    if (this.#readingStopped) return;
    this.#readingStopped = true;
    this.#database.giveHeadroom();
    try {
      this.recordEvent(0x0203, `${this.journal.newest - this.journal.taken} entries are not taken`);
    } catch (error) {
      this.log.error({ code: errorCode(error) }, "the store is full");
    }
  }

  /** Says when room runs short, and lets the reading go on once there is some again. */
  watchRoom(): void {
    const { bytes, freeBytes, roomBytes } = this.#database.size();
    const used = bytes - freeBytes;
    if (this.#readingStopped) {
      let dropped = 0;
      for (let part = 1; part > 0 && dropped < 5000; dropped += part) {
        part = this.journal.dropTaken(Number.MAX_SAFE_INTEGER);
      }
      const room = this.#database.size().roomBytes;
      if (room < Math.max(65_536, 0.05 * used)) return;
      this.#database.takeHeadroom();
      this.#readingStopped = false;
      this.recordEvent(0x0204, `${Math.floor(Math.min(room, 1e12) / 1024)} KiB`);
    } else if (roomBytes < 0.1 * (used + roomBytes) && !this.#nearlyFull) {
      this.#nearlyFull = true;
      this.recordEvent(0x0202, `${Math.floor(roomBytes / 1024)} KiB left`);
    } else if (roomBytes > 0.2 * (used + roomBytes)) this.#nearlyFull = false;
  }

  /** Bytes used, and for how many days the rest lasts by what it grew since the start. */
  room(): { readonly bytes: number; readonly daysLeft: number } {
    const { bytes, freeBytes, roomBytes } = this.#database.size();
    const days = Math.max(1 / 24, (this.clock.now() - this.startedMs) / dayMs);
    const perDay = Math.max(1, (bytes - freeBytes) / Math.max(1, Math.min(days, this.config.store.keepDays)));
    return { bytes, daysLeft: Math.min(0xffff, Math.floor(roomBytes / perDay)) };
  }

  stop(why: "ordered" | "supply" | "configuration"): void {
    this.#stopped = true;
    this.guarded(() => {
      if (why === "ordered") this.recordEvent(0x0002, why);
    });
    this.#database.close();
  }
}
