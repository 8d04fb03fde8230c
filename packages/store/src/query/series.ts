import { createHash } from "node:crypto";
import { type GroupSlots, marketDay, slotsOf } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { isPassedOver } from "../counting-days.ts";
import type { Queryable } from "../database.ts";
import { isExpected, readSourceChannels, type SourceChannel } from "../groups/sources.ts";
import { readGroupDays } from "../groups/sums.ts";
import { sql } from "../sql.ts";
import { Turns } from "../turns.ts";
import { readDataVersion } from "./data-version.ts";
import { unitOf } from "./energies.ts";
import { endedDays, type Period, type Place } from "./frame.ts";
import type { ResultCache } from "./result-cache.ts";
import type { Counted } from "./subjects.ts";
import { spanOf, sumSources } from "./sum-sources.ts";

/** A quantity of one subject by interval, from the first slot of the period to the last one that has ended. */
export interface Series {
  readonly obis: string;
  /** Value in `unit` = integer × 10^scale: energy of the interval. */
  readonly unit: string;
  readonly scale: number;
  readonly stepSeconds: number;
  readonly startMs: number;
  readonly days: readonly { readonly day: string; readonly first: number; readonly slots: number }[];
  /** NaN where no value is there. Where some of the points lack theirs, the sum is of the others: `present` tells. */
  readonly values: Float64Array;
  /** Every bit of quality of the values in it, or-ed. */
  readonly flags: Uint16Array;
  readonly expected: Uint32Array;
  readonly present: Uint32Array;
  /** Present and good. */
  readonly good: Uint32Array;
  readonly estimated: Uint32Array;
}

/** Where the query layer reads, and what it may remember. */
export interface QueryContext {
  readonly db: Queryable;
  readonly cache?: ResultCache;
}

/** Fewer channels are read faster than it is found out whether they changed. */
const rememberedMin = 20;
const quarterSeconds = 900;

/**
 * The series of one quantity for each subject. Groups come from their stored sums; everything else is unpacked from the points' days
 * and added up, all subjects in one go. A series has steps of `leastSteps` at least.
 */
export async function readSeries(
  { db, cache }: QueryContext,
  counted: readonly Counted[],
  request: Period & { readonly obis: string },
  leastSteps: readonly number[] = [],
): Promise<Series[]> {
  const series: Series[] = new Array(counted.length);
  const direct = new Map<number, { nth: number; counted: Counted }[]>();
  const channels = await channelsOf(db, counted, request);
  for (const [nth, each] of counted.entries()) {
    if (each.subject.kind === "group") series[nth] = await readGroupSeries(db, each, request);
    else {
      const step = Math.max(stepOf(each, channels), leastSteps[nth] ?? 0);
      direct.set(step, [...(direct.get(step) ?? []), { nth, counted: each }]);
    }
  }
  for (const [step, list] of direct) {
    const wanted = list.map((each) => each.counted);
    const own = channels.filter(({ periodSeconds }) => step % periodSeconds === 0);
    const made = await remember(cache, db, { wanted, channels: own, request, step }, () =>
      sumSeries(db, wanted, own, request, step),
    );
    for (const [place, { nth }] of list.entries()) series[nth] = made[place]!;
  }
  return series;
}

/** The step that the series of each of these will have, before any of it is read. */
export async function readSteps(
  db: Queryable,
  counted: readonly Counted[],
  request: Period & { readonly obis: string },
): Promise<number[]> {
  const channels = await channelsOf(db, counted, request);
  const byPoint = Map.groupBy(channels, ({ pointId }) => pointId);
  return counted.map((each) =>
    each.subject.kind === "point" ? stepOf(each, byPoint.get(each.subject.pointId) ?? []) : quarterSeconds,
  );
}

async function channelsOf(
  db: Queryable,
  counted: readonly Counted[],
  { obis, fromDay, toDay }: Period & { readonly obis: string },
): Promise<SourceChannel[]> {
  const points = new Set<number>();
  for (const { subject, sources } of counted) {
    if (subject.kind !== "group") for (const { pointId } of sources) points.add(pointId);
  }
  if (points.size === 0) return [];
  const channels = await readSourceChannels(db, [...points], { codes: [obis], slotSeconds: 3600 });
  // Hours beside quarter-hours make a series coarser only where they are what counts.
  const byPoint = Map.groupBy(channels, ({ pointId }) => pointId);
  const several = channels.filter(({ pointId }) => byPoint.get(pointId)!.length > 1);
  if (several.length === 0) return channels;
  const { rows } = await db.query<{ channelId: number }>(sql`
    select distinct channel_id as "channelId" from load_day as stored join channel as own using (channel_id)
    where channel_id = any(${numbers(several.map(({ channelId }) => channelId))}::int[]) and day >= ${fromDay}::date
      and day < ${toDay}::date and stored.sum is not null and not ${isPassedOver}`);
  const counting = new Set(rows.map(({ channelId }) => channelId));
  return channels.filter(
    ({ channelId, pointId, periodSeconds }) =>
      byPoint.get(pointId)!.length === 1 || counting.has(channelId) || quarterSeconds % periodSeconds === 0,
  );
}

/** A point has a series by the hour where some of its days are measured by the hour alone; what is summed is summed by quarter-hour. */
function stepOf({ subject }: Counted, channels: readonly SourceChannel[]): number {
  if (subject.kind !== "point") return quarterSeconds;
  const own = channels.filter(({ pointId }) => pointId === subject.pointId);
  if (own.every(({ periodSeconds }) => quarterSeconds % periodSeconds === 0)) return quarterSeconds;
  return Math.max(...own.map(({ periodSeconds }) => periodSeconds));
}

const digests = new WeakMap<Counted["sources"], string>();

/** Sources of one call are asked for once for each energy: 50,000 of them take 100 ms to write down. */
function digestOf(sources: Counted["sources"]): string {
  const digest =
    digests.get(sources) ?? createHash("sha256").update(JSON.stringify(sources)).digest("base64");
  digests.set(sources, digest);
  return digest;
}

/** What a remembered result was made of: the points and their times, the channels as they are now, and the version of the days. */
async function remember<Result extends readonly Series[]>(
  cache: ResultCache | undefined,
  db: Queryable,
  {
    wanted,
    channels,
    request,
    step,
  }: {
    wanted: readonly Counted[];
    channels: readonly SourceChannel[];
    request: Period & { obis: string };
    step: number;
  },
  make: () => Promise<Result>,
): Promise<Result> {
  if (!cache || channels.length < rememberedMin) return make();
  const version = await readDataVersion(db, request.fromDay, request.toDay);
  if (version === undefined) return make();
  const { fromDay, toDay, zone, nowMs, obis } = request;
  const hash = createHash("sha256");
  for (const { sources } of wanted) hash.update(`${digestOf(sources)}\n`);
  for (const { channelId, scale } of channels) hash.update(`${channelId} ${scale}\n`);
  const ended = Math.min(marketDay(toDay, zone).startMs, Math.floor(nowMs / (step * 1000)) * step * 1000);
  const key = [obis, fromDay, toDay, zone, step, ended, version, hash.digest("base64")].join(" ");
  return cache.get(key, make, (made) => made.reduce((bytes, each) => bytes + each.values.length * 26, 512));
}

async function sumSeries(
  db: Queryable,
  wanted: readonly Counted[],
  channels: readonly SourceChannel[],
  request: Period & { readonly obis: string },
  slotSeconds: number,
): Promise<Series[]> {
  const measured = new Set(channels.map(({ pointId }) => pointId));
  const sources = wanted.flatMap(({ sources }, nth) =>
    sources.map((source) => ({ ...source, groupId: nth })),
  );
  const days = await sumSources(db, {
    sources,
    channels,
    fromDay: request.fromDay,
    toDay: request.toDay,
    zone: request.zone,
    slotSeconds,
    codes: [request.obis],
    // A quantity that nobody expects of a point, such as reactive energy, is expected of one that has brought it before.
    expects: ({ direction, pointId }, obis) => isExpected(direction, obis) || measured.has(pointId),
    everyDay: true,
  });
  const places = endedDays(request, slotSeconds);
  const byDay = new Map(places.map((place) => [place.day.date, place]));
  const ofSubject = Map.groupBy(days, ({ groupId }) => groupId);
  const made: Series[] = [];
  const turns = new Turns();
  for (const nth of wanted.keys()) {
    const own = ofSubject.get(nth) ?? [];
    const series = emptySeries(request, slotSeconds, places, own[0]);
    for (const { day, slots } of own) {
      const place = byDay.get(day);
      if (place) put(series, slots, place, 1);
    }
    made.push(series);
    if (turns.isLong) await turns.next();
  }
  return made;
}

async function readGroupSeries(
  db: Queryable,
  { subject, sources }: Counted,
  request: Period & { readonly obis: string },
): Promise<Series> {
  if (subject.kind !== "group") throw new Error("a group is asked for");
  const { fromDay, toDay, obis } = request;
  const stored = await readGroupDays(db, [subject.groupId], fromDay, toDay, [obis]);
  const own = stored.filter(({ side }) => side === subject.side);
  const places = endedDays(request, quarterSeconds);
  const byDay = new Map(places.map((place) => [place.day.date, place]));
  const scale = Math.min(...own.map((row) => row.scale));
  const series = emptySeries(request, quarterSeconds, places, own[0] && { ...own[0], scale });
  for (const row of own) {
    const place = byDay.get(row.day);
    if (!place) continue;
    byDay.delete(row.day);
    put(series, row, place, 10 ** (row.scale - scale));
  }
  // A day of which nothing is stored: all that should be there is missing.
  for (const place of byDay.values()) expectAll(series, sources, place);
  return series;
}

function expectAll(series: Series, sources: Counted["sources"], { day, first, slots }: Place): void {
  for (const source of sources) {
    if (!isExpected(source.direction, series.obis)) continue;
    const { from, to } = spanOf(source, day, slotsOf(day, quarterSeconds));
    for (let slot = from; slot < Math.min(to, slots); slot++) {
      series.expected[first + slot] = series.expected[first + slot]! + 1;
    }
  }
}

function emptySeries(
  { obis, fromDay, zone }: Period & { readonly obis: string },
  stepSeconds: number,
  places: readonly Place[],
  known: { readonly unit: string; readonly scale: number } | undefined,
): Series {
  const length = places.reduce((total, { slots }) => total + slots, 0);
  return {
    obis,
    unit: known?.unit ?? unitOf(obis),
    scale: known?.scale ?? 0,
    stepSeconds,
    startMs: marketDay(fromDay, zone).startMs,
    days: places.map(({ day, first, slots }) => ({ day: day.date, first, slots })),
    values: new Float64Array(length).fill(Number.NaN),
    flags: new Uint16Array(length),
    expected: new Uint32Array(length),
    present: new Uint32Array(length),
    good: new Uint32Array(length),
    estimated: new Uint32Array(length),
  };
}

/** Lays a day into its place, as far as it has ended. */
function put(series: Series, day: GroupSlots, { first, slots }: Place, weight: number): void {
  const part = <List extends Float64Array | Uint16Array | Uint32Array>(list: List) => list.subarray(0, slots);
  series.values.set(weight === 1 ? part(day.values) : part(day.values).map((value) => value * weight), first);
  series.flags.set(part(day.flags), first);
  series.expected.set(part(day.expected), first);
  series.present.set(part(day.present), first);
  series.good.set(part(day.good), first);
  series.estimated.set(part(day.estimated), first);
}
