import {
  arrivalsAfterFill,
  arrivedAtOnce,
  type DayDigest,
  type DaySlots,
  type PackedDay,
  replacesValues,
  unpackDay,
} from "@energsys/metering";
import { ByteColumn, numbers, words } from "./arrays.ts";
import { CopyWriter, copyIn, dateToBinary } from "./copy-binary.ts";
import type { Queryable } from "./database.ts";
import { StoreError } from "./errors.ts";
import { noteChangedDays } from "./groups/change-list.ts";
import { prepared, preparedForFew, sql } from "./sql.ts";

export interface DayKey {
  readonly channelId: number;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

/** What is stored of a day. */
export interface StoredDay extends PackedDay {
  readonly ver: number;
  /** Since when each value is known (arrivals.ts of metering); null where that was never written down. */
  readonly arrivals: Uint8Array | null;
}

/** A row as it is to be: `ver` is one more than what was read, 1 for a new day. */
export interface DayWrite extends DayKey, PackedDay {
  readonly ver: number;
  readonly slots: number;
  readonly digest: DayDigest;
  /** A value that was there changes: the version before goes to the history. False where only empty slots are filled. */
  readonly replaces: boolean;
  readonly arrivals: Uint8Array;
  /** Block that brought it, named in the history when this replaces another version. */
  cause: number | null;
}

/**
 * What a write is beside its values: whether it replaces some, and since when they are known. A version that replaces another one is known
 * from that instant on as a whole: what was shown before it is in the history.
 */
export function changeOf(
  date: string,
  stored: StoredDay | undefined,
  after: DaySlots,
  nowMs: number,
): Pick<DayWrite, "replaces" | "arrivals"> {
  const slots = after.values.length;
  // A first value is not known before the second in which it was written is over; a replacement has its exact instant in the history.
  const nowS = Math.ceil(nowMs / 1000);
  if (!stored) return { replaces: false, arrivals: arrivedAtOnce(date, slots, nowS) };
  const before = unpackDay(stored.v, stored.q, slots);
  if (replacesValues(before, after))
    return { replaces: true, arrivals: arrivedAtOnce(date, slots, Math.floor(nowMs / 1000)) };
  const known = { values: before.values, arrivals: stored.arrivals };
  return { replaces: false, arrivals: arrivalsAfterFill(date, known, after, nowS) };
}

/**
 * Versions of these days; at the index of each key, `undefined` where there is none. A day whose stored bytes are those in
 * `expected` is not sent back: it then is the very object of `expected`, which makes a repeated reading cheap.
 */
export async function readDayRows(
  db: Queryable,
  keys: readonly DayKey[],
  expected?: readonly PackedDay[],
): Promise<(StoredDay | undefined)[]> {
  const found: (StoredDay | undefined)[] = new Array(keys.length).fill(undefined);
  if (keys.length === 0) return found;
  const channels: number[] = [];
  const days: string[] = [];
  const v = new ByteColumn();
  const q = new ByteColumn();
  let first = keys[0]!.date;
  let last = first;
  keys.forEach(({ channelId, date }, index) => {
    channels.push(channelId);
    days.push(date);
    if (date < first) first = date;
    if (date > last) last = date;
    v.push(expected?.[index]?.v ?? null);
    q.push(expected?.[index]?.q ?? null);
  });
  // The bounds prune partitions before the rows do; "offset 0" keeps each row a look-up in the primary key, whatever the
  // planner thinks of the arrays' length.
  const { rows } = await db.query<{
    n: number;
    ver: number;
    v: Buffer | null;
    q: Buffer | null;
    arrivals: Buffer | null;
  }>(
    preparedForFew(
      "load-day-rows",
      keys.length,
      sql`
        select n, ver, case when not same then v end as v, case when not same then q end as q,
          case when not same then arrivals end as arrivals
        from (
          select n::int as n, stored.ver, stored.v, stored.q, stored.arrivals,
            stored.v is not distinct from substring(${v.bytes}::bytea from v_start for v_length)
              and stored.q is not distinct from substring(${q.bytes}::bytea from q_start for q_length) as same
          from unnest(${numbers(channels)}::int[], ${words(days)}::date[], ${v.starts}::int[], ${v.lengths}::int[],
              ${q.starts}::int[], ${q.lengths}::int[])
            with ordinality as wanted (channel_id, day, v_start, v_length, q_start, q_length, n)
          cross join lateral (
            select ver, v, q, arrivals from load_day
            where load_day.channel_id = wanted.channel_id and load_day.day = wanted.day
              and load_day.day between ${first}::date and ${last}::date
            offset 0
          ) as stored
        ) as compared`,
    ),
  );
  for (const row of rows) {
    const known = expected?.[row.n - 1];
    found[row.n - 1] =
      row.v === null && known ? { ver: row.ver, v: known.v, q: known.q, arrivals: null } : (row as StoredDay);
  }
  return found;
}

/** A flag set as `smallint`, which has a sign. */
const signed = (flags: number): number => (flags << 16) >> 16;

/** From so many new days on, COPY is faster than an insert (twice as fast for 500). */
const copyMin = 32;

/**
 * Writes days. A version of which a value changes goes to the history in the same statement that replaces it, with the block that did.
 * No lock is taken: a day that somebody else changed since it was read is not written.
 * @throws StoreError `store.conflict` when fewer rows were written than given, and PostgreSQL's 23505 for a new day that somebody
 *   else has added; the transaction must be rolled back
 */
export async function writeDayRows(db: Queryable, writes: readonly DayWrite[], nowMs: number): Promise<void> {
  // Here and nowhere else, so that whoever writes days cannot forget the groups that they are summed in.
  await noteChangedDays(db, writes);
  const fresh = writes.filter(({ ver }) => ver === 1);
  if (fresh.length < copyMin) return upsertDays(db, writes, nowMs);
  await copyIn(
    db,
    `copy load_day (${dayColumns.join()}) from stdin (format binary)`,
    dayRowsToCopy(fresh.sort(inKeyOrder)),
  );
  await upsertDays(
    db,
    writes.filter(({ ver }) => ver > 1),
    nowMs,
  );
}

/** Always in the same order, so that two batches with the same rows wait for each other instead of deadlocking. */
const inKeyOrder = (a: DayKey, b: DayKey): number => a.channelId - b.channelId || (a.date < b.date ? -1 : 1);

export const dayColumns = [
  ...["sum", "channel_id", "day", "max", "ver", "slots", "ok", "flags", "max_at", "v", "q", "arrivals"],
] as const;

/** Rows for COPY, with the columns of `dayColumns` and, when `numbered`, the position in the list after them. */
export function dayRowsToCopy(
  rows: readonly Omit<DayWrite, "cause" | "replaces">[],
  numbered = false,
): CopyWriter {
  const copy = new CopyWriter();
  let date = "";
  let binaryDate = 0;
  rows.forEach((row, nth) => {
    if (row.date !== date) {
      date = row.date;
      binaryDate = dateToBinary(date);
    }
    copy.row(dayColumns.length + (numbered ? 1 : 0));
    copy.int8(row.digest.sum);
    copy.int4(row.channelId);
    copy.int4(binaryDate);
    copy.int8(row.digest.max);
    copy.int4(row.ver);
    copy.int2(row.slots);
    copy.int2(row.digest.ok);
    copy.int2(row.digest.flags);
    copy.int2(row.digest.maxAt);
    copy.bytes(row.v);
    copy.bytes(row.q);
    copy.bytes(row.arrivals);
    if (numbered) copy.int4(nth);
  });
  return copy;
}

async function upsertDays(db: Queryable, writes: readonly DayWrite[], nowMs: number): Promise<void> {
  if (writes.length === 0) return;
  const rows = writes.toSorted(inKeyOrder);
  const v = new ByteColumn();
  const q = new ByteColumn();
  const a = new ByteColumn();
  for (const row of rows) {
    v.push(row.v);
    q.push(row.q);
    a.push(row.arrivals);
  }
  const incoming = sql`
    unnest(${numbers(rows.map(({ channelId }) => channelId))}::int[], ${words(rows.map(({ date }) => date))}::date[],
      ${numbers(rows.map(({ ver }) => ver))}::int[], ${numbers(rows.map(({ slots }) => slots))}::smallint[],
      ${numbers(rows.map(({ digest }) => digest.sum))}::bigint[], ${numbers(rows.map(({ digest }) => digest.max))}::bigint[],
      ${numbers(rows.map(({ digest }) => digest.maxAt))}::smallint[], ${numbers(rows.map(({ digest }) => digest.ok))}::smallint[],
      ${numbers(rows.map(({ digest }) => signed(digest.flags)))}::smallint[],
      ${v.starts}::int[], ${v.lengths}::int[], ${q.starts}::int[], ${q.lengths}::int[], ${a.starts}::int[], ${a.lengths}::int[])
      as incoming (channel_id, day, ver, slots, sum, max, max_at, ok, flags, v_start, v_length, q_start, q_length, a_start,
        a_length)`;
  const upsert = sql`
    insert into load_day (sum, channel_id, day, max, ver, slots, ok, flags, max_at, v, q, arrivals)
    select sum, channel_id, day, max, ver, slots, ok, flags, max_at,
      substring(${v.bytes}::bytea from v_start for v_length), substring(${q.bytes}::bytea from q_start for q_length),
      substring(${a.bytes}::bytea from a_start for a_length)
    from ${incoming}
    on conflict (channel_id, day) do update set
      sum = excluded.sum, max = excluded.max, ver = excluded.ver, slots = excluded.slots, ok = excluded.ok,
      flags = excluded.flags, max_at = excluded.max_at, v = excluded.v, q = excluded.q, arrivals = excluded.arrivals
    where load_day.ver = excluded.ver - 1`;
  const replacing = rows.filter(({ replaces }) => replaces);
  const { rowCount } = await db.query(
    replacing.length === 0
      ? prepared("load-day-add", upsert)
      : prepared("load-day-replace", sql`with ${historyOf(replacing, nowMs)} ${upsert}`),
  );
  if (rowCount < rows.length) {
    throw new StoreError(
      "store.conflict",
      `${rows.length - rowCount} of ${rows.length} days were changed meanwhile`,
    );
  }
}

const historyOf = (replacing: readonly DayWrite[], nowMs: number) => sql`
  replaced as (
    insert into load_day_hist (channel_id, day, ver, replaced_at, cause, v, q, arrivals)
    select load_day.channel_id, load_day.day, load_day.ver, ${new Date(nowMs).toISOString()}::timestamptz, replacing.cause,
      load_day.v, load_day.q, load_day.arrivals
    from unnest(${numbers(replacing.map(({ channelId }) => channelId))}::int[],
      ${words(replacing.map(({ date }) => date))}::date[], ${numbers(replacing.map(({ ver }) => ver - 1))}::int[],
      ${numbers(replacing.map(({ cause }) => cause))}::bigint[]) as replacing (channel_id, day, ver, cause)
    cross join lateral (
      select * from load_day as stored
      where stored.channel_id = replacing.channel_id and stored.day = replacing.day and stored.ver = replacing.ver
      offset 0
    ) as load_day
  )`;
