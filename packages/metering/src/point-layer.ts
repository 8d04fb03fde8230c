import type { EpochMs, ObisCode } from "@energsys/protocols";
import { type Decimal, exactProduct, parseDecimal } from "./decimal.ts";
import type { DaySlots } from "./load-day.ts";
import type { MarketDay } from "./market-day.ts";
import { quality } from "./quality.ts";
import type { ChannelKind } from "./reading.ts";
import { indexStep, type MeterLimits } from "./roll-over.ts";

/** What a meter channel says about a point: an energy per interval, under one code whatever the meter calls it. */
export interface PointQuantity {
  /** `A-B:C.29.E*255`: the energy of one interval (IEC 62056-61, D = 29). */
  readonly obis: ObisCode;
  readonly unit: "Wh" | "varh" | "VAh";
  /** Meter value in `unit` = integer × 10^scale × factor. */
  readonly scale: number;
  /** Only a mean power has one: hours of the interval. */
  readonly hours: Decimal;
  /** Of two channels of one meter for the same quantity, the one with the lower rank is used. */
  readonly rank: number;
}

const energyUnits: Readonly<Record<string, PointQuantity["unit"]>> = { Wh: "Wh", varh: "varh", VAh: "VAh" };
const powerUnits: Readonly<Record<string, PointQuantity["unit"]>> = { W: "Wh", var: "varh", VA: "VAh" };
const ranks: Readonly<Record<ChannelKind, number>> = { delta: 0, index: 1, demand: 2, instant: 9 };
const one: Decimal = { digits: 1, decimals: 0 };
/** Longer periods are billing values and daily readings, not curves. */
const periodSecondsMax = 3600;

/** The quantity of a point that a meter channel feeds, or `undefined` for a voltage, a status, a value of a closed month. */
export function findPointQuantity(channel: {
  readonly obis: ObisCode;
  readonly kind: ChannelKind;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
}): PointQuantity | undefined {
  const match = /^1-(\d+):(\d+)\.\d+\.(\d+)\*255$/.exec(channel.obis);
  if (!match || channel.kind === "instant" || channel.periodSeconds > periodSecondsMax) return undefined;
  const group = Number(match[2]) % 20;
  if (group < 1 || group > 10) return undefined;
  const kilo = channel.unit.startsWith("k");
  const plain = kilo ? channel.unit.slice(1) : channel.unit;
  const unit = (channel.kind === "demand" ? powerUnits : energyUnits)[plain];
  const hours = channel.kind === "demand" ? findHours(channel.periodSeconds) : one;
  if (!unit || !hours) return undefined;
  return {
    obis: `1-${match[1]}:${match[2]}.29.${match[3]}*255`,
    unit,
    scale: channel.scale + (kilo ? 3 : 0),
    hours,
    rank: ranks[channel.kind],
  };
}

/** Hours of a period as an exact decimal; `undefined` where there is none (5 minutes are 0.08333… h). */
function findHours(periodSeconds: number): Decimal | undefined {
  const scaled = (periodSeconds * 10_000) / 3600;
  return Number.isInteger(scaled) ? parseDecimal((scaled / 10_000).toString()) : undefined;
}

/** Power of ten at which a point holds this quantity exactly after this factor. */
export const pointScale = (quantity: PointQuantity, factor: Decimal): number =>
  quantity.scale - quantity.hours.decimals - factor.decimals;

/** A meter at the point for a time, with its slots of the day. */
export interface PointSource {
  readonly meterId: number;
  readonly fromMs: EpochMs;
  /** Infinity while it lasts. */
  readonly toMs: EpochMs;
  readonly factor: Decimal;
  readonly kind: ChannelKind;
  readonly quantity: PointQuantity;
  /** Unit and scale of the meter's channel itself, for the roll-over of an index. */
  readonly unit: string;
  readonly scale: number;
  readonly limits: MeterLimits;
  readonly day: DaySlots;
  /** Index at the start of the day (end of the last slot of the day before), when it is known. */
  readonly indexBefore?: number;
  /** Index readings taken when the meter or its ratio was changed, in the channel's integers. */
  readonly anchors?: readonly { readonly atMs: EpochMs; readonly value: number }[];
}

interface Share {
  /** In the point's integers, NaN when it is not known. */
  value: number;
  flags: number;
}

/**
 * The point's energy per slot: each meter's interval times the factor that held then, in integers × 10^scale.
 *
 * - An index gives the difference to the slot before, across midnight too; where it went back without a believable roll-over
 *   the slot has no value and is `decreased` and `suspect`.
 * - A slot in which a meter or a factor changes is flagged `exchange`. Two meters: each counts what it counted, times its own
 *   factor. One meter with a new factor: by the index read at the change, or else in proportion of time and `estimated`.
 */
export function derivePointDay(
  day: MarketDay,
  periodSeconds: number,
  scale: number,
  sources: readonly PointSource[],
): DaySlots {
  const slots = sources[0]?.day.values.length ?? 0;
  const [only] = sources;
  if (
    only &&
    sources.length === 1 &&
    only.fromMs <= day.startMs &&
    only.toMs >= day.endMs &&
    only.kind !== "index"
  ) {
    const by = multiplier(only, scale);
    if (by === 1) return only.day;
    return { values: only.day.values.map((value) => scaled(value, by)), flags: only.day.flags };
  }
  const result: DaySlots = {
    values: new Float64Array(slots).fill(Number.NaN),
    flags: new Uint16Array(slots),
  };
  const periodMs = periodSeconds * 1000;
  const share: Share = { value: Number.NaN, flags: 0 };
  for (const source of sources) {
    const by = multiplier(source, scale);
    for (let slot = 0; slot < slots; slot++) {
      const startMs = day.startMs + slot * periodMs;
      const endMs = startMs + periodMs;
      if (source.toMs <= startMs || source.fromMs >= endMs) continue;
      const whole = source.fromMs <= startMs && source.toMs >= endMs;
      if (whole) takeSlot(source, slot, periodSeconds, by, share);
      else takePart(source, sources, slot, startMs, endMs, by, share);
      addShare(result, slot, share.value, share.flags);
    }
  }
  return result;
}

/** Sums what the meters of a slot counted. One that is missing leaves the sum `partial`. */
function addShare(result: DaySlots, slot: number, value: number, flags: number): void {
  const before = result.values[slot]!;
  const shared = (result.flags[slot]! & flags & quality.exchange) !== 0;
  result.flags[slot] = result.flags[slot]! | flags;
  if (!shared) {
    result.values[slot] = value;
    return;
  }
  if (Number.isNaN(before) !== Number.isNaN(value))
    result.flags[slot] = result.flags[slot]! | quality.partial;
  result.values[slot] = Number.isNaN(before) ? value : Number.isNaN(value) ? before : before + value;
}

/** The point's integers for one integer of the meter. */
function multiplier(source: PointSource, scale: number): number {
  const shift = pointScale(source.quantity, source.factor) - scale;
  if (shift < 0)
    throw new RangeError(`scale ${scale} is too coarse for a factor of ${source.factor.decimals} decimals`);
  return source.factor.digits * source.quantity.hours.digits * 10 ** shift;
}

const scaled = (value: number, by: number): number =>
  Number.isNaN(value) ? value : (exactProduct(value, by) ?? Number.NaN);

function takeSlot(source: PointSource, slot: number, periodSeconds: number, by: number, share: Share): void {
  const value = source.day.values[slot]!;
  share.flags = source.day.flags[slot]!;
  if (source.kind === "index") takeStep(source, indexAtStart(source, slot), value, periodSeconds, by, share);
  else share.value = scaled(value, by);
}

/** Index at the start of a slot, NaN when it is not known. */
const indexAtStart = (source: PointSource, slot: number): number =>
  slot === 0 ? (source.indexBefore ?? Number.NaN) : source.day.values[slot - 1]!;

function takeStep(
  source: PointSource,
  before: number,
  after: number,
  seconds: number,
  by: number,
  share: Share,
): void {
  share.value = Number.NaN;
  if (Number.isNaN(before) || Number.isNaN(after)) return;
  const step = indexStep(before, after, seconds, source);
  if (step.ok) share.value = scaled(step.value, by);
  else share.flags |= quality.decreased | quality.suspect;
}

/** A slot that the installation covers only in part. */
function takePart(
  source: PointSource,
  sources: readonly PointSource[],
  slot: number,
  startMs: EpochMs,
  endMs: EpochMs,
  by: number,
  share: Share,
): void {
  const fromMs = Math.max(source.fromMs, startMs);
  const toMs = Math.min(source.toMs, endMs);
  const seconds = (toMs - fromMs) / 1000;
  if (source.kind === "index") {
    const anchorAt = (ms: EpochMs) => source.anchors?.find(({ atMs }) => atMs === ms)?.value ?? Number.NaN;
    const before = fromMs > startMs ? anchorAt(fromMs) : indexAtStart(source, slot);
    const after = toMs < endMs ? anchorAt(toMs) : source.day.values[slot]!;
    share.flags = source.day.flags[slot]! | quality.exchange;
    takeStep(source, before, after, seconds, by, share);
    if (!Number.isNaN(share.value) || (share.flags & quality.decreased) !== 0) return;
  }
  takeSlot(source, slot, (endMs - startMs) / 1000, by, share);
  share.flags |= quality.exchange;
  const sameMeter = sources.some(
    (other) =>
      other !== source && other.meterId === source.meterId && other.fromMs < endMs && other.toMs > startMs,
  );
  if (sameMeter && !Number.isNaN(share.value)) {
    share.value = Math.round((share.value * (toMs - fromMs)) / (endMs - startMs));
    share.flags |= quality.estimated;
  }
}
