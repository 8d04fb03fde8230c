import { type MarketDay, marketDay, marketDayOf, unpackDay } from "@energsys/metering";
import type { Database } from "../database.ts";
import type { StoreContext } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { readDayRows } from "../load-day-rows.ts";
import { type Channel, channelKey, type Installation, loadMeters, Network, type Point } from "../network.ts";
import {
  type Anchor,
  derivePointDays,
  findDerivable,
  findMissingPointChannels,
  findTargets,
  type PointDay,
  type PointTarget,
} from "../point-days.ts";
import { sql } from "../sql.ts";
import { limitsGiven } from "./check.ts";
import type { ExchangeAsked } from "./exchange.ts";
import type { KnownMeter, StandingMeter } from "./standing.ts";

/** Intervals around the exchange, and what its point has counted since, as it is and as it would be. Integers × 10^scale of `unit`. */
export interface ExchangeEffect {
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
  /** First of the intervals. */
  readonly startMs: number;
  readonly before: readonly (number | null)[];
  readonly after: readonly (number | null)[];
  /** Quality of the intervals after it. */
  readonly flags: readonly number[];
  /** Place of the interval in which the meters change; null where the instant is the border of two. */
  readonly straddle: number | null;
  /** Energy from the day of the exchange on. */
  readonly sumBefore: number;
  readonly sumAfter: number;
  /** Intervals around the exchange without a value. */
  readonly missing: number;
  readonly days: number;
}

/** Days that are worked out beforehand at most; a longer time counts its first ones. */
const effectDaysMax = 62;
const shownEachSide = 8;
const attemptsMax = 5;

/** What an exchange would make of the point's measured energy: worked out in memory from what is stored, nothing is written or locked. */
export async function readExchangeEffect(
  db: Database,
  asked: ExchangeAsked,
  { standing, known }: { readonly standing: StandingMeter; readonly known: KnownMeter | undefined },
  context: StoreContext,
): Promise<ExchangeEffect[]> {
  const { pointId, atMs } = asked;
  const newMeterId = known?.meterId ?? -1;
  const network = await loadNetwork(db, known ? [standing.meterId, known.meterId] : [standing.meterId]);
  suppose(network, asked, standing, newMeterId);
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(context.zone).toPlainDate();
  const fromDay = dayOf(atMs);
  const untilNow = dayOf(context.nowMs).add({ days: 1 });
  const longest = fromDay.add({ days: effectDaysMax });
  const toDay = Temporal.PlainDate.compare(untilNow, longest) < 0 ? untilNow : longest;
  const days = { pointIds: [pointId], fromDay: fromDay.toString(), toDay: toDay.toString() };
  // It asks for meters that stood at the point; the one that comes is known already.
  const { fed, targetsOf } = await findDerivable(db, network, days, context.zone);
  const comers = await daysOf(db, network, newMeterId, days, context.zone);
  const { missing, coarse } = findMissingPointChannels(network, [...fed, ...comers]);
  const channels = network.points.get(pointId)!.channels;
  missing.forEach(({ obis, unit, scale, kind, periodSeconds }, nth) => {
    channels.set(channelKey(obis, periodSeconds, kind), {
      channelId: -1 - nth,
      obis,
      unit,
      scale,
      kind,
      periodSeconds,
    });
  });
  const finer = new Map(coarse.map(({ channelId, scale }) => [channelId, scale]));
  const stored = new Map([...channels.values()].map((channel) => [channel.channelId, channel.scale]));
  for (const [key, channel] of channels) {
    const scale = finer.get(channel.channelId);
    if (scale !== undefined) channels.set(key, { ...channel, scale });
  }
  const targets = new Map<string, PointTarget>();
  for (const target of [...targetsOf(), ...findTargets(network, comers, context.zone)]) {
    // An index reaches into the day after, which may be beyond what is looked at.
    if (target.pointId === pointId && target.day.date < days.toDay)
      targets.set(`${target.channel.channelId} ${target.day.date}`, target);
  }
  const inOrder = [...targets.values()].sort((a, b) => a.day.startMs - b.day.startMs);
  const derived = await derivePointDays(db, network, inOrder, [], {
    ...context,
    supposed: anchorsOf(asked, standing.meterId, newMeterId),
  });
  const exchangeDay = marketDayOf(atMs, context.zone);
  return Promise.all(
    [...Map.groupBy(derived, ({ channel }) => channel.channelId).values()].map((its) =>
      effectOf(db, its, exchangeDay, atMs, stored.get(its[0]!.channel.channelId)!),
    ),
  );
}

/** A network of one's own with these meters, of one moment: read again when installations change meanwhile. */
async function loadNetwork(db: Database, meterIds: readonly number[]): Promise<Network> {
  for (let attempts = 1; ; attempts++) {
    const network = new Network();
    try {
      await loadMeters(db, network, meterIds);
      return network;
    } catch (error) {
      if (!(error instanceof StoreError && error.code === "network.changed") || attempts === attemptsMax)
        throw error;
    }
  }
}

/** Puts the exchange into a network of one's own, as if it were written. */
function suppose(network: Network, asked: ExchangeAsked, standing: StandingMeter, newMeterId: number): void {
  const point = network.points.get(asked.pointId)!;
  const after: Installation = {
    pointId: asked.pointId,
    meterId: newMeterId,
    fromMs: asked.atMs,
    toMs: Number.POSITIVE_INFINITY,
    factor: standing.factor,
  };
  const installations = [
    ...point.installations.map((each) =>
      each.toMs === Number.POSITIVE_INFINITY ? { ...each, toMs: asked.atMs } : each,
    ),
    after,
  ];
  const channels: Point["channels"] = new Map(point.channels);
  network.points.set(asked.pointId, { installations, channels });
  for (const meterId of new Set(installations.map((each) => each.meterId))) {
    const meter = network.meters.get(meterId);
    const elsewhere = (meter?.installations ?? []).filter((each) => each.pointId !== asked.pointId);
    network.meters.set(meterId, {
      meterId,
      limits: meter?.limits ?? limitsGiven(asked)!,
      channels: meter?.channels ?? new Map(),
      installations: [...elsewhere, ...installations.filter((each) => each.meterId === meterId)],
      whole: true,
    });
  }
}

/** Days of the meter that comes: none of them counts for the point yet. */
async function daysOf(
  db: Database,
  network: Network,
  meterId: number,
  days: { readonly fromDay: string; readonly toDay: string },
  zone: string,
) {
  const channels = [...(network.meters.get(meterId)?.channels.values() ?? [])];
  if (channels.length === 0) return [];
  const { rows } = await db.query<{ channelId: number; day: string }>(sql`
    select channel_id as "channelId", day from load_day
    where channel_id = any(${channels.map(({ channelId }) => channelId)}::int[])
      and day >= ${days.fromDay}::date and day < ${days.toDay}::date`);
  return rows.map(({ channelId, day: date }) => {
    const day = marketDay(date, zone);
    const channel = channels.find((candidate) => candidate.channelId === channelId)!;
    return { meterId, channel, day, fromMs: day.startMs, toMs: day.endMs, delivery: 0 };
  });
}

function anchorsOf(asked: ExchangeAsked, oldMeterId: number, newMeterId: number): Anchor[] {
  const of = (meterId: number, readings: ExchangeAsked["last"]) =>
    readings.map(({ obis, value, unit }) => ({ meterId, obis, value, unit, atMs: asked.atMs }));
  return [...of(oldMeterId, asked.last), ...of(newMeterId, asked.first)];
}

async function effectOf(
  db: Database,
  derived: readonly PointDay[],
  exchangeDay: MarketDay,
  atMs: number,
  storedScale: number,
): Promise<ExchangeEffect> {
  const { channel } = derived[0]!;
  const rows = await readDayRows(
    db,
    derived.map(({ day }) => ({ channelId: channel.channelId, date: day.date })),
  );
  const finer = 10 ** (storedScale - channel.scale);
  const before = derived.map(({ slots }, nth) => {
    const row = rows[nth];
    if (!row) return new Float64Array(slots.values.length).fill(Number.NaN);
    return unpackDay(row.v, row.q, slots.values.length).values.map((value) => value * finer);
  });
  const sumOf = (days: readonly Float64Array[]) =>
    days.reduce(
      (sum, values) => values.reduce((all, value) => all + (Number.isNaN(value) ? 0 : value), sum),
      0,
    );
  const nth = derived.findIndex(({ day }) => day.date === exchangeDay.date);
  return {
    ...windowOf(channel, derived[nth], before[nth], exchangeDay, atMs),
    obis: channel.obis,
    unit: channel.unit,
    scale: channel.scale,
    periodSeconds: channel.periodSeconds,
    sumBefore: sumOf(before),
    sumAfter: sumOf(derived.map(({ slots }) => slots.values)),
    days: derived.length,
  };
}

const orNull = (values: Float64Array): (number | null)[] =>
  [...values].map((value) => (Number.isNaN(value) ? null : value));

/** The intervals around the exchange, of its own day. */
function windowOf(
  { periodSeconds }: Channel,
  derived: PointDay | undefined,
  before: Float64Array | undefined,
  { startMs }: MarketDay,
  atMs: number,
) {
  const slot = Math.floor((atMs - startMs) / (periodSeconds * 1000));
  const slots = derived?.slots.values.length ?? 0;
  const from = Math.max(0, slot - shownEachSide);
  const to = Math.min(slots, slot + shownEachSide + 1);
  const after = derived ? derived.slots.values.slice(from, to) : new Float64Array(0);
  const onBorder = (atMs - startMs) % (periodSeconds * 1000) === 0;
  return {
    startMs: startMs + from * periodSeconds * 1000,
    before: before ? orNull(before.slice(from, to)) : [],
    after: orNull(after),
    flags: derived ? [...derived.slots.flags.slice(from, to)] : [],
    straddle: onBorder || !derived ? null : slot - from,
    missing: [...after].filter(Number.isNaN).length,
  };
}
