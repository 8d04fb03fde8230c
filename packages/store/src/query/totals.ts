import {
  countRuns,
  dayAfter,
  type GroupSlots,
  type MarketDay,
  missingBit,
  quality,
  slotsOf,
} from "@energsys/metering";
import { numbers, words } from "../arrays.ts";
import { binaryToDate, copyOut } from "../copy-binary.ts";
import { isPassedOver } from "../counting-days.ts";
import type { Queryable } from "../database.ts";
import { isExpected, readSourceChannels, type Source, type SourceChannel } from "../groups/sources.ts";
import { readGroupDays } from "../groups/sums.ts";
import { joined, sql, trusted } from "../sql.ts";
import { unitOf } from "./energies.ts";
import { endedDays, type Period, type Place } from "./frame.ts";
import type { Counted } from "./subjects.ts";
import { spanOf, sumSources } from "./sum-sources.ts";

/** Energy over a time with what is known of it. */
export interface Total {
  /** Value in the unit of the totals = integer × 10^scale; null when nothing is there. */
  readonly energy: bigint | null;
  readonly expected: number;
  readonly present: number;
  /** Present and good. */
  readonly good: number;
  readonly estimated: number;
  /** Part of it is of months of which only the sums are kept: there are no intervals behind it. */
  readonly sumsOnly: boolean;
}

export type Bucket = "day" | "month" | "all";

export interface Totals {
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  /** First day of each bucket, in order; all buckets of the period are there. */
  readonly buckets: readonly string[];
  /** By row, then by bucket: a row is what `of` says. */
  readonly rows: readonly (readonly Total[])[];
}

export interface TotalsRequest extends Period {
  readonly obis: string;
  readonly by: Bucket;
}

class Cell implements Total {
  energy: bigint | null = null;
  expected = 0;
  present = 0;
  good = 0;
  estimated = 0;
  sumsOnly = false;

  add(integer: bigint): void {
    this.energy = (this.energy ?? 0n) + integer;
  }
}

/** Sums of each subject by bucket: groups from their stored sums, all others from the digests of their points' days. */
export async function readTotals(
  db: Queryable,
  counted: readonly Counted[],
  request: TotalsRequest,
): Promise<Totals> {
  const groupIds = counted.flatMap(({ subject }) => (subject.kind === "group" ? [subject.groupId] : []));
  const rows = counted.flatMap(({ subject, sources }, row) =>
    subject.kind === "group" ? [] : sources.map((source) => ({ source, row })),
  );
  const direct = await sumDigests(db, rows, counted.length, request);
  const stored = await readGroupSums(db, groupIds, request, direct.places);
  const scale = Math.min(direct.scale, stored.scale);
  const grid: (readonly Cell[])[] = [];
  for (const [row, each] of counted.entries()) {
    const { subject } = each;
    if (subject.kind !== "group") {
      grid.push(rescaled(direct.rows[row]!, direct.scale - scale));
      continue;
    }
    const found = stored.rows.get(groupKey(subject.groupId, subject.side));
    const cells = found?.cells ?? direct.bucketKeys.map(() => new Cell());
    if ((found?.days ?? 0) < direct.places.length)
      await expectMissingDays(
        db,
        cells,
        each,
        request,
        direct,
        stored.keptMonths.get(groupKey(subject.groupId, subject.side)),
      );
    grid.push(rescaled(cells, stored.scale - scale));
  }
  return { obis: request.obis, unit: unitOf(request.obis), scale, buckets: direct.bucketKeys, rows: grid };
}

/** Sums of each point that counts in a subject, with its sign there: one row per point, in the order of `pointIds`. */
export async function readPointTotals(
  db: Queryable,
  { sources }: Counted,
  request: TotalsRequest,
): Promise<Totals & { readonly pointIds: readonly number[] }> {
  const pointIds = [...new Set(sources.map(({ pointId }) => pointId))].sort((a, b) => a - b);
  const place = new Map(pointIds.map((pointId, row) => [pointId, row]));
  const rows = sources.map((source) => ({ source, row: place.get(source.pointId)! }));
  const { scale, bucketKeys, rows: cells } = await sumDigests(db, rows, pointIds.length, request);
  return {
    obis: request.obis,
    unit: unitOf(request.obis),
    scale,
    buckets: bucketKeys,
    rows: cells,
    pointIds,
  };
}

const rescaled = (cells: readonly Cell[], digits: number): readonly Cell[] => {
  if (digits > 0) for (const cell of cells) if (cell.energy !== null) cell.energy *= 10n ** BigInt(digits);
  return cells;
};

/** First day of the bucket that holds this day; the first bucket begins with the period. */
function bucketOf(day: string, by: Bucket, fromDay: string): string {
  if (by === "day") return day;
  const month = `${day.slice(0, 7)}-01`;
  return by === "month" && month > fromDay ? month : fromDay;
}

interface Sums {
  readonly scale: number;
  readonly bucketKeys: readonly string[];
  readonly places: readonly Place[];
  readonly rows: readonly Cell[][];
}

const slotSeconds = 900;

interface Use {
  readonly source: Source;
  readonly row: number;
}

/** A channel whose days count with all their slots, [from, to] both included. */
interface WholeUse {
  readonly channel: SourceChannel;
  readonly use: Use;
  readonly from: string;
  readonly to: string;
  /** What one of its intervals is counted for: 900 is one. */
  readonly seconds: number;
  /** There are others of its point and quantity: of each day one counts. */
  readonly several: boolean;
}

/** Length of the intervals in which the values of a point are counted, and of those by which they are added up slot by slot. */
interface Steps {
  readonly countedSeconds: number;
  readonly addedSeconds: number;
}

/** A point that is measured by the hour alone is counted in hours; of one with several channels the quarter-hours are. */
function stepsOf(own: readonly SourceChannel[]): Steps {
  const [only] = own.length === 1 ? own : [];
  return {
    countedSeconds: Math.max(slotSeconds, only?.periodSeconds ?? 0),
    addedSeconds: own.every(({ periodSeconds }) => slotSeconds % periodSeconds === 0) ? slotSeconds : 3600,
  };
}

/**
 * Adds up days by their digests, without unpacking one: sum and count of values stand in columns, and of the few days that are not
 * whole and good the runs of quality say what is missing or estimated. A day that counts only in part (somebody joined a group at
 * noon) is unpacked.
 */
async function sumDigests(
  db: Queryable,
  uses: readonly Use[],
  rowCount: number,
  request: TotalsRequest,
): Promise<Sums> {
  const { obis, fromDay, by } = request;
  const channels = await readSourceChannels(db, [...new Set(uses.map(({ source }) => source.pointId))], {
    codes: [obis],
    slotSeconds: 3600,
  });
  const byPoint = Map.groupBy(channels, ({ pointId }) => pointId);
  const scale = channels.length === 0 ? 0 : Math.min(...channels.map((channel) => channel.scale));
  const places = endedDays(request, slotSeconds);
  const bucketKeys = bucketsOf(request);
  const place = new Map(bucketKeys.map((key, nth) => [key, nth]));
  const rows = Array.from({ length: rowCount }, () => bucketKeys.map(() => new Cell()));
  const cellOf = (row: number, day: string) => rows[row]![place.get(bucketOf(day, by, fromDay))!]!;

  const whole: WholeUse[] = [];
  const cut = new Map<string, { from: string; to: string; uses: Use[]; steps: Steps }>();
  const expects = ({ direction, pointId }: Source) => isExpected(direction, obis) || byPoint.has(pointId);
  for (const use of uses) {
    const own = byPoint.get(use.source.pointId) ?? [];
    const steps = stepsOf(own);
    if (expects(use.source)) expect(use.source, use.row, places, steps, cellOf);
    if (own.length === 0) continue;
    const { first, last, borders } = wholeDays(use.source, places);
    for (const channel of first && last ? own : []) {
      const several = own.length > 1;
      const seconds = several ? channel.periodSeconds : slotSeconds;
      whole.push({ channel, use, from: first!.date, to: last!.date, seconds, several });
    }
    for (const day of borders) {
      const key = `${day.date} ${steps.countedSeconds} ${steps.addedSeconds}`;
      const to = dayAfter(day, request.zone).date;
      const entry = cut.get(key) ?? { from: day.date, to, uses: [], steps };
      entry.uses.push(use);
      cut.set(key, entry);
    }
  }
  const [several, alone] = [true, false].map((which) => whole.filter((use) => use.several === which));
  await addDigests(db, alone!, scale, request, cellOf);
  await addDigests(db, several!, scale, request, cellOf);
  for (const { from, to, uses: some, steps } of cut.values()) {
    await addUnpacked(db, some, channels, { from, to, scale, steps }, request, cellOf);
  }
  return { scale, bucketKeys, places, rows };
}

function bucketsOf({ fromDay, toDay, by }: TotalsRequest): string[] {
  if (by === "all") return [fromDay];
  const keys: string[] = [];
  const end = Temporal.PlainDate.from(toDay);
  for (let day = Temporal.PlainDate.from(fromDay); Temporal.PlainDate.compare(day, end) < 0; ) {
    keys.push(day.toString());
    day = by === "day" ? day.add({ days: 1 }) : day.with({ day: 1 }).add({ months: 1 });
  }
  return keys;
}

/** Values that a source should have, by bucket. */
function expect(
  source: Source,
  row: number,
  places: readonly Place[],
  { countedSeconds }: Steps,
  cellOf: (row: number, day: string) => Cell,
): void {
  const parts = countedSeconds / slotSeconds;
  for (const { day, slots } of places) {
    if (source.fromMs >= day.endMs || source.toMs <= day.startMs) continue;
    const all = slotsOf(day, slotSeconds);
    const { from, to } = spanOf(source, day, all);
    cellOf(row, day.date).expected += Math.max(0, Math.floor((Math.min(to, slots) - from) / parts));
  }
}

/** The days of which a source counts every slot, and those at its borders. */
function wholeDays({ fromMs, toMs }: Source, places: readonly Place[]) {
  const touched = places.filter(({ day }) => fromMs < day.endMs && toMs > day.startMs);
  const covered = touched.filter(({ day }) => fromMs <= day.startMs && toMs >= day.endMs);
  const borders = touched.filter((entry) => !covered.includes(entry)).map(({ day }) => day);
  return { first: covered[0]?.day, last: covered.at(-1)?.day, borders } as {
    first: MarketDay | undefined;
    last: MarketDay | undefined;
    borders: MarketDay[];
  };
}

/** Lists of channels with one weight and one time that are summed each by itself. */
const listsMax = 4;
const notWhole = missingBit | quality.estimated;
/** `flags` is a smallint: bit 15 is its sign. */
const notWholeSigned = (notWhole << 16) >> 16;

async function addDigests(
  db: Queryable,
  whole: readonly WholeUse[],
  scale: number,
  { fromDay, toDay, by }: TotalsRequest,
  cellOf: (row: number, day: string) => Cell,
): Promise<void> {
  if (whole.length === 0) return;
  const bucket = trusted(
    by === "day" ? "day" : by === "month" ? "date_trunc('month', day)::date" : "null::date",
  );
  const alike = new Set(whole.map(({ from, to }) => `${from} ${to}`)).size === 1;
  const first = alike ? whole[0]!.from : fromDay;
  const last = alike ? whole[0]!.to : Temporal.PlainDate.from(toDay).subtract({ days: 1 }).toString();
  const sums = whole.map(({ channel, use, from, to, seconds }) => ({
    ...{ channelId: channel.channelId, row: use.row, from, to, seconds },
    weight: use.source.sign * 10 ** (channel.scale - scale),
  }));
  const lists = Map.groupBy(sums, ({ row, weight, from, to }) => `${row} ${weight} ${from} ${to}`);
  // A few long lists of channels are filters of one pass over the days; a join would sort all days of all channels: twice the time with 50,000.
  const { several } = whole[0]!;
  const few =
    !several &&
    lists.size <= listsMax &&
    [...lists.values()].every((list) => new Set(list.map(({ channelId }) => channelId)).size === list.length);
  // Where every use covers the whole period the bounds are constants, and the planner need not compare days row by row.
  const bounds = alike ? sql`true` : sql`day between use.from_day and use.to_day`;
  const statement = few
    ? joined(
        [...lists.values()].map(
          (list) => sql`
    select ${list[0]!.row}::int as row, ${bucket} as bucket, (sum(sum) * ${list[0]!.weight}::bigint)::text as sum,
      sum(slots)::bigint as slots, sum(ok)::bigint as ok
    from load_day where channel_id = any(${numbers(list.map(({ channelId }) => channelId))}::int[])
      and day between ${list[0]!.from}::date and ${list[0]!.to}::date
    group by 2`,
        ),
        " union all ",
      )
    : sql`
    select use.row, ${bucket} as bucket, sum(stored.sum * use.weight)::text as sum,
      sum(slots * seconds / ${slotSeconds}::int)::bigint as slots, sum(ok * seconds / ${slotSeconds}::int)::bigint as ok
    from unnest(${numbers(sums.map(({ channelId }) => channelId))}::int[], ${numbers(sums.map(({ row }) => row))}::int[],
      ${numbers(sums.map(({ weight }) => weight))}::bigint[], ${numbers(sums.map(({ seconds }) => seconds))}::int[],
      ${words(sums.map(({ from }) => from))}::date[], ${words(sums.map(({ to }) => to))}::date[])
      as use (channel_id, row, weight, seconds, from_day, to_day)
    join load_day as stored using (channel_id) ${several ? trusted("join channel as own using (channel_id)") : trusted("")}
    where day between ${first}::date and ${last}::date and ${bounds} and ${several ? sql`not ${isPassedOver}` : trusted("true")}
    group by 1, 2`;
  const { rows } = await db.query<{
    row: number;
    bucket: string | null;
    sum: string | null;
    slots: number;
    ok: number;
  }>(statement);
  for (const { row, bucket, sum, slots, ok } of rows) {
    const cell = cellOf(row, bucket === null || bucket < fromDay ? fromDay : bucket);
    if (sum !== null) cell.add(BigInt(sum));
    cell.present += slots;
    cell.good += ok;
  }
  await addRuns(db, whole, first, last, cellOf);
  if (by !== "day") await addKept(db, whole, scale, fromDay, cellOf);
}

/**
 * Months whose days went with their retention, where a use covers them whole. Days that were brought again count instead of the sum:
 * they are looked for first, in the few months that can have both, so that no report of younger days pays for it.
 */
async function addKept(
  db: Queryable,
  whole: readonly WholeUse[],
  scale: number,
  fromDay: string,
  cellOf: (row: number, day: string) => Cell,
): Promise<void> {
  const { rows: newest } = await db.query<{ end: string | null }>(
    sql`select (max(month) + interval '1 month')::date as "end" from kept_month`,
  );
  const end = newest[0]?.end ?? "";
  if (end <= fromDay) return;
  const ids = numbers(whole.map(({ channel }) => channel.channelId));
  const { rows: again } = await db.query<{ channelId: number; month: string }>(sql`
    select distinct channel_id as "channelId", date_trunc('month', day)::date as month from load_day
    where channel_id = any(${ids}::int[]) and day >= ${fromDay}::date and day < ${end}::date`);
  // A day of one of the channels of a point that was brought again counts instead of what is kept of all of them.
  const broughtAgain = whole[0]!.several ? ofAllChannels(whole, again) : again;
  const { rows } = await db.query<{
    row: number;
    month: string;
    sum: string | null;
    present: number;
    good: number;
    estimated: number;
  }>(sql`
    select use.row, month, sum(kept_month.sum * use.sign * (10::numeric ^ (kept_month.scale - ${scale}::int))::bigint)::text as sum,
      sum(present * seconds / ${slotSeconds}::int)::bigint as present, sum(good * seconds / ${slotSeconds}::int)::bigint as good,
      sum(estimated * seconds / ${slotSeconds}::int)::bigint as estimated
    from unnest(${ids}::int[], ${numbers(whole.map(({ use }) => use.row))}::int[],
      ${numbers(whole.map(({ use }) => use.source.sign))}::int[], ${numbers(whole.map(({ seconds }) => seconds))}::int[],
      ${words(whole.map(({ from }) => from))}::date[], ${words(whole.map(({ to }) => to))}::date[])
      as use (channel_id, row, sign, seconds, from_day, to_day)
    join kept_month using (channel_id)
    left join (select distinct * from unnest(${numbers(broughtAgain.map(({ channelId }) => channelId))}::int[],
        ${words(broughtAgain.map(({ month }) => month))}::date[]) as brought (channel_id, month))
      as again using (channel_id, month)
    where month >= from_day and (month + interval '1 month')::date - 1 <= to_day and again.channel_id is null
    group by 1, 2`);
  for (const { row, month, sum, present, good, estimated } of rows) {
    const cell = cellOf(row, month < fromDay ? fromDay : month);
    if (sum !== null) cell.add(BigInt(sum));
    cell.present += present;
    cell.good += good;
    cell.estimated += estimated;
    cell.sumsOnly = true;
  }
}

function ofAllChannels(
  whole: readonly WholeUse[],
  months: readonly { readonly channelId: number; readonly month: string }[],
) {
  const pointOf = new Map(whole.map(({ channel }) => [channel.channelId, channel.pointId]));
  const byPoint = Map.groupBy([...pointOf.keys()], (channelId) => pointOf.get(channelId)!);
  return months.flatMap(({ channelId, month }) =>
    byPoint.get(pointOf.get(channelId)!)!.map((peer) => ({ channelId: peer, month })),
  );
}

/** Of days that are not whole, or partly estimated, the runs of quality say how many slots that concerns. */
async function addRuns(
  db: Queryable,
  whole: readonly WholeUse[],
  first: string,
  last: string,
  cellOf: (row: number, day: string) => Cell,
): Promise<void> {
  const uses = Map.groupBy(whole, ({ channel }) => channel.channelId);
  const ids = [...uses.keys()].sort((a, b) => a - b).join();
  const { several } = whole[0]!;
  await copyOut(
    db,
    `copy (select channel_id, day, q from load_day as stored ${several ? "join channel as own using (channel_id)" : ""}
       where channel_id = any('{${ids}}'::int[]) and day between '${first}' and '${last}' and q is not null
         and flags & ${notWholeSigned} <> 0 ${several ? `and not ${isPassedOver.text}` : ""})
     to stdout (format binary)`,
    (copied) => {
      while (copied.next()) {
        const own = uses.get(copied.int4()) ?? [];
        const day = binaryToDate(copied.int4());
        const q = copied.skip();
        const { missing, estimated } = countRuns(copied.bytes.subarray(q.start, q.end));
        for (const { use, from, to, seconds } of own) {
          if (day < from || day > to) continue;
          const cell = cellOf(use.row, day);
          cell.present -= Math.floor((missing * seconds) / slotSeconds);
          cell.estimated += Math.floor((estimated * seconds) / slotSeconds);
        }
      }
    },
  );
}

async function addUnpacked(
  db: Queryable,
  uses: readonly Use[],
  channels: readonly SourceChannel[],
  { from, to, scale, steps }: { from: string; to: string; scale: number; steps: Steps },
  { zone, obis }: TotalsRequest,
  cellOf: (row: number, day: string) => Cell,
): Promise<void> {
  const points = new Set(uses.map(({ source }) => source.pointId));
  const days = await sumSources(db, {
    sources: uses.map(({ source, row }) => ({ ...source, groupId: row })),
    channels: channels.filter(({ pointId }) => points.has(pointId)),
    fromDay: from,
    toDay: to,
    zone,
    slotSeconds: steps.addedSeconds,
    codes: [obis],
    expects: () => false,
  });
  for (const { groupId, day, scale: finer, slots } of days) {
    addSlots(
      cellOf(groupId, day),
      slots,
      10n ** BigInt(finer - scale),
      steps.addedSeconds / steps.countedSeconds,
    );
  }
}

function addSlots(
  cell: Cell,
  { values, present, good, estimated }: GroupSlots,
  weight: bigint,
  parts: number,
  slots = values.length,
): void {
  for (let slot = 0; slot < slots; slot++) {
    if (Number.isNaN(values[slot]!)) continue;
    cell.add(BigInt(values[slot]!) * weight);
    cell.present += present[slot]! * parts;
    cell.good += good[slot]! * parts;
    cell.estimated += estimated[slot]! * parts;
  }
}

interface GroupSums {
  readonly scale: number;
  readonly rows: ReadonlyMap<string, GroupCells>;
  /** First days of months of which only the sums are kept, by group and side. */
  readonly keptMonths: ReadonlyMap<string, ReadonlySet<string>>;
}
interface GroupCells {
  readonly cells: readonly Cell[];
  /** Days whose sums are in the cells. */
  days: number;
}

const groupKey = (groupId: number, side: string): string => `${groupId} ${side}`;

/** Groups have their sums by day in columns; a day that has not ended is taken by its slots. */
async function readGroupSums(
  db: Queryable,
  groupIds: readonly number[],
  request: TotalsRequest,
  places: readonly Place[],
): Promise<GroupSums> {
  const { obis, fromDay, by } = request;
  if (groupIds.length === 0 || places.length === 0)
    return { scale: 0, rows: new Map(), keptMonths: new Map() };
  const running = places.at(-1)!.slots < slotsOf(places.at(-1)!.day, slotSeconds) ? places.at(-1) : undefined;
  const untilDay = running?.day.date ?? request.toDay;
  const bucket = trusted(
    by === "day" ? "day" : by === "month" ? "date_trunc('month', day)::date" : "null::date",
  );
  const { rows } = await db.query<{
    groupId: number;
    side: string;
    bucket: string | null;
    scale: number;
    sum: string | null;
    expected: number;
    present: number;
    good: number;
    estimated: number;
    days: number;
  }>(sql`
    select group_id as "groupId", side, ${bucket} as bucket, scale, sum(sum)::text as sum, sum(expected)::bigint as expected,
      sum(present)::bigint as present, sum(good)::bigint as good, sum(estimated)::bigint as estimated, count(*)::int as days
    from group_day where group_id = any(${numbers(groupIds)}::int[]) and obis = ${obis}
      and day >= ${fromDay}::date and day < ${untilDay}::date
    group by 1, 2, 3, 4`);
  const today = running
    ? await readGroupDays(db, groupIds, running.day.date, dayAfter(running.day, request.zone).date, [obis])
    : [];
  const kept = by === "day" ? [] : await readKeptGroupMonths(db, groupIds, request);
  const scale = Math.min(0, ...[...rows, ...today, ...kept].map((row) => row.scale));
  const keys = bucketsOf(request);
  const place = new Map(keys.map((key, nth) => [key, nth]));
  const found = new Map<string, GroupCells>();
  const entryOf = (groupId: number, side: string) => {
    const key = groupKey(groupId, side);
    const entry = found.get(key) ?? { cells: keys.map(() => new Cell()), days: 0 };
    found.set(key, entry);
    return entry;
  };
  const keptMonths = new Map<string, Set<string>>();
  for (const { groupId, side, month } of kept) {
    const key = groupKey(groupId, side);
    keptMonths.set(key, (keptMonths.get(key) ?? new Set()).add(month));
  }
  for (const row of [...rows, ...kept]) {
    const entry = entryOf(row.groupId, row.side);
    const first = row.bucket === null ? fromDay : bucketOf(row.bucket, by, fromDay);
    const cell = entry.cells[place.get(first)!]!;
    if ("month" in row) cell.sumsOnly = true;
    if (row.sum !== null) cell.add(BigInt(row.sum) * 10n ** BigInt(row.scale - scale));
    cell.expected += row.expected;
    cell.present += row.present;
    cell.good += row.good;
    cell.estimated += row.estimated;
    entry.days += row.days;
  }
  for (const day of today) {
    const entry = entryOf(day.groupId, day.side);
    const cell = entry.cells[place.get(bucketOf(day.day, by, fromDay))!]!;
    addSlots(cell, day, 10n ** BigInt(day.scale - scale), 1, running!.slots);
    for (const count of day.expected.subarray(0, running!.slots)) cell.expected += count;
    entry.days++;
  }
  return { scale, rows: found, keptMonths };
}

/** Whole months of groups whose days went with their retention; where days were summed again these count instead. */
async function readKeptGroupMonths(
  db: Queryable,
  groupIds: readonly number[],
  { obis, fromDay, toDay }: TotalsRequest,
) {
  const { rows: newest } = await db.query<{ end: string | null }>(
    sql`select (max(month) + interval '1 month')::date as "end" from kept_group_month`,
  );
  const end = newest[0]?.end ?? "";
  if (end <= fromDay) return [];
  const { rows } = await db.query<{
    groupId: number;
    side: string;
    month: string;
    bucket: string;
    scale: number;
    sum: string | null;
    expected: number;
    present: number;
    good: number;
    estimated: number;
    days: number;
  }>(sql`
    select group_id as "groupId", side, month, month as bucket, scale, sum::text as sum, expected, present, good, estimated,
      (month + interval '1 month')::date - month as days
    from kept_group_month as kept where group_id = any(${numbers(groupIds)}::int[]) and obis = ${obis}
      and month >= ${fromDay}::date and (month + interval '1 month')::date <= ${toDay}::date
      and not exists (select from group_day where group_day.group_id = kept.group_id and group_day.side = kept.side
        and group_day.obis = kept.obis and day >= month and day < (month + interval '1 month')::date
          and day >= ${fromDay}::date and day < ${end}::date)`);
  return rows;
}

/** Days of a group of which nothing is stored: all that should be there is missing. */
async function expectMissingDays(
  db: Queryable,
  cells: readonly Cell[],
  { subject, sources }: Counted,
  { obis, by, fromDay, toDay }: TotalsRequest,
  { places, bucketKeys }: Sums,
  keptMonths: ReadonlySet<string> | undefined,
): Promise<void> {
  if (subject.kind !== "group") return;
  const { rows } = await db.query<{ day: string }>(sql`
    select day from group_day where group_id = ${subject.groupId}::int and side = ${subject.side} and obis = ${obis}
      and day >= ${fromDay}::date and day < ${toDay}::date`);
  const stored = new Set(rows.map(({ day }) => day));
  const place = new Map(bucketKeys.map((key, nth) => [key, nth]));
  for (const { day, slots } of places) {
    if (stored.has(day.date) || keptMonths?.has(`${day.date.slice(0, 7)}-01`)) continue;
    const cell = cells[place.get(bucketOf(day.date, by, fromDay))!]!;
    for (const source of sources) {
      if (!isExpected(source.direction, obis)) continue;
      const { from, to } = spanOf(source, day, slotsOf(day, slotSeconds));
      cell.expected += Math.max(0, Math.min(to, slots) - from);
    }
  }
}
