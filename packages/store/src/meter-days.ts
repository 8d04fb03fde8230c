import {
  type DaySlots,
  digestOf,
  isEmpty,
  type MarketDay,
  mergeDay,
  type PackedDay,
  type ProfileColumn,
  packDay,
  splitByMarketDay,
  unpackDay,
  validateArrival,
} from "@energsys/metering";
import type { Delivery, StoreContext } from "./deliveries.ts";
import { StoreError } from "./errors.ts";
import { changeOf, type DayWrite, type StoredDay } from "./load-day-rows.ts";
import { channelKey, type MeterChannel, type Network, type WantedChannel } from "./network.ts";
import type { MeterDay } from "./point-days.ts";

/** One day of one meter channel as a batch brings it. */
export interface IncomingDay {
  readonly meterId: number;
  readonly channel: MeterChannel;
  readonly day: MarketDay;
  readonly date: string;
  readonly channelId: number;
  /** Slots as delivered; the arrays may be the reading's own until a second piece of the same day comes. */
  slots: DaySlots;
  /** The slots packed, made before the transaction begins: what is done there holds up its connection. */
  packed: PackedDay;
  /** Number of the delivery in its batch. */
  readonly delivery: number;
  owned: boolean;
}

const unpacked: PackedDay = { v: new Uint8Array(0), q: null };

const earliestDate = "1990-01-01";
const latestDate = "2099-12-31";

/** Channels that the profiles need and that are missing, or whose integers are too coarse for what comes. */
export function findMissingMeterChannels(
  network: Network,
  deliveries: readonly Delivery[],
): { missing: WantedChannel[]; coarse: { channelId: number; scale: number }[] } {
  const missing = new Map<string, WantedChannel>();
  const coarse = new Map<number, { channelId: number; scale: number }>();
  for (const { meterId, profiles } of deliveries) {
    if (meterId === null) continue;
    for (const { columns, periodSeconds } of profiles) {
      for (const { obis, kind, unit, scale } of columns) {
        const key = channelKey(obis, periodSeconds, kind);
        const known = network.meters.get(meterId)?.channels.get(key);
        if (!known) {
          const wanted = { meterId, pointId: null, obis, kind, unit, scale, periodSeconds };
          const other = missing.get(`${meterId} ${key}`);
          if (!other || other.scale > scale) missing.set(`${meterId} ${key}`, wanted);
        } else if (known.scale > scaleIn(known, { unit, scale })) {
          coarse.set(known.channelId, { channelId: known.channelId, scale: scaleIn(known, { unit, scale }) });
        }
      }
    }
  }
  return { missing: [...missing.values()], coarse: [...coarse.values()] };
}

/** Power of ten of a column's integers in the channel's unit: kWh × 10^−2 is Wh × 10^1. */
function scaleIn(channel: MeterChannel, column: Pick<ProfileColumn, "unit" | "scale">): number {
  if (column.unit === channel.unit) return column.scale;
  const kilo = (unit: string) => (unit.startsWith("k") ? 3 : 0);
  const bare = (unit: string) => (unit.startsWith("k") ? unit.slice(1) : unit);
  if (bare(column.unit) !== bare(channel.unit)) {
    throw new StoreError(
      "channel.unit-changed",
      `${channel.obis} came in ${column.unit}, and was ${channel.unit}`,
    );
  }
  return column.scale + kilo(column.unit) - kilo(channel.unit);
}

/** Brings the profiles of a batch into days of channels; two pieces of one day become one. */
export function collectMeterDays(
  network: Network,
  deliveries: readonly Delivery[],
  context: StoreContext,
): { days: IncomingDay[]; refused: number } {
  const days = new Map<string, IncomingDay>();
  let refused = 0;
  deliveries.forEach(({ meterId, profiles }, delivery) => {
    if (meterId === null) return;
    const meter = network.meters.get(meterId);
    for (const profile of profiles) {
      const channels = profile.columns.map(({ obis, kind }) =>
        meter?.channels.get(channelKey(obis, profile.periodSeconds, kind)),
      );
      for (const { day, rows, values, flags } of splitByMarketDay(profile, context.zone)) {
        if (day.date < earliestDate || day.date > latestDate) {
          refused += rows;
          continue;
        }
        for (let column = 0; column < channels.length; column++) {
          const channel = channels[column];
          const given = profile.columns[column]!;
          if (!channel) throw new Error(`no channel for ${given.obis} of meter ${meterId}`);
          const slots = arriving(values[column]!, flags, day, channel, given, context);
          if (isEmpty(slots)) continue;
          const key = `${channel.channelId} ${day.date}`;
          const other = days.get(key);
          if (!other) {
            const { channelId } = channel;
            days.set(key, {
              meterId,
              channel,
              day,
              date: day.date,
              channelId,
              slots,
              packed: unpacked,
              delivery,
              owned: false,
            });
            continue;
          }
          if (!other.owned) {
            other.slots = { values: other.slots.values.slice(), flags: other.slots.flags.slice() };
            other.owned = true;
          }
          mergeDay(other.slots, slots);
        }
      }
    }
  });
  for (const incoming of days.values())
    incoming.packed = packDay(incoming.slots.values, incoming.slots.flags);
  return { days: [...days.values()], refused };
}

/** Slots in the channel's integers, marked by the rules of the meter layer; copied only where something changes. */
function arriving(
  values: Float64Array,
  flags: Uint16Array,
  day: MarketDay,
  channel: MeterChannel,
  column: ProfileColumn,
  { nowMs }: StoreContext,
): DaySlots {
  const by = 10 ** (scaleIn(channel, column) - channel.scale);
  const own = by === 1 ? values : values.map((value) => value * by);
  if (day.endMs <= nowMs) return { values: own, flags };
  const marked = { values: own, flags: flags.slice() };
  validateArrival("meter", {
    ...marked,
    kind: channel.kind,
    startMs: day.startMs,
    periodSeconds: channel.periodSeconds,
    nowMs,
  });
  return marked;
}

export interface MergedDay {
  readonly meterDay: MeterDay;
  readonly write: DayWrite & { readonly delivery: number };
}

const equalBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && Buffer.compare(a, b) === 0);

export const equalDays = (a: PackedDay, b: PackedDay): boolean =>
  equalBytes(a.v, b.v) && equalBytes(a.q, b.q);

/** Merges a day into what is stored; `undefined` when that changes nothing. `changed` counts slots. */
export function mergeMeterDay(
  incoming: IncomingDay,
  stored: StoredDay | undefined,
  nowMs: number,
): (MergedDay & { readonly changed: number }) | undefined {
  const { meterId, channel, day, date, channelId } = incoming;
  let { slots, packed } = incoming;
  let changed: number;
  if (stored) {
    if (equalDays(stored, packed)) return undefined;
    slots = unpackDay(stored.v, stored.q, incoming.slots.values.length);
    changed = mergeDay(slots, incoming.slots);
    if (changed === 0) return undefined;
    packed = packDay(slots.values, slots.flags);
  } else {
    changed = slots.values.length;
    if (packed.q) for (const value of slots.values) if (Number.isNaN(value)) changed--;
  }
  return {
    meterDay: { meterId, channel, day, slots, delivery: incoming.delivery },
    changed,
    write: {
      channelId,
      date,
      ver: (stored?.ver ?? 0) + 1,
      slots: slots.values.length,
      digest: digestOf(slots.values, slots.flags, channel.kind),
      v: packed.v,
      q: packed.q,
      ...changeOf(date, stored, slots, nowMs),
      cause: null,
      delivery: incoming.delivery,
    },
  };
}
