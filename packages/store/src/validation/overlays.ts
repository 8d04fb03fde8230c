import { isEmptyOverlay, type Overlay, packDay, unpackDay } from "@energsys/metering";
import { ByteColumn, numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { DayKey } from "../load-day-rows.ts";
import { instant, preparedForFew, sql } from "../sql.ts";

/** The version of an overlay that holds. */
export interface StoredOverlay extends Overlay {
  readonly ver: number;
}

/** An overlay as it is to be: `ver` is one more than what was read. */
export interface OverlayWrite extends DayKey {
  readonly ver: number;
  readonly kind: "validation" | "edit" | "verify" | "undo" | "billed" | "late";
  /** Account; null for the system. */
  readonly by: string | null;
  readonly overlay: Overlay;
}

/** Last versions of these days' overlays; at the index of each key, `undefined` where nothing was ever laid over. */
export async function readOverlays(
  db: Queryable,
  keys: readonly DayKey[],
): Promise<(StoredOverlay | undefined)[]> {
  const found: (StoredOverlay | undefined)[] = new Array(keys.length).fill(undefined);
  if (keys.length === 0) return found;
  const { rows } = await db.query<{
    n: number;
    ver: number;
    slots: number;
    v: Buffer;
    q: Buffer | null;
    methods: Buffer | null;
  }>(
    preparedForFew(
      "point-overlays",
      keys.length,
      sql`
        select n::int as n, last.*
        from unnest(${numbers(keys.map(({ channelId }) => channelId))}::int[],
          ${words(keys.map(({ date }) => date))}::date[]) with ordinality as wanted (channel_id, day, n)
        cross join lateral (
          select ver, slots, v, q, methods from point_overlay
          where point_overlay.channel_id = wanted.channel_id and point_overlay.day = wanted.day
          order by ver desc limit 1
        ) as last`,
    ),
  );
  for (const { n, ver, slots, v, q, methods } of rows) {
    const { values, flags } = unpackDay(v, q, slots);
    found[n - 1] = {
      ver,
      values,
      marks: flags,
      methods: methods ? Uint8Array.from(methods) : new Uint8Array(slots),
    };
  }
  return found;
}

/**
 * Adds versions. Versions that are there already are never touched: PostgreSQL's 23505 for one that somebody else has added, and the
 * transaction must be rolled back.
 */
export async function addOverlays(
  db: Queryable,
  writes: readonly OverlayWrite[],
  nowMs: number,
): Promise<void> {
  if (writes.length === 0) return;
  const v = new ByteColumn();
  const q = new ByteColumn();
  const methods = new ByteColumn();
  for (const { overlay } of writes) {
    const packed = packDay(overlay.values, overlay.marks);
    v.push(packed.v);
    q.push(packed.q);
    methods.push(isEmptyOverlay(overlay) ? null : overlay.methods);
  }
  await db.query(sql`
    insert into point_overlay (channel_id, day, ver, slots, kind, at, by, v, q, methods)
    select channel_id, day, ver, slots, kind, ${instant(nowMs)}::timestamptz, by,
      substring(${v.bytes}::bytea from v_start for v_length), substring(${q.bytes}::bytea from q_start for q_length),
      substring(${methods.bytes}::bytea from m_start for m_length)
    from unnest(${numbers(writes.map(({ channelId }) => channelId))}::int[], ${words(writes.map(({ date }) => date))}::date[],
      ${numbers(writes.map(({ ver }) => ver))}::int[],
      ${numbers(writes.map(({ overlay }) => overlay.values.length))}::smallint[],
      ${writes.map(({ kind }) => kind)}::text[], ${writes.map(({ by }) => by)}::text[],
      ${v.starts}::int[], ${v.lengths}::int[], ${q.starts}::int[], ${q.lengths}::int[],
      ${methods.starts}::int[], ${methods.lengths}::int[])
      as incoming (channel_id, day, ver, slots, kind, by, v_start, v_length, q_start, q_length, m_start, m_length)`);
}
