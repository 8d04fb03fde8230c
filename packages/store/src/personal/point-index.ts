import { originOf } from "../audit/acting.ts";
import type { Database, Queryable } from "../database.ts";
import { searchText } from "../search-text.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";
import { openLocations, openPoints } from "./place-of-point.ts";

/** Orders of the list that the database cannot give, since it cannot read what they go by. */
export const personalSorts = ["pod", "name", "address"] as const;
export type PersonalSort = (typeof personalSorts)[number];

interface Entry {
  readonly pod: string;
  readonly name: string;
  readonly address: string;
  /** All three and, of the equipment, branch, serial number and identity; folded. */
  readonly text: string;
}

/** Rows that are opened before others get their turn: about 15 ms of work. */
const chunkMax = 2_500;
// The language's own order of letters for what people wrote; codes are compared as they are.
const written = new Intl.Collator("ro");
const byCode = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const comparisons = { pod: byCode, name: written.compare, address: written.compare } as const;

/**
 * Codes, names and addresses of all points, opened, in the memory of a process that may see them: what lists search in and are
 * sorted by (docs/adr/0013-personal-data-sealed.md). Brought up to date before each use with what changed since. Whose points
 * they are is not decided here: whoever takes numbers of points from it puts them into a statement with the scope.
 */
export class PointIndex {
  readonly #db: Queryable;
  readonly #ring: KeyRing;
  readonly #entries = new Map<number, Entry>();
  readonly #sorted = new Map<PersonalSort, number[]>();
  /** Transactions from this one on may have changed something that is not here. */
  #horizon = "0";
  #refreshing: Promise<void> | undefined;
  #again: Promise<void> | undefined;

  constructor(db: Queryable, ring: KeyRing) {
    this.#db = db;
    this.#ring = ring;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(pointId: number): Entry | undefined {
    return this.#entries.get(pointId);
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

  /** Points in whose text every one of the folded words occurs. */
  withWords(words: readonly string[]): number[] {
    const found: number[] = [];
    for (const [pointId, { text }] of this.#entries) {
      if (words.every((word) => text.includes(word))) found.push(pointId);
    }
    return found;
  }

  /** Numbers of all points in an order; equal ones by number. */
  order(sort: PersonalSort): readonly number[] {
    let sorted = this.#sorted.get(sort);
    if (!sorted) {
      sorted = [...this.#entries.keys()].sort(this.#comparison(sort));
      this.#sorted.set(sort, sorted);
    }
    return sorted;
  }

  /** Takes out points that the database no longer has. */
  forget(pointIds: Iterable<number>): void {
    const gone = new Set(pointIds);
    for (const pointId of gone) this.#entries.delete(pointId);
    for (const [sort, sorted] of this.#sorted) {
      this.#sorted.set(
        sort,
        sorted.filter((pointId) => !gone.has(pointId)),
      );
    }
  }

  #comparison(sort: PersonalSort) {
    const compare = comparisons[sort];
    return (one: number, other: number): number =>
      compare(this.#entries.get(one)?.[sort] ?? "", this.#entries.get(other)?.[sort] ?? "") || one - other;
  }

  async #read(): Promise<void> {
    const horizon = this.#horizon;
    // Taken before the rows are read: what commits meanwhile is read twice rather than never.
    const { rows: now } = await this.#db.query<{ xmin: string }>(
      sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`,
    );
    const { rows: stale } = await this.#db.query<{ pointId: number }>(
      horizon === "0"
        ? sql`select point_id as "pointId" from point`
        : sql`
            select point_id as "pointId" from point where changed_in >= ${horizon}::xid8
            union
            select point_id from location join point using (location_id) where location.changed_in >= ${horizon}::xid8`,
    );
    const changed = new Set<number>();
    for (let start = 0; start < stale.length; start += chunkMax) {
      const pointIds = stale.slice(start, start + chunkMax).map(({ pointId }) => pointId);
      const { rows } = await this.#db.query<{
        pointId: number;
        locationId: number;
        names: Buffer | null;
        place: Buffer | null;
        equipment: string;
      }>(sql`
        select point_id as "pointId", location_id as "locationId", p.sealed as names, l.sealed as place,
          p.search_text as equipment
        from point as p join location as l using (location_id) where point_id = any(${pointIds}::int[])`);
      const [points, places] = await Promise.all([
        openPoints(
          this.#ring,
          rows.map(({ pointId, names }) => ({ pointId, sealed: names })),
        ),
        openLocations(
          this.#ring,
          rows.map(({ locationId, place }) => ({ locationId, sealed: place })),
        ),
      ]);
      rows.forEach(({ pointId, equipment }, nth) => {
        const { pod, name } = points[nth]!;
        const { address } = places[nth]!;
        const text = searchText(pod, name, address, equipment);
        const known = this.#entries.get(pointId);
        this.#entries.set(pointId, { pod, name, address, text });
        if (known?.pod === pod && known.name === name && known.address === address) return;
        changed.add(pointId);
      });
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
      for (const pointId of sorted) {
        if (changed.has(pointId)) continue;
        while (next < fresh.length && compare(fresh[next]!, pointId) < 0) merged.push(fresh[next++]!);
        merged.push(pointId);
      }
      this.#sorted.set(sort, merged.concat(fresh.slice(next)));
    }
  }
}

const indexes = new WeakMap<Queryable, PointIndex>();

/** The index of a database, brought up to date. @throws StoreError `secret.key-missing`, `secret.unreadable` */
export async function pointIndexOf(db: Queryable): Promise<PointIndex> {
  const origin = originOf(db as Database);
  let index = indexes.get(origin);
  if (!index) {
    index = new PointIndex(origin, keyRingOf(origin));
    indexes.set(origin, index);
  }
  await index.refresh();
  return index;
}
