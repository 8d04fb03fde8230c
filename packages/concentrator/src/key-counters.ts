import { createHash } from "node:crypto";
import type { KeyCounters } from "@energsys/drivers";
import { CounterReplay } from "@energsys/protocols/dlms";
import type { Database } from "./database.ts";

/** Counters that may have been given out after what is left of a damaged store. */
const lostMost = 1_000_000;

/**
 * Invocation counters of the keys of ciphered meters, in the store: what is sent is reserved there, on the disk, before it is used, so
 * that no counter is used twice under a key whenever the process ends; what is heard must rise. A key stands there by half of its
 * SHA-256.
 */
export class StoredKeyCounters {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    // What was saved of a damaged file may be older than what was sent.
    if (database.repaired !== undefined)
      database.sqlite.prepare("update key_counter set next = next + ?").run(lostMost);
  }

  /** The counters of one key. */
  open(key: Uint8Array): KeyCounters {
    const { sqlite } = this.#database;
    const id = createHash("sha256").update("energsys key ").update(key).digest("hex").slice(0, 32);
    const row = () =>
      sqlite.prepare("select next, heard from key_counter where key = ?").get(id) as
        | { readonly next: number; readonly heard: number | null }
        | undefined;
    const database = this.#database;
    let from = 1;
    let heard = row()?.heard ?? undefined;
    let used = row() !== undefined;
    return {
      get fresh() {
        return !used;
      },
      raise(next) {
        from = Math.max(from, next);
      },
      async reserve(count) {
        return database.transaction(() => {
          const first = Math.max(row()?.next ?? 1, from);
          sqlite
            .prepare(
              "insert into key_counter values (?, ?, null) on conflict do update set next = excluded.next",
            )
            .run(id, first + count);
          used = true;
          return first;
        });
      },
      received: () => heard,
      accept(counter) {
        database.transaction(() => {
          const before = row()?.heard ?? -1;
          if (counter <= before) throw new CounterReplay(counter, before + 1);
          sqlite
            .prepare(
              "insert into key_counter values (?, 1, ?) on conflict do update set heard = excluded.heard",
            )
            .run(id, counter);
        });
        heard = counter;
      },
    };
  }
}
