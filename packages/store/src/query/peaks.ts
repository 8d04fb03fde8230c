import { type MarketDay, marketDay, marketDayOf, missingBit, notGood, unpackDay } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { binaryToDate, copyOut } from "../copy-binary.ts";
import type { Queryable } from "../database.ts";
import { readSourceChannels, type SourceChannel } from "../groups/sources.ts";
import { sql } from "../sql.ts";
import type { Period } from "./frame.ts";
import type { Counted } from "./subjects.ts";
import { spanOf } from "./sum-sources.ts";

/** The greatest interval of a point in a period. */
export interface Peak {
  readonly pointId: number;
  /** Energy of the interval in its unit = value × 10^scale. */
  readonly value: number;
  readonly scale: number;
  readonly unit: string;
  readonly stepSeconds: number;
  readonly startMs: number;
  /** Quality of that interval; never one that a rule refused. */
  readonly flags: number;
}

/** Value of an interval as a mean power, comparable between points of different scale and period. */
const powerOf = (value: number, { scale, periodSeconds }: SourceChannel): number =>
  (value * 10 ** scale * 3600) / periodSeconds;

/**
 * The greatest interval of each point that counts in a subject, greatest power first, at most `limit`. By the digests of the days; only
 * days with values that are not good are looked into, so that a refused spike is nobody's peak.
 */
export async function readTopPeaks(
  db: Queryable,
  counted: Counted,
  request: Period & { readonly obis: string; readonly limit: number },
): Promise<Peak[]> {
  const { channelIds, byId, best } = await findMaxima(db, counted, request);
  return placePeaks(db, channelIds, byId, best, request);
}

/** The value of each of these intervals, without when it was: that costs a look into a day of every point. */
export async function readMaxima(
  db: Queryable,
  counted: Counted,
  request: Period & { readonly obis: string },
): Promise<Pick<Peak, "pointId" | "value" | "scale" | "stepSeconds">[]> {
  const { channelIds, byId, best } = await findMaxima(db, counted, {
    ...request,
    limit: Number.POSITIVE_INFINITY,
  });
  return channelIds.map((channelId) => {
    const { pointId, scale, periodSeconds } = byId.get(channelId)!;
    return { pointId, value: best.get(channelId)!.value, scale, stepSeconds: periodSeconds };
  });
}

interface Best {
  readonly value: number;
  readonly power: number;
  /** Known where a day was looked into. */
  readonly found?: Peak;
}
interface Maxima {
  /** The channel of each point that has its greatest interval, greatest power first. */
  readonly channelIds: readonly number[];
  readonly byId: ReadonlyMap<number, SourceChannel>;
  readonly best: ReadonlyMap<number, Best>;
}

async function findMaxima(
  db: Queryable,
  { sources }: Counted,
  request: Period & { readonly obis: string; readonly limit: number },
): Promise<Maxima> {
  const { obis, fromDay, toDay, zone, limit } = request;
  const channels = await readSourceChannels(db, [...new Set(sources.map(({ pointId }) => pointId))], {
    codes: [obis],
    slotSeconds: 3600,
  });
  if (channels.length === 0) return { channelIds: [], byId: new Map(), best: new Map() };
  const byId = new Map(channels.map((channel) => [channel.channelId, channel]));
  const [fromMs, toMs] = [marketDay(fromDay, zone).startMs, marketDay(toDay, zone).startMs];
  const spans = Map.groupBy(sources, ({ pointId }) => pointId);
  /** Points that count in part of the period only: their days are looked into. */
  const partly = new Set(
    [...spans].flatMap(([pointId, own]) =>
      own.some((source) => source.fromMs <= fromMs && source.toMs >= toMs) ? [] : [pointId],
    ),
  );
  const whole = channels.filter(({ pointId }) => !partly.has(pointId));
  const bad = signed(notGood);
  // One pass, and no condition on the bits: the planner takes it for one that hardly a row meets, and sends all rows through a gather.
  const { rows } = await db.query<{ channelId: number; good: number | null; doubtful: number | null }>(sql`
    select channel_id as "channelId", max(max) filter (where flags & ${bad}::smallint = 0) as good,
      max(max) filter (where flags & ${bad}::smallint <> 0) as doubtful
    from load_day
    where channel_id = any(${numbers(whole.map(({ channelId }) => channelId))}::int[])
      and day >= ${fromDay}::date and day < ${toDay}::date
    group by channel_id`);
  const best = new Map<number, Best>();
  const doubtful: { readonly channel: SourceChannel; readonly power: number }[] = [];
  for (const { channelId, good, doubtful: other } of rows) {
    const channel = byId.get(channelId)!;
    if (good !== null) best.set(channelId, { value: good, power: powerOf(good, channel) });
    if (other !== null && other > (good ?? Number.NEGATIVE_INFINITY))
      doubtful.push({ channel, power: powerOf(other, channel) });
  }
  // No value of a day is greater than its maximum: a day that stays below what is good enough without it need not be looked into.
  const enough = leastOfBest(best, byId, limit);
  const suspects = doubtful.flatMap(({ channel, power }) => (power >= enough ? [channel] : []));
  const inPart = channels.filter(({ pointId }) => partly.has(pointId));
  await lookInto(db, suspects, inPart, request, (channel, day, bytes) => {
    const peak = peakOf(channel, day, bytes, spans.get(channel.pointId) ?? [], zone);
    if (!peak) return;
    const power = powerOf(peak.value, channel);
    if (power > (best.get(channel.channelId)?.power ?? Number.NEGATIVE_INFINITY)) {
      best.set(channel.channelId, { value: peak.value, power, found: peak });
    }
  });
  return { channelIds: [...greatest(best, byId, limit).values()], byId, best };
}

/** The channel with the greatest power of each point, greatest first, at most `limit`. */
function greatest(
  best: ReadonlyMap<number, { readonly power: number }>,
  byId: ReadonlyMap<number, SourceChannel>,
  limit: number,
): Map<number, number> {
  const ofPoint = new Map<number, number>();
  const order = [...best].sort(([a, one], [b, other]) => other.power - one.power || a - b);
  for (const [channelId] of order) {
    const { pointId } = byId.get(channelId)!;
    if (!ofPoint.has(pointId)) ofPoint.set(pointId, channelId);
    if (ofPoint.size >= limit) break;
  }
  return ofPoint;
}

/** The power that a point must have to be among the first `limit` ones. */
function leastOfBest(
  best: ReadonlyMap<number, { readonly power: number }>,
  byId: ReadonlyMap<number, SourceChannel>,
  limit: number,
): number {
  if (best.size < limit) return Number.NEGATIVE_INFINITY;
  const ofPoint = greatest(best, byId, limit);
  const last = [...ofPoint.values()].at(-1);
  return ofPoint.size < limit || last === undefined ? Number.NEGATIVE_INFINITY : best.get(last)!.power;
}

const signed = (flags: number): number => (flags << 16) >> 16;

interface PackedBytes {
  readonly slots: number;
  readonly v: Uint8Array;
  readonly q: Uint8Array | null;
}

/** Days with values that are not good of some channels, all days of others: of points that count in part of the period only. */
async function lookInto(
  db: Queryable,
  suspects: readonly SourceChannel[],
  all: readonly SourceChannel[],
  { fromDay, toDay, zone }: Period,
  onDay: (channel: SourceChannel, day: string, bytes: PackedBytes) => void,
): Promise<void> {
  if (suspects.length + all.length === 0) return;
  const byId = new Map([...suspects, ...all].map((channel) => [channel.channelId, channel]));
  const list = (of: readonly SourceChannel[]) => `'{${of.map(({ channelId }) => channelId).join()}}'::int[]`;
  // COPY takes no parameters; these are numbers and two days that are checked.
  const [from, to] = [marketDay(fromDay, zone).date, marketDay(toDay, zone).date];
  await copyOut(
    db,
    `copy (select channel_id, day, slots, v, q from load_day where day >= '${from}' and day < '${to}'
       and (channel_id = any(${list(suspects)}) and flags & (${signed(notGood)})::smallint <> 0 or channel_id = any(${list(all)})))
     to stdout (format binary)`,
    (rows) => {
      while (rows.next()) {
        const channel = byId.get(rows.int4())!;
        const day = binaryToDate(rows.int4());
        const slots = rows.int2();
        const v = rows.skip();
        const q = rows.skip();
        onDay(channel, day, {
          slots,
          v: rows.bytes.subarray(v.start, v.end),
          q: q.start < 0 ? null : rows.bytes.subarray(q.start, q.end),
        });
      }
    },
  );
}

/** The greatest good interval of a day in the spans for which the point counts. */
function peakOf(
  channel: SourceChannel,
  date: string,
  { v, q, slots }: PackedBytes,
  spans: readonly { readonly fromMs: number; readonly toMs: number }[],
  zone: string,
): Peak | undefined {
  const { values, flags } = unpackDay(v, q, slots);
  const day = marketDay(date, zone);
  let at = -1;
  for (const span of spans) {
    const { from, to } = spanOf(span, day, slots);
    for (let slot = from; slot < to; slot++) {
      if (Number.isNaN(values[slot]!) || (flags[slot]! & notGood) !== 0) continue;
      if (at < 0 || values[slot]! > values[at]!) at = slot;
    }
  }
  if (at < 0) return undefined;
  return {
    pointId: channel.pointId,
    value: values[at]!,
    scale: channel.scale,
    unit: channel.unit,
    stepSeconds: channel.periodSeconds,
    startMs: day.startMs + at * channel.periodSeconds * 1000,
    flags: flags[at]!,
  };
}

/** When each maximum was: the first day that has it, looked into for its quality. */
async function placePeaks(
  db: Queryable,
  channelIds: readonly number[],
  byId: ReadonlyMap<number, SourceChannel>,
  best: ReadonlyMap<number, Best>,
  { fromDay, toDay, zone }: Period,
): Promise<Peak[]> {
  const wanted = channelIds.filter((channelId) => !best.get(channelId)?.found);
  const { rows } = await db.query<{
    channelId: number;
    day: string;
    slots: number;
    maxAt: number;
    v: Buffer;
    q: Buffer | null;
  }>(sql`
    select distinct on (channel_id) channel_id as "channelId", day, slots, max_at as "maxAt", v, q
    from load_day join unnest(${numbers(wanted)}::int[], ${numbers(wanted.map((id) => best.get(id)!.value))}::bigint[])
      as wanted (channel_id, value) using (channel_id)
    where day >= ${fromDay}::date and day < ${toDay}::date and max = value and flags & ${signed(notGood)}::smallint = 0
    order by channel_id, day`);
  const placed = new Map(
    rows.map(({ channelId, day, slots, maxAt, v, q }) => {
      const channel = byId.get(channelId)!;
      const peak: Peak = {
        pointId: channel.pointId,
        value: best.get(channelId)!.value,
        scale: channel.scale,
        unit: channel.unit,
        stepSeconds: channel.periodSeconds,
        startMs: marketDay(day, zone).startMs + maxAt * channel.periodSeconds * 1000,
        flags: unpackDay(v, q, slots).flags[maxAt]!,
      };
      return [channelId, peak];
    }),
  );
  return channelIds.flatMap((channelId) => best.get(channelId)?.found ?? placed.get(channelId) ?? []);
}

/** What a point brought to an interval of a sum. */
export interface Share {
  readonly pointId: number;
  /** With its sign in the sum; null where it has no value there. */
  readonly value: number | null;
  readonly scale: number;
  readonly flags: number;
}

/**
 * Who made intervals of a subject's sum what they are: by each of these instants the value of each point, greatest first. The channels are looked
 * up once for all.
 */
export async function readShares(
  db: Queryable,
  { sources }: Counted,
  { obis, startsMs, zone }: { obis: string; startsMs: readonly number[]; zone: string },
): Promise<Share[][]> {
  const pointIds = [...new Set(sources.map(({ pointId }) => pointId))];
  if (startsMs.length === 0) return [];
  const channels = await readSourceChannels(db, pointIds, { codes: [obis], slotSeconds: 900 });
  const shares: Share[][] = [];
  for (const startMs of startsMs) {
    const signs = new Map<number, number>();
    for (const { pointId, sign, fromMs, toMs } of sources) {
      if (fromMs <= startMs && toMs > startMs) signs.set(pointId, (signs.get(pointId) ?? 0) + sign);
    }
    const own = channels.filter(({ pointId }) => signs.has(pointId));
    shares.push(await sharesAt(db, signs, own, marketDayOf(startMs, zone), startMs));
  }
  return shares;
}

async function sharesAt(
  db: Queryable,
  signs: ReadonlyMap<number, number>,
  channels: readonly SourceChannel[],
  day: MarketDay,
  startMs: number,
): Promise<Share[]> {
  const byId = new Map(channels.map((channel) => [channel.channelId, channel]));
  const { rows } = await db.query<{ channelId: number; slots: number; v: Buffer; q: Buffer | null }>(sql`
    select channel_id as "channelId", slots, v, q from load_day
    where channel_id = any(${numbers([...byId.keys()])}::int[]) and day = ${day.date}::date`);
  const shares = new Map<number, Share>();
  for (const { channelId, slots, v, q } of rows) {
    const { pointId, scale, periodSeconds } = byId.get(channelId)!;
    const { values, flags } = unpackDay(v, q, slots);
    const parts = 900 / periodSeconds;
    const first = Math.round((startMs - day.startMs) / (periodSeconds * 1000));
    let value = 0;
    let bits = 0;
    for (let slot = first; slot < first + parts; slot++) {
      value += values[slot] ?? Number.NaN;
      bits |= flags[slot] ?? missingBit;
    }
    if (Number.isNaN(value) || shares.get(pointId)?.value !== undefined) continue;
    shares.set(pointId, { pointId, value: value * signs.get(pointId)!, scale, flags: bits });
  }
  for (const pointId of signs.keys()) {
    if (!shares.has(pointId)) shares.set(pointId, { pointId, value: null, scale: 0, flags: 0 });
  }
  const sizeOf = ({ value, scale }: Share) =>
    value === null ? Number.NEGATIVE_INFINITY : value * 10 ** scale;
  return [...shares.values()].sort((a, b) => sizeOf(b) - sizeOf(a) || a.pointId - b.pointId);
}
