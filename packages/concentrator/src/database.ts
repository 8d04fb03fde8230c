import { existsSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConcentratorError } from "./errors.ts";

/**
 * What a concentrator must not forget. A device's row is never removed: its number would come again. `counter_reading` holds
 * what pulse counters showed at the borders of quarter-hours until it is sealed into the journal.
 */
const schema = `
create table if not exists journal (
  number integer primary key, written_ms integer not null, device integer not null, kind integer not null,
  from_ms integer not null, to_ms integer not null, body blob not null
) strict;
create index if not exists journal_span on journal (device, kind, to_ms);
create table if not exists state (key text primary key, value text not null) strict, without rowid;
create table if not exists device (
  logical_device integer primary key, name text not null unique, kind text not null, model text not null, line text not null,
  address text not null, module integer not null, input integer not null, state integer not null, contact_ms integer not null,
  reported integer not null, settings text not null
) strict;
create table if not exists counter_reading (
  device integer not null, boundary_ms integer not null, read_ms integer not null, count integer not null,
  flags integer not null, primary key (device, boundary_ms)
) strict, without rowid;
create table if not exists relay_order (
  number integer primary key, device integer not null, kind integer not null, state text not null, given_ms integer not null,
  tried_ms integer not null, attempts integer not null, detail text not null
) strict;
create index if not exists relay_order_device on relay_order (device, number);
create table if not exists key_counter (key text primary key, next integer not null, heard integer) strict, without rowid;
`;
const tables = ["journal", "state", "device", "counter_reading", "relay_order", "key_counter"] as const;

/** SQLITE_FULL, SQLITE_IOERR and SQLITE_BUSY; SQLITE_CORRUPT and SQLITE_NOTADB. */
const full = 13;
const ioError = 10;
const busy = 5;
const damaged: ReadonlySet<number> = new Set([11, 26]);
const resultOf = (error: unknown): number => ((error as { errcode?: number }).errcode ?? 0) & 0xff;

/** Pages that only the news of a full store may take. */
const headroomPages = 64;
const pageBytes = 4096;

export interface DatabaseOptions {
  /** `:memory:` keeps nothing. */
  readonly path: string;
  /** Nothing is written beyond this size; absent: as much as the disk has. */
  readonly sizeMaxMiB?: number;
  /**
   * `power`: each commit is on the disk when it returns (synchronous=FULL). `process`: it survives the end of the process but not of
   * the supply (synchronous=NORMAL), for virtual concentrators by the thousand on one disk.
   */
  readonly durability?: "power" | "process";
  /** Kept free on the disk for the day when it is full, as a file beside the store; 0 unless told. */
  readonly reserveBytes?: number;
  readonly nowMs: number;
  /** No other process may be its owner at the same time: each would use the other's numbers and counters. */
  readonly exclusive?: boolean;
  /** Another process may be its owner: nothing is written, not even that it was opened. */
  readonly readOnly?: boolean;
}

export interface StoreSize {
  readonly bytes: number;
  /** Of `bytes` what holds nothing and is used again. */
  readonly freeBytes: number;
  /** What may still be written: of the limit, or of the disk. */
  readonly roomBytes: number;
}

/**
 * The SQLite file of one concentrator. WAL, because readers and the writer then do not wait for each other and a power cut leaves
 * the last commit; small caches, because thousands of virtual ones share a process (docs/concentrator.md, store).
 */
export class Database {
  readonly sqlite: DatabaseSync;
  /** How the process before ended. */
  readonly before: "none" | "ordered" | "crash";
  /** What was done to a damaged file, in words; absent when nothing had to be done. */
  readonly repaired: string | undefined;
  readonly #options: DatabaseOptions;
  readonly #lock: DatabaseSync | undefined;
  #depth = 0;
  #headroomGiven = false;

  /** @throws ConcentratorError `concentrator.store` when the file cannot be opened or made */
  constructor(options: DatabaseOptions) {
    this.#options = options;
    const existed = options.path !== ":memory:" && existsSync(options.path);
    try {
      if (options.readOnly) {
        this.sqlite = new DatabaseSync(options.path, { readOnly: true });
        this.sqlite.exec("pragma busy_timeout = 2000");
        this.before = "none";
        return;
      }
      if (options.exclusive && options.path !== ":memory:") this.#lock = locked(options.path);
      let sqlite: DatabaseSync | undefined;
      let before: Database["before"] = "none";
      try {
        sqlite = this.#opened();
        const clean = (
          sqlite.prepare("select value from state where key = 'clean'").get() as { value: string } | undefined
        )?.value;
        before = !existed || clean === undefined ? "none" : clean === "1" ? "ordered" : "crash";
        if (before === "crash") {
          const said = (sqlite.prepare("pragma quick_check(1)").get() as { quick_check: string }).quick_check;
          if (said !== "ok") throw Object.assign(new Error(said), { errcode: 11 });
        }
      } catch (error) {
        if (!existed || !damaged.has(resultOf(error))) throw error;
        sqlite?.close();
        this.repaired = salvage(options, error as Error);
        sqlite = open(options);
        before = "crash";
      }
      this.sqlite = sqlite;
      this.before = before;
      this.setState("clean", "0");
      if (!this.#headroomGiven) this.#keepReserve();
    } catch (cause) {
      this.#lock?.close();
      throw new ConcentratorError(
        "concentrator.store",
        `${options.path}: ${(cause as Error).message}`,
        cause,
      );
    }
  }

  /** Whether what was kept for a full store is given up: reading waits until there is room again. */
  get headroomGiven(): boolean {
    return this.#headroomGiven;
  }

  /** A disk that filled while nobody ran has no room for the log of the store: what is kept beside it is for that too. */
  #opened(): DatabaseSync {
    try {
      return open(this.#options);
    } catch (error) {
      const { path } = this.#options;
      if ((resultOf(error) !== full && resultOf(error) !== ioError) || !existsSync(`${path}.reserve`))
        throw error;
      this.#headroomGiven = true;
      rmSync(`${path}.reserve`);
      return open(this.#options);
    }
  }

  /** Runs `work` in one transaction; inside another one it is part of that. @throws ConcentratorError `concentrator.store-full` */
  transaction<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work();
    this.#depth++;
    try {
      this.sqlite.exec("begin immediate");
      const result = work();
      this.sqlite.exec("commit");
      return result;
    } catch (cause) {
      if (this.sqlite.isTransaction) this.sqlite.exec("rollback");
      const result = resultOf(cause);
      if (result === full || result === ioError)
        throw new ConcentratorError("concentrator.store-full", (cause as Error).message, cause);
      throw cause;
    } finally {
      this.#depth--;
    }
  }

  findState(key: string): string | undefined {
    const row = this.sqlite.prepare("select value from state where key = ?").get(key);
    return (row as { value: string } | undefined)?.value;
  }

  setState(key: string, value: string): void {
    this.sqlite
      .prepare("insert into state values (?, ?) on conflict do update set value = excluded.value")
      .run(key, value);
  }

  size(): StoreSize {
    const pragma = (name: string) =>
      Number(Object.values(this.sqlite.prepare(`pragma ${name}`).get() as Record<string, number>)[0]);
    const bytes = pragma("page_count") * pageBytes;
    const freeBytes = pragma("freelist_count") * pageBytes;
    const { sizeMaxMiB, path } = this.#options;
    let roomBytes = Number.POSITIVE_INFINITY;
    if (sizeMaxMiB !== undefined) roomBytes = Math.max(0, sizeMaxMiB * 1_048_576 - bytes + freeBytes);
    if (path !== ":memory:") {
      const disk = statfsSync(dirname(path));
      // What was given up is to be kept again before there is room for anything else.
      const owedBytes = this.#headroomGiven ? (this.#options.reserveBytes ?? 0) : 0;
      roomBytes = Math.min(roomBytes, Math.max(0, disk.bavail * disk.bsize - owedBytes) + freeBytes);
    }
    return { bytes, freeBytes, roomBytes };
  }

  /** Gives up what was kept for this moment, so that the news of the full store can be written. */
  giveHeadroom(): void {
    if (this.#headroomGiven) return;
    this.#headroomGiven = true;
    const { path, sizeMaxMiB, reserveBytes } = this.#options;
    if (sizeMaxMiB !== undefined) limitPages(this.sqlite, sizeMaxMiB, headroomPages);
    if (reserveBytes && path !== ":memory:") rmSync(`${path}.reserve`, { force: true });
  }

  /** Takes it again, when there is room. */
  takeHeadroom(): void {
    if (!this.#headroomGiven) return;
    this.#headroomGiven = false;
    if (this.#options.sizeMaxMiB !== undefined) limitPages(this.sqlite, this.#options.sizeMaxMiB, 0);
    this.#keepReserve();
  }

  close(): void {
    if (!this.sqlite.isOpen) return;
    try {
      if (!this.#options.readOnly) this.setState("clean", "1");
    } finally {
      this.sqlite.close();
      this.#lock?.close();
    }
  }

  #keepReserve(): void {
    const { path, reserveBytes = 0 } = this.#options;
    if (reserveBytes === 0 || path === ":memory:" || existsSync(`${path}.reserve`)) return;
    try {
      writeFileSync(`${path}.reserve`, new Uint8Array(reserveBytes));
    } catch {
      // There is no room for it: the store works without, and will say that it is nearly full.
      rmSync(`${path}.reserve`, { force: true });
    }
  }
}

function limitPages(sqlite: DatabaseSync, sizeMaxMiB: number, extra: number): void {
  sqlite.exec(`pragma max_page_count = ${(sizeMaxMiB * 1_048_576) / pageBytes + extra}`);
}

/**
 * An empty file beside the store, locked until it is closed or the process ends in whatever way. The store itself stays open to readers
 * such as a dump.
 */
function locked(path: string): DatabaseSync {
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    // Nothing is written for it, on a full disk neither.
    lock.exec("pragma journal_mode = memory; begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    if (resultOf(error) === busy) throw new Error("another concentrator runs with it");
    throw error;
  }
}

function open({ path, durability = "power", sizeMaxMiB }: DatabaseOptions): DatabaseSync {
  const sqlite = new DatabaseSync(path);
  try {
    sqlite.exec(`
      pragma page_size = ${pageBytes};
      pragma journal_mode = wal;
      pragma synchronous = ${durability === "power" ? "full" : "normal"};
      pragma cache_size = -256;
      pragma temp_store = memory;
      pragma wal_autocheckpoint = 250;
      pragma journal_size_limit = 1048576;
      pragma busy_timeout = 2000;
    `);
    if (sizeMaxMiB !== undefined) limitPages(sqlite, sizeMaxMiB, 0);
    sqlite.exec(schema);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/**
 * Puts a damaged file aside and saves what can be read of it into a new one: the journal from both ends towards the damage. When nothing
 * of the journal is left its numbers go on from the seconds of the epoch, which no concentrator has reached by counting: a number never
 * comes again.
 */
function salvage(options: DatabaseOptions, cause: Error): string {
  const { path, nowMs } = options;
  const aside = `${path}.damaged-${nowMs}`;
  renameSync(path, aside);
  // The log of a damaged file belongs to it.
  for (const end of ["-wal", "-shm"]) if (existsSync(path + end)) renameSync(path + end, aside + end);
  const fresh = open(options);
  let saved = 0;
  try {
    const old = new DatabaseSync(aside);
    for (const table of tables) {
      for (const order of table === "journal" ? ["order by number", "order by number desc"] : [""]) {
        try {
          for (const row of old.prepare(`select * from ${table} ${order}`).iterate()) {
            const values = Object.values(row);
            const marks = values.map(() => "?").join(", ");
            const { changes } = fresh
              .prepare(`insert or ignore into ${table} values (${marks})`)
              .run(...values);
            if (Number(changes) === 0) break;
            saved++;
          }
        } catch {
          // Here the damage begins; what lies behind it is reached from the other end.
        }
      }
    }
    old.close();
  } catch {
    // Not even its first page can be read.
  }
  const { newest } = fresh.prepare("select coalesce(max(number), 0) as newest from journal").get() as {
    newest: number;
  };
  if (newest === 0) {
    fresh
      .prepare("insert or replace into state values ('numbersFrom', ?)")
      .run(String(Math.floor(nowMs / 1000)));
  }
  fresh.close();
  return `${cause.message.slice(0, 80)}; ${saved} rows were saved`;
}
