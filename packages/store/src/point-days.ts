import {
  type DaySlots,
  dayAfter,
  dayBefore,
  derivePointDay,
  type MarketDay,
  marketDay,
  marketDayOf,
  maxEnergyWh,
  type PointSource,
  pointScale,
  slotsOf,
  unpackDay,
  validateArrival,
} from "@energsys/metering";
import type { Database, Queryable } from "./database.ts";
import { type DayKey, readDayRows } from "./load-day-rows.ts";
import {
  type Channel,
  channelKey,
  type Installation,
  loadBarePoints,
  loadMeters,
  type Meter,
  type MeterChannel,
  type Network,
  type WantedChannel,
} from "./network.ts";
import { sql } from "./sql.ts";

/** A day of a meter channel as it is after the merge. */
export interface MeterDay {
  readonly meterId: number;
  readonly channel: MeterChannel;
  readonly day: MarketDay;
  readonly slots: DaySlots;
  /** Number of the delivery that changed it. */
  readonly delivery: number;
}

/** A day of a point that has to be derived (again). */
export interface PointTarget {
  readonly pointId: number;
  readonly channel: Channel;
  readonly day: MarketDay;
  /** Number of the delivery that made it necessary. */
  readonly delivery: number;
}

export interface PointDay extends PointTarget {
  readonly slots: DaySlots;
  /** The meter's arrays themselves: factor 1, nothing to mark. */
  readonly same?: MeterDay;
}

const dayKey = (channelId: number, date: string): string => `${channelId} ${date}`;

const overlaps = ({ fromMs, toMs }: Installation, day: MarketDay): boolean =>
  fromMs < day.endMs && toMs > day.startMs;

/** The point channel that a meter channel feeds at one installation; `scale` is the coarsest that is exact there. */
function wantedChannel(channel: MeterChannel, installation: Installation): WantedChannel | undefined {
  if (!channel.quantity) return undefined;
  return {
    meterId: null,
    pointId: installation.pointId,
    obis: channel.quantity.obis,
    kind: "delta",
    unit: channel.quantity.unit,
    scale: pointScale(channel.quantity, installation.factor),
    periodSeconds: channel.periodSeconds,
  };
}

const pointChannelOf = (network: Network, wanted: WantedChannel): Channel | undefined =>
  wanted.pointId === null
    ? undefined
    : network.points
        .get(wanted.pointId)
        ?.channels.get(channelKey(wanted.obis, wanted.periodSeconds, "delta"));

/** A meter channel that delivers for a time. */
export interface Fed {
  readonly meterId: number;
  readonly channel: MeterChannel;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Point channels that these meter channels need and that are missing, or too coarse (then with `channelId`). */
export function findMissingPointChannels(
  network: Network,
  fed: readonly Fed[],
): { missing: WantedChannel[]; coarse: { channelId: number; scale: number }[] } {
  const missing = new Map<string, WantedChannel>();
  const coarse = new Map<number, number>();
  for (const { meterId, channel, fromMs, toMs } of fed) {
    // An index reaches into the next day, of 25 hours at most.
    const untilMs = channel.kind === "index" ? toMs + 90_000_000 : toMs;
    for (const installation of network.meters.get(meterId)?.installations ?? []) {
      if (installation.fromMs >= untilMs || installation.toMs <= fromMs) continue;
      const wanted = wantedChannel(channel, installation);
      if (!wanted) continue;
      const scale = finestScale(network, wanted);
      const known = pointChannelOf(network, wanted);
      if (known && known.scale > scale) coarse.set(known.channelId, scale);
      if (known) continue;
      missing.set(`${wanted.pointId} ${channelKey(wanted.obis, wanted.periodSeconds, "delta")}`, {
        ...wanted,
        scale,
      });
    }
  }
  return {
    missing: [...missing.values()],
    coarse: [...coarse].map(([channelId, scale]) => ({ channelId, scale })),
  };
}

/** Scale at which every meter that ever was at the point fits: on the day of an exchange two of them are added. */
function finestScale(network: Network, wanted: WantedChannel): number {
  let { scale } = wanted;
  const installations = network.points.get(wanted.pointId ?? -1)?.installations ?? [];
  if (
    installations.length < 2 &&
    (network.meters.get(installations[0]?.meterId ?? -1)?.channels.size ?? 0) < 2
  ) {
    return scale;
  }
  for (const { meterId, factor } of installations) {
    for (const { quantity, periodSeconds } of network.meters.get(meterId)?.channels.values() ?? []) {
      if (quantity?.obis === wanted.obis && periodSeconds === wanted.periodSeconds) {
        scale = Math.min(scale, pointScale(quantity, factor));
      }
    }
  }
  return scale;
}

/** Days of points that these days of meters touch; an index reaches into the next day, whose first slot starts from it. */
export function findTargets(
  network: Network,
  changed: readonly Omit<MeterDay, "slots">[],
  zone: string,
): PointTarget[] {
  const targets = new Map<string, PointTarget>();
  for (const { meterId, channel, day, delivery } of changed) {
    const installations = network.meters.get(meterId)?.installations ?? [];
    const days = channel.kind === "index" ? [day, dayAfter(day, zone)] : [day];
    for (const installation of installations) {
      for (const touched of days) addTarget(network, targets, channel, installation, touched, delivery);
    }
  }
  return [...targets.values()];
}

function addTarget(
  network: Network,
  targets: Map<string, PointTarget>,
  channel: MeterChannel,
  installation: Installation,
  day: MarketDay,
  delivery: number,
): void {
  if (!overlaps(installation, day)) return;
  const wanted = wantedChannel(channel, installation);
  const pointChannel = wanted && pointChannelOf(network, wanted);
  if (!pointChannel) return;
  const key = dayKey(pointChannel.channelId, day.date);
  if (!targets.has(key))
    targets.set(key, { pointId: installation.pointId, channel: pointChannel, day, delivery });
}

/** Days whose exchange a register reading explains: it was read at the very instant that a meter or its ratio changed. */
export function findAnchoredTargets(
  network: Network,
  readings: readonly { meterId: number; measuredAtMs: number; delivery: number }[],
  zone: string,
): PointTarget[] {
  const targets = new Map<string, PointTarget>();
  for (const { meterId, measuredAtMs, delivery } of readings) {
    const meter = network.meters.get(meterId);
    for (const installation of meter?.installations ?? []) {
      if (installation.fromMs !== measuredAtMs && installation.toMs !== measuredAtMs) continue;
      const day = marketDayOf(measuredAtMs, zone);
      for (const channel of meter?.channels.values() ?? []) {
        if (channel.kind === "index") addTarget(network, targets, channel, installation, day, delivery);
      }
    }
  }
  return [...targets.values()];
}

interface Feeding {
  readonly installation: Installation;
  readonly meter: Meter;
  /** Channels of the meter for this quantity, the preferred one first. */
  readonly channels: readonly MeterChannel[];
}

function feedingsOf(network: Network, { pointId, channel, day }: PointTarget): Feeding[] {
  const feedings: Feeding[] = [];
  for (const installation of network.points.get(pointId)?.installations ?? []) {
    const meter = network.meters.get(installation.meterId);
    if (!meter || !overlaps(installation, day)) continue;
    const channels: MeterChannel[] = [];
    for (const candidate of meter.channels.values()) {
      if (candidate.quantity?.obis === channel.obis && candidate.periodSeconds === channel.periodSeconds) {
        channels.push(candidate);
      }
    }
    channels.sort((a, b) => (a.quantity?.rank ?? 0) - (b.quantity?.rank ?? 0));
    feedings.push({ installation, meter, channels });
  }
  return feedings;
}

/** Derives days of points from the meters' days: those of this transaction from `changed`, what else it takes from the database. */
export async function derivePointDays(
  db: Queryable,
  network: Network,
  targets: readonly PointTarget[],
  changed: readonly MeterDay[],
  context: {
    readonly zone: string;
    readonly nowMs: number;
    /** Readings at changes of installations that are not written yet: the effect of an exchange is shown before it is made. */
    readonly supposed?: readonly Anchor[];
  },
): Promise<PointDay[]> {
  const known = new Map<string, DaySlots | undefined>();
  const byKey = new Map<string, MeterDay>();
  for (const meterDay of changed) {
    const key = dayKey(meterDay.channel.channelId, meterDay.day.date);
    known.set(key, meterDay.slots);
    byKey.set(key, meterDay);
  }
  const work = targets.map((target) => ({ target, feedings: feedingsOf(network, target) }));
  await readNeeded(db, work, known, context.zone);
  const anchors = [...(context.supposed ?? []), ...(await readAnchors(db, work))];
  const days: PointDay[] = [];
  for (const { target, feedings } of work) {
    const { day, channel } = target;
    const sources: PointSource[] = [];
    let single: MeterDay | undefined;
    const bare: Feeding[] = [];
    for (const feeding of feedings) {
      const chosen = feeding.channels.find((candidate) => known.get(dayKey(candidate.channelId, day.date)));
      const { fromMs, toMs } = feeding.installation;
      if (!chosen) {
        if (fromMs > day.startMs || toMs < day.endMs) bare.push(feeding);
        continue;
      }
      const key = dayKey(chosen.channelId, day.date);
      single = byKey.get(key);
      sources.push(sourceOf(feeding, chosen, known, day, anchors, context.zone));
    }
    // A meter that came or went that day without an interval of its own still counted: what was read at the exchange says how much, and
    // without it the interval that it shares is partial.
    for (const { installation, meter, channels } of bare) {
      const [first] = sources;
      const [channel] = channels;
      const isRead = anchors.some(
        ({ meterId, atMs }) =>
          meterId === meter.meterId && [installation.fromMs, installation.toMs].includes(atMs),
      );
      if (channel && (first || isRead)) {
        sources.push(sourceOf({ installation, meter, channels }, channel, known, day, anchors, context.zone));
      } else if (first) {
        // Nothing is known of how it would deliver: it has no value, whatever the factor.
        const { meterId } = meter;
        const { fromMs, toMs } = installation;
        sources.push({
          ...first,
          meterId,
          fromMs,
          toMs,
          day: emptyDay(first.day.values.length),
          anchors: [],
        });
      }
    }
    const derived =
      sources.length === 0
        ? emptyDay(slotsOf(day, channel.periodSeconds))
        : derivePointDay(day, channel.periodSeconds, channel.scale, sources);
    const slots = validated(derived, target, sources, context.nowMs);
    days.push({ ...target, slots, ...(single && slots === single.slots ? { same: single } : {}) });
  }
  return days;
}

const emptyDay = (slots: number): DaySlots => ({
  values: new Float64Array(slots).fill(Number.NaN),
  flags: new Uint16Array(slots),
});

function sourceOf(
  { installation, meter }: Feeding,
  channel: MeterChannel,
  known: ReadonlyMap<string, DaySlots | undefined>,
  day: MarketDay,
  anchors: readonly Anchor[],
  zone: string,
): PointSource {
  const slots =
    known.get(dayKey(channel.channelId, day.date)) ?? emptyDay(slotsOf(day, channel.periodSeconds));
  const { quantity } = channel;
  if (!quantity) throw new Error("a feeding channel has a quantity");
  const source: PointSource = {
    meterId: meter.meterId,
    fromMs: installation.fromMs,
    toMs: installation.toMs,
    factor: installation.factor,
    kind: channel.kind,
    quantity,
    unit: channel.unit,
    scale: channel.scale,
    limits: meter.limits,
    day: slots,
  };
  if (channel.kind !== "index") return source;
  const before = known.get(dayKey(channel.channelId, dayBefore(day, zone).date))?.values.at(-1);
  return {
    ...source,
    ...(before === undefined || Number.isNaN(before) ? {} : { indexBefore: before }),
    anchors: anchors
      .filter((anchor) => anchor.meterId === meter.meterId && anchor.obis === channel.obis)
      .map(({ atMs, value, unit }) => ({ atMs, value: toChannelInteger(value, unit, channel) })),
  };
}

/** A register's decimal in the integers of its channel; rounded where the register shows more digits than the profile. */
function toChannelInteger(value: string, unit: string, channel: MeterChannel): number {
  const kilo = (text: string) => (text.startsWith("k") ? 3 : 0);
  return Math.round(Number(value) * 10 ** (kilo(unit) - kilo(channel.unit) - channel.scale));
}

/** Runs the rules of the point layer. The arrays may be the meter's own: they are copied before anything is marked. */
function validated(
  slots: DaySlots,
  { channel, day }: PointTarget,
  sources: readonly PointSource[],
  nowMs: number,
): DaySlots {
  let limit: number | undefined = 0;
  for (const { limits, factor } of sources) {
    const mostWh = maxEnergyWh(limits, channel.periodSeconds);
    limit =
      mostWh === undefined || limit === undefined
        ? undefined
        : limit + mostWh * 1.1 * (factor.digits / 10 ** factor.decimals);
  }
  if (limit !== undefined) limit /= 10 ** channel.scale;
  let plain = true;
  for (let slot = 0; slot < slots.values.length; slot++) {
    if (slots.flags[slot] !== 0 || (limit !== undefined && slots.values[slot]! > limit)) {
      plain = false;
      break;
    }
  }
  if (plain) return slots;
  const marked = { values: slots.values, flags: slots.flags.slice() };
  validateArrival("point", {
    ...marked,
    kind: "delta",
    startMs: day.startMs,
    periodSeconds: channel.periodSeconds,
    nowMs,
    ...(limit === undefined ? {} : { limit }),
  });
  return marked;
}

/** Reads the days that a derivation needs beside those at hand: other meters of the point, the day before of an index. */
async function readNeeded(
  db: Queryable,
  work: readonly { target: PointTarget; feedings: readonly Feeding[] }[],
  known: Map<string, DaySlots | undefined>,
  zone: string,
): Promise<void> {
  const needed: (DayKey & { readonly slots: number })[] = [];
  const need = (channel: MeterChannel, day: MarketDay) => {
    const key = dayKey(channel.channelId, day.date);
    if (known.has(key)) return;
    known.set(key, undefined);
    needed.push({ channelId: channel.channelId, date: day.date, slots: slotsOf(day, channel.periodSeconds) });
  };
  for (const { target, feedings } of work) {
    for (const { channels } of feedings) {
      for (const channel of channels) {
        // A better channel with a day makes the others of no account.
        const better = known.get(dayKey(channels[0]!.channelId, target.day.date)) !== undefined;
        if (better && channel !== channels[0]) continue;
        need(channel, target.day);
        if (channel.kind === "index") need(channel, dayBefore(target.day, zone));
      }
    }
  }
  const rows = await readDayRows(db, needed);
  rows.forEach((row, index) => {
    const key = needed[index];
    if (row && key) known.set(dayKey(key.channelId, key.date), unpackDay(row.v, row.q, key.slots));
  });
}

/** An index read when a meter or its ratio changed. */
export interface Anchor {
  readonly meterId: number;
  readonly obis: string;
  readonly atMs: number;
  readonly value: string;
  readonly unit: string;
}

/** Index readings taken at the instants at which an installation began or ended inside one of these days. */
async function readAnchors(
  db: Queryable,
  work: readonly { target: PointTarget; feedings: readonly Feeding[] }[],
): Promise<Anchor[]> {
  const meterIds: number[] = [];
  const instants: string[] = [];
  for (const { target, feedings } of work) {
    for (const { installation, meter, channels } of feedings) {
      if (!channels.some(({ kind }) => kind === "index")) continue;
      for (const ms of [installation.fromMs, installation.toMs]) {
        if (ms <= target.day.startMs || ms >= target.day.endMs) continue;
        meterIds.push(meter.meterId);
        instants.push(new Date(ms).toISOString());
      }
    }
  }
  if (meterIds.length === 0) return [];
  const { rows } = await db.query<{
    meter_id: number;
    obis: string;
    at: number;
    value: string;
    unit: string;
  }>(sql`
    select distinct on (meter_id, obis, measured_at) meter_id, obis, measured_at as at, value, unit
    from register_reading
    where (meter_id, measured_at) in (select * from unnest(${meterIds}::int[], ${instants}::timestamptz[]))
    order by meter_id, obis, measured_at, version desc`);
  return rows.map((row) => ({
    meterId: row.meter_id,
    obis: row.obis,
    atMs: row.at,
    value: row.value,
    unit: row.unit,
  }));
}

/** What there is to derive points from: the meter channels that have days, and the point days that exist or could. */
export async function findDerivable(
  db: Database,
  network: Network,
  points: { readonly pointIds: readonly number[]; readonly fromDay: string; readonly toDay: string },
  zone: string,
): Promise<{ fed: Fed[]; targetsOf: () => PointTarget[] }> {
  const { rows: meters } = await db.query<{ meter_id: number }>(
    sql`select distinct meter_id from installation where point_id = any(${points.pointIds}::int[])`,
  );
  await loadMeters(
    db,
    network,
    meters.map(({ meter_id }) => meter_id),
  );
  await loadBarePoints(db, network, points.pointIds);
  const { rows } = await db.query<{
    channel_id: number;
    meter_id: number | null;
    point_id: number | null;
    day: string;
  }>(sql`
    select channel_id, meter_id, point_id, day from channel join load_day using (channel_id)
    where (meter_id = any(${meters.map(({ meter_id }) => meter_id)}::int[]) or point_id = any(${points.pointIds}::int[]))
      and day >= ${points.fromDay}::date and day < ${points.toDay}::date`);
  const fed: (Fed & { readonly day: MarketDay })[] = [];
  const stale: { readonly pointId: number; readonly channelId: number; readonly day: MarketDay }[] = [];
  for (const { channel_id, meter_id, point_id, day: date } of rows) {
    const day = marketDay(date, zone);
    if (point_id !== null) stale.push({ pointId: point_id, channelId: channel_id, day });
    const channels = meter_id === null ? [] : (network.meters.get(meter_id)?.channels.values() ?? []);
    const channel = [...channels].find(({ channelId }) => channelId === channel_id);
    if (meter_id !== null && channel) {
      fed.push({ meterId: meter_id, channel, fromMs: day.startMs, toMs: day.endMs, day });
    }
  }
  const wanted = new Set(points.pointIds);
  const targetsOf = () => {
    const targets = new Map<string, PointTarget>();
    for (const { meterId, channel, day } of fed) {
      for (const installation of network.meters.get(meterId)?.installations ?? []) {
        if (!wanted.has(installation.pointId)) continue;
        addTarget(network, targets, channel, installation, day, 0);
        if (channel.kind === "index")
          addTarget(network, targets, channel, installation, dayAfter(day, zone), 0);
      }
    }
    for (const { pointId, channelId, day } of stale) {
      const channels = [...(network.points.get(pointId)?.channels.values() ?? [])];
      const channel = channels.find((candidate) => candidate.channelId === channelId);
      const key = dayKey(channelId, day.date);
      if (channel && !targets.has(key)) targets.set(key, { pointId, channel, day, delivery: 0 });
    }
    return [...targets.values()];
  };
  return { fed, targetsOf };
}
