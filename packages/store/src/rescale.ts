import { digestOf, packDay, unpackDay } from "@energsys/metering";
import { ByteColumn, numbers, words } from "./arrays.ts";
import type { Database, Queryable } from "./database.ts";
import { networkLock } from "./network.ts";
import { sql } from "./sql.ts";

const batchMax = 500;

/**
 * Gives a channel a finer power of ten, when a new factor or a meter with more digits needs it: the same values in smaller
 * integers, current days and history alike. No delivery runs meanwhile, and all processes learn of it (network_version).
 */
export async function refineChannel(db: Database, channelId: number, scale: number): Promise<void> {
  await db.transaction(
    async (transaction) => {
      const { rows } = await transaction.query<{
        scale: number;
        kind: "delta" | "index" | "demand" | "instant";
      }>(sql`select scale, kind from channel where channel_id = ${channelId} for update`);
      const channel = rows[0];
      if (!channel || channel.scale <= scale) return;
      const by = 10 ** (channel.scale - scale);
      await rescaleCurrent(transaction, channelId, by, channel.kind);
      await rescaleHistory(transaction, channelId, by);
      await rescaleOverlays(transaction, channelId, by);
      await rescaleEdits(transaction, channelId, by);
      await transaction.query(sql`update channel set scale = ${scale} where channel_id = ${channelId}`);
      await transaction.query(sql`update network_version set version = version + 1`);
    },
    { first: `select pg_advisory_xact_lock(${networkLock})` },
  );
}

async function rescaleCurrent(
  db: Queryable,
  channelId: number,
  by: number,
  kind: "delta" | "index" | "demand" | "instant",
): Promise<void> {
  const { rows } = await db.query<{ day: string; slots: number; v: Buffer; q: Buffer | null }>(
    sql`select day, slots, v, q from load_day where channel_id = ${channelId} order by day`,
  );
  for (let start = 0; start < rows.length; start += batchMax) {
    const part = rows.slice(start, start + batchMax);
    const v = new ByteColumn();
    const digests = part.map((row) => {
      const { values, flags } = unpackDay(row.v, row.q, row.slots);
      const finer = values.map((value) => value * by);
      v.push(packDay(finer, flags).v);
      return digestOf(finer, flags, kind);
    });
    await db.query(sql`
      update load_day set v = substring(${v.bytes}::bytea from start for length), sum = incoming.sum, max = incoming.max
      from unnest(${words(part.map(({ day }) => day))}::date[], ${v.starts}::int[], ${v.lengths}::int[],
        ${numbers(digests.map(({ sum }) => sum))}::bigint[], ${numbers(digests.map(({ max }) => max))}::bigint[])
        as incoming (day, start, length, sum, max)
      where load_day.channel_id = ${channelId} and load_day.day = incoming.day`);
  }
}

async function rescaleHistory(db: Queryable, channelId: number, by: number): Promise<void> {
  const { rows } = await db.query<{
    day: string;
    ver: number;
    v: Buffer;
    q: Buffer | null;
    slots: number;
  }>(sql`
    select load_day_hist.day, load_day_hist.ver, load_day_hist.v, load_day_hist.q, load_day.slots
    from load_day_hist join load_day using (channel_id, day) where channel_id = ${channelId}`);
  for (const { day, ver, v, q, slots } of rows) {
    await db.query(sql`
      update load_day_hist set v = ${finer(v, q, slots, by)} where channel_id = ${channelId} and day = ${day} and ver = ${ver}`);
  }
}

/** What validation and people laid over the days is in the same integers. */
async function rescaleOverlays(db: Queryable, channelId: number, by: number): Promise<void> {
  const { rows } = await db.query<{ day: string; ver: number; slots: number; v: Buffer; q: Buffer | null }>(
    sql`select day, ver, slots, v, q from point_overlay where channel_id = ${channelId}`,
  );
  for (const { day, ver, slots, v, q } of rows) {
    await db.query(sql`
      update point_overlay set v = ${finer(v, q, slots, by)}
      where channel_id = ${channelId} and day = ${day} and ver = ${ver}`);
  }
}

async function rescaleEdits(db: Queryable, channelId: number, by: number): Promise<void> {
  const { rows } = await db.query<{ id: number; slots: number; v: Buffer; q: Buffer | null }>(
    sql`select value_edit_id as id, slots, v, q from value_edit where channel_id = ${channelId}`,
  );
  for (const { id, slots, v, q } of rows) {
    await db.query(sql`
      update value_edit set v = ${finer(v, q, slots, by)}, energy = energy * ${by}::bigint
      where value_edit_id = ${id}::bigint`);
  }
}

function finer(v: Uint8Array, q: Uint8Array | null, slots: number, by: number): Uint8Array {
  const { values, flags } = unpackDay(v, q, slots);
  return packDay(
    values.map((value) => value * by),
    flags,
  ).v;
}
