import { marketDay, packCounts, packDay } from "@energsys/metering";
import { ByteColumn, numbers, words } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { monthOf, needMonths } from "../partitions.ts";
import type { GroupDay } from "../query/sum-sources.ts";
import { sql } from "../sql.ts";
import { takeChangedDays } from "./change-list.ts";
import { exportCode, importCode } from "./sources.ts";
import { sumGroupDays } from "./sum-days.ts";

/** One fold at a time in a database: two that sum one day would not know whose sum is newer. */
const foldLock = 0x454e4746;
/** What is seen is one state of the database: days, scales and memberships fit together. */
const atOnce = {
  first: `set transaction isolation level repeatable read; select pg_try_advisory_xact_lock(${foldLock}) as held`,
};
const dueMax = 2_000;
/** Days of points that are summed in one transaction, about. */
const readMax = 200_000;
const daysMax = 62;
const groupsMax = 500;

interface Due {
  readonly groupId: number;
  readonly fromDay: string;
  /** Not included; `infinity` for what has no end. */
  readonly toDay: string;
  readonly ids: number[];
  readonly since: number;
  readonly points: number;
}

/** Groups and days that are summed in one transaction, and the marks that are settled by it. */
interface Unit {
  readonly groupIds: readonly number[];
  readonly fromDay: string;
  readonly toDay: string;
  readonly ids: readonly number[];
  /** What is left of a long time. */
  readonly rest?: { readonly groupId: number; readonly fromDay: string; readonly toDay: string };
}

export interface FoldOutcome {
  /** Rows of the change list that were taken. */
  readonly changes: number;
  /** Groups and days that were summed. */
  readonly days: number;
  /** Rows of sums that became others. */
  readonly written: number;
  /** Groups whose sums took longest, with the time of it; whoever calls leaves them alone for a while. */
  readonly slow: readonly { readonly groupId: number; readonly tookMs: number }[];
}

/**
 * Sums again what changed: takes the change list, marks days of groups, and sums them from the points as they are, so that
 * doing it twice, or being killed in it, leaves the right sums. `resting` groups are left for later.
 * Does one round; when `days` or `changes` is not 0 there may be more.
 */
export async function foldGroups(
  db: Database,
  context: { readonly zone: string; readonly nowMs: number; readonly resting?: readonly number[] },
): Promise<FoldOutcome> {
  const changes = await db.transaction(
    async (transaction, first) => (first[0]?.held === true ? takeChangedDays(transaction) : 0),
    atOnce,
  );
  const units = await readUnits(db, context.resting ?? []);
  let days = 0;
  let written = 0;
  const slow: { groupId: number; tookMs: number }[] = [];
  for (const unit of units) {
    const months = new Set<string>();
    for (let day = marketDay(unit.fromDay, context.zone).date; day < unit.toDay; day = nextDay(day))
      months.add(monthOf(day));
    await needMonths(db, "group_day", [...months], context.nowMs);
    const started = performance.now();
    const outcome = await foldUnit(db, unit, context.zone);
    const tookMs = performance.now() - started;
    days += outcome.days;
    written += outcome.written;
    if (unit.groupIds.length === 1) slow.push({ groupId: unit.groupIds[0]!, tookMs });
  }
  return { changes, days, written, slow };
}

const nextDay = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();

/** What is due, the oldest first, in portions for a transaction each. */
async function readUnits(db: Queryable, resting: readonly number[]): Promise<Unit[]> {
  const { rows } = await db.query<Due>(sql`
    with due as (
      select group_id, from_day, to_day, array_agg(group_due_id) as ids, min(since) as since from group_due
      where group_id <> all(${resting}::int[]) group by 1, 2, 3 order by min(since), group_id limit ${dueMax}
    )
    select group_id as "groupId", from_day as "fromDay", to_day::text as "toDay", ids::float8[] as ids, since,
      (select count(*)::int from group_member as m where m.group_id = due.group_id and m.ended_by is null) as points
    from due`);
  if (rows.length === 0) return [];
  const known = await knownDays(db);
  const units: Unit[] = [];
  const single = new Map<string, { groupIds: Set<number>; ids: number[]; points: number }>();
  for (const due of rows) {
    if (due.toDay !== nextDay(due.fromDay)) {
      units.push(portionOf(due, known));
      continue;
    }
    let portion = single.get(due.fromDay);
    // A large group goes alone, so that what it takes is known.
    const large = due.points > readMax / 20;
    if (large) {
      units.push({ groupIds: [due.groupId], fromDay: due.fromDay, toDay: due.toDay, ids: due.ids });
      continue;
    }
    if (!portion || portion.points > readMax || portion.groupIds.size >= groupsMax) {
      if (portion) units.push(unitOf(due.fromDay, portion));
      portion = { groupIds: new Set(), ids: [], points: 0 };
      single.set(due.fromDay, portion);
    }
    portion.groupIds.add(due.groupId);
    portion.ids.push(...due.ids);
    portion.points += due.points + 1;
  }
  for (const [day, portion] of single) units.push(unitOf(day, portion));
  return units;
}

const unitOf = (
  day: string,
  { groupIds, ids }: { readonly groupIds: ReadonlySet<number>; readonly ids: readonly number[] },
): Unit => ({ groupIds: [...groupIds], fromDay: day, toDay: nextDay(day), ids });

/** The newest days of a long time; the rest waits its turn. Days before and after all readings have nothing to sum. */
function portionOf(due: Due, known: { readonly from: string; readonly to: string }): Unit {
  const fromDay = due.fromDay < known.from ? known.from : due.fromDay;
  const toDay = due.toDay === "infinity" || due.toDay > known.to ? known.to : due.toDay;
  const { groupId, ids } = due;
  if (fromDay >= toDay) return { groupIds: [groupId], fromDay: known.from, toDay: known.from, ids };
  const length = Math.max(1, Math.min(daysMax, Math.floor(readMax / (due.points + 1))));
  const start = Temporal.PlainDate.from(toDay).subtract({ days: length }).toString();
  if (start <= fromDay) return { groupIds: [groupId], fromDay, toDay, ids };
  return { groupIds: [groupId], fromDay: start, toDay, ids, rest: { groupId, fromDay, toDay: start } };
}

/** The months for which readings or sums may be: those of the tables. */
async function knownDays(db: Queryable): Promise<{ from: string; to: string }> {
  const { rows } = await db.query<{ from: string; to: string }>(sql`
    select min(right(relname, 7)) as "from", max(right(relname, 7)) as "to" from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent in ('load_day'::regclass, 'group_day'::regclass)`);
  const { from, to } = rows[0]!;
  if (!from || !to) return { from: "2000-01-01", to: "2000-01-01" };
  const first = (month: string) => Temporal.PlainDate.from(`${month.replace("_", "-")}-01`);
  return { from: first(from).toString(), to: first(to).add({ months: 1 }).toString() };
}

async function foldUnit(
  db: Database,
  { groupIds, fromDay, toDay, ids, rest }: Unit,
  zone: string,
): Promise<{ days: number; written: number }> {
  return db.transaction(async (transaction, first) => {
    if (first[0]?.held !== true) return { days: 0, written: 0 };
    await transaction.query(sql`delete from group_due where group_due_id = any(${numbers(ids)}::bigint[])`);
    if (rest) {
      await transaction.query(sql`
        insert into group_due (group_id, from_day, to_day)
        values (${rest.groupId}, ${rest.fromDay}::date, ${rest.toDay}::date)`);
    }
    if (fromDay >= toDay) return { days: 1, written: 0 };
    const sums = await sumGroupDays(transaction, groupIds, fromDay, toDay, zone);
    const written = await writeSums(transaction, groupIds, fromDay, toDay, sums);
    const length = Temporal.PlainDate.from(fromDay).until(toDay).days;
    return { days: groupIds.length * length, written };
  }, atOnce);
}

/** Makes the stored sums of these groups and days what was summed. Gives how many rows became others. */
async function writeSums(
  db: Queryable,
  groupIds: readonly number[],
  fromDay: string,
  toDay: string,
  sums: readonly GroupDay[],
): Promise<number> {
  const v = new ByteColumn();
  const q = new ByteColumn();
  const counts = new ByteColumn();
  const total = (list: Uint32Array) => list.reduce((sum, count) => sum + count, 0);
  const totals: (number | null)[] = [];
  for (const { slots } of sums) {
    const packed = packDay(slots.values, slots.flags);
    v.push(packed.v);
    q.push(packed.q);
    counts.push(packCounts([slots.expected, slots.present, slots.good, slots.estimated]));
    const known = slots.values.filter((value) => !Number.isNaN(value));
    const sum = known.reduce((all, value) => all + value, 0);
    totals.push(known.length > 0 && Number.isSafeInteger(sum) ? sum : null);
  }
  const column = <Value extends number | null>(of: (day: GroupDay, nth: number) => Value) =>
    numbers(sums.map(of));
  const { rows } = await db.query<{ changed: number }>(sql`
    with incoming as (
      select group_id, day, side, obis, unit, scale, slots, sum, expected, present, good, estimated,
        substring(${v.bytes}::bytea from v_start for v_length) as v, substring(${q.bytes}::bytea from q_start for q_length) as q,
        substring(${counts.bytes}::bytea from c_start for c_length) as counts
      from unnest(${column(({ groupId }) => groupId)}::int[], ${words(sums.map(({ day }) => day))}::date[],
        ${words(sums.map(({ side }) => side))}::text[], ${words(sums.map(({ obis }) => obis))}::text[],
        ${words(sums.map(({ unit }) => unit))}::text[], ${column(({ scale }) => scale)}::smallint[],
        ${column(({ slots }) => slots.values.length)}::smallint[], ${numbers(totals)}::bigint[],
        ${column(({ slots }) => total(slots.expected))}::int[], ${column(({ slots }) => total(slots.present))}::int[],
        ${column(({ slots }) => total(slots.good))}::int[], ${column(({ slots }) => total(slots.estimated))}::int[],
        ${v.starts}::int[], ${v.lengths}::int[], ${q.starts}::int[], ${q.lengths}::int[], ${counts.starts}::int[],
        ${counts.lengths}::int[])
        as incoming (group_id, day, side, obis, unit, scale, slots, sum, expected, present, good, estimated,
          v_start, v_length, q_start, q_length, c_start, c_length)
    ), gone as (
      delete from group_day as stored
      where stored.group_id = any(${groupIds}::int[]) and stored.day >= ${fromDay}::date and stored.day < ${toDay}::date
        and not exists (select from incoming where (incoming.group_id, incoming.day, incoming.side, incoming.obis)
          = (stored.group_id, stored.day, stored.side, stored.obis))
      returning group_id, day, side, obis
    ), written as (
      insert into group_day as stored (group_id, day, side, obis, unit, scale, slots, sum, expected, present, good, estimated, v, q, counts)
      select group_id, day, side, obis, unit, scale, slots, sum, expected, present, good, estimated, v, q, counts from incoming
      on conflict (group_id, day, side, obis) do update set unit = excluded.unit, scale = excluded.scale, slots = excluded.slots,
        sum = excluded.sum, expected = excluded.expected, present = excluded.present, good = excluded.good,
        estimated = excluded.estimated, v = excluded.v, q = excluded.q, counts = excluded.counts
      where (stored.scale, stored.v, stored.q, stored.counts) is distinct from
        (excluded.scale, excluded.v, excluded.q, excluded.counts)
      returning group_id, day, side, obis
    ), watched as (
      insert into peak_due (peak_rule_id, day)
      select r.peak_rule_id, changed.day from (select * from gone union all select * from written) as changed
      join peak_rule as r using (group_id, side, obis) where r.enabled and changed.day >= r.from_day
      order by 1, 2 on conflict do nothing returning 1
    ), settled as (
      select group_id, day from (select * from gone union all select * from written) as changed
      where obis = any(${[importCode, exportCode]}::text[]) group by group_id, day
    ), whole as (
      select group_id, day from incoming where obis = any(${[importCode, exportCode]}::text[]) group by group_id, day
      having bool_or(side = 'balance') and bool_or(side = 'members') and sum(present) = sum(expected)
    ), due as (
      -- V21 compares both sides when they are whole, and looks again at what it found when they became others
      select distinct channel.channel_id, settled.day
      from settled join group_balance using (group_id)
      join channel on channel.point_id = group_balance.point_id and channel.obis = ${importCode} and channel.kind = 'delta'
      where exists (select from whole where (whole.group_id, whole.day) = (settled.group_id, settled.day))
        or exists (select from finding where (finding.channel_id, finding.day) = (channel.channel_id, settled.day)
          and finding.rule = 'V21' and finding.state <> 'cleared')
    ), looked as (
      insert into validation_change (channel_ids, days)
      select array_agg(channel_id order by channel_id, day), array_agg(day order by channel_id, day) from due having count(*) > 0
      returning 1
    )
    select (select count(*) from gone)::int + (select count(*) from written)::int as changed, (select count(*) from watched) as watched,
      (select count(*) from looked) as looked`);
  return rows[0]?.changed ?? 0;
}

/** How far behind the sums are: rows of the change list, marked groups and days, and since when the oldest mark waits. */
export async function readFoldState(
  db: Queryable,
): Promise<{ changes: number; due: number; since: number | null }> {
  const { rows } = await db.query<{ changes: number; due: number; since: number | null }>(sql`
    select (select count(*)::int from load_day_change) as changes, count(*)::int as due, min(since) as since from group_due`);
  return rows[0]!;
}
