import { originOf } from "../audit/acting.ts";
import type { Database, Queryable } from "../database.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";

/** Letters of a code that may be typed in groups, at least. */
const codeLeast = 8;

/** What is remembered of a row: `text` is what words are looked for in, folded. */
export interface Remembered {
  readonly text: string;
}

/** Rows of which an index is made. */
export interface PersonalSource<Entry extends Remembered, Sort extends keyof Entry & string> {
  /** Numbers of the rows that transactions from `horizon` on may have changed; of all when it is `"0"`. */
  readonly changedSince: (db: Queryable, horizon: string) => Promise<readonly number[]>;
  /** These rows, opened; one that is gone is left out. */
  readonly open: (
    db: Queryable,
    ring: KeyRing,
    ids: readonly number[],
  ) => Promise<ReadonlyMap<number, Entry>>;
  /** How the values of an order compare. */
  readonly orders: Readonly<Record<Sort, (one: string, other: string) => number>>;
}

/** Rows that are opened before others get their turn: about 15 ms of work. */
const chunkMax = 2_500;
const written = new Intl.Collator("ro");
/** The language's own order of letters, for what people wrote. */
export const asWritten = (one: string, other: string): number => written.compare(one, other);
/** Codes and numbers, as they are. */
export const asCode = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Sealed values of all rows of a table, opened, in the memory of a process that may see them: what lists search in and are sorted
 * by (docs/adr/0013-personal-data-sealed.md). Brought up to date before each use with what changed since. Whose rows they are is
 * not decided here: whoever takes numbers from it puts them into a statement with the scope.
 */
export class PersonalIndex<Entry extends Remembered, Sort extends keyof Entry & string> {
  readonly #db: Queryable;
  readonly #ring: KeyRing;
  readonly #source: PersonalSource<Entry, Sort>;
  readonly #entries = new Map<number, Entry>();
  readonly #sorted = new Map<Sort, number[]>();
  /** Transactions from this one on may have changed something that is not here. */
  #horizon = "0";
  #refreshing: Promise<void> | undefined;
  #again: Promise<void> | undefined;

  constructor(db: Queryable, ring: KeyRing, source: PersonalSource<Entry, Sort>) {
    this.#db = db;
    this.#ring = ring;
    this.#source = source;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(id: number): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Whatever was committed before the call is in after it. A look that is under way may have begun too early: it is waited for. */
  refresh(): Promise<void> {
    if (!this.#refreshing) {
      this.#refreshing = this.#read().finally(() => {
        this.#refreshing = undefined;
      });
      return this.#refreshing;
    }
    this.#again ??= this.#refreshing
      .catch(() => {})
      .then(() => {
        this.#again = undefined;
        return this.refresh();
      });
    return this.#again;
  }

  /** Rows in whose text every one of the folded words occurs. */
  withWords(words: readonly string[]): number[] {
    const found: number[] = [];
    for (const [id, { text }] of this.#entries) {
      if (words.every((word) => text.includes(word))) found.push(id);
    }
    return found;
  }

  /**
   * As `withWords`, but a code that was typed in groups, as it is printed (`RO001 E510 1234567`), finds what has it as a whole; when nothing
   * has, its parts are words.
   */
  withWordsOrCode(words: readonly string[]): number[] {
    const code = words.join("");
    const isCode = words.length > 1 && code.length >= codeLeast && /\d/.test(code);
    const whole = isCode ? this.withWords([code]) : [];
    return whole.length > 0 ? whole : this.withWords(words);
  }

  /** Numbers of all rows in an order; equal ones by number. */
  order(sort: Sort): readonly number[] {
    let sorted = this.#sorted.get(sort);
    if (!sorted) {
      sorted = [...this.#entries.keys()].sort(this.#comparison(sort));
      this.#sorted.set(sort, sorted);
    }
    return sorted;
  }

  /** Takes out rows that the database no longer has. */
  forget(ids: Iterable<number>): void {
    const gone = new Set(ids);
    for (const id of gone) this.#entries.delete(id);
    for (const [sort, sorted] of this.#sorted) {
      this.#sorted.set(
        sort,
        sorted.filter((id) => !gone.has(id)),
      );
    }
  }

  #comparison(sort: Sort) {
    const compare = this.#source.orders[sort];
    const by = (id: number) => (this.#entries.get(id)?.[sort] ?? "") as string;
    return (one: number, other: number): number => compare(by(one), by(other)) || one - other;
  }

  async #read(): Promise<void> {
    const horizon = this.#horizon;
    // Taken before the rows are read: what commits meanwhile is read twice rather than never.
    const { rows: now } = await this.#db.query<{ xmin: string }>(
      sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`,
    );
    const stale = await this.#source.changedSince(this.#db, horizon);
    const sorts = Object.keys(this.#source.orders) as Sort[];
    const changed = new Set<number>();
    for (let start = 0; start < stale.length; start += chunkMax) {
      const opened = await this.#source.open(this.#db, this.#ring, stale.slice(start, start + chunkMax));
      for (const [id, entry] of opened) {
        const known = this.#entries.get(id);
        this.#entries.set(id, entry);
        if (!known || sorts.some((sort) => known[sort] !== entry[sort])) changed.add(id);
      }
    }
    this.#horizon = now[0]!.xmin;
    this.#resort(changed);
  }

  /** Few that changed are put in their places; many are sorted anew when somebody asks. */
  #resort(changed: ReadonlySet<number>): void {
    if (changed.size === 0) return;
    if (changed.size > 1_000) {
      this.#sorted.clear();
      return;
    }
    for (const [sort, sorted] of this.#sorted) {
      const compare = this.#comparison(sort);
      const fresh = [...changed].sort(compare);
      const merged: number[] = [];
      let next = 0;
      for (const id of sorted) {
        if (changed.has(id)) continue;
        while (next < fresh.length && compare(fresh[next]!, id) < 0) merged.push(fresh[next++]!);
        merged.push(id);
      }
      this.#sorted.set(sort, merged.concat(fresh.slice(next)));
    }
  }
}

/** One index for each database, brought up to date whenever it is asked for. */
export function indexesOf<Entry extends Remembered, Sort extends keyof Entry & string>(
  source: PersonalSource<Entry, Sort>,
): (db: Queryable) => Promise<PersonalIndex<Entry, Sort>> {
  const indexes = new WeakMap<Queryable, PersonalIndex<Entry, Sort>>();
  return async (db) => {
    const origin = originOf(db as Database);
    let index = indexes.get(origin);
    if (!index) {
      index = new PersonalIndex(origin, keyRingOf(origin), source);
      indexes.set(origin, index);
    }
    await index.refresh();
    return index;
  };
}
