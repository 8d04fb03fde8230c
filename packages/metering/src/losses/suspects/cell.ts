import type { LossLaw } from "../technical.ts";
import { type ClockCorrection, clockDifference } from "./clocks.ts";
import { whiten } from "./whiten.ts";

/** What is known of a meter beside its energy, of the same window; each is there only where it was read. */
export interface Evidence {
  /** Mean current by phase while energy flowed, A. */
  readonly phaseAmps?: readonly number[];
  /** Mean voltage by phase, V. */
  readonly phaseVolts?: readonly number[];
  /** Of a meter with one phase: mean current in its neutral, A. */
  readonly neutralAmps?: number;
  /** Voltage at the point less what is expected of the bus and the metered current, V: negative where more flows than is metered. */
  readonly voltageGapV?: number;
  /**
   * What its log, or that of the module above it, says of somebody at the meter, from half a year before the window to its end: a bridge is
   * set once. Empty: the log was read, and says nothing.
   */
  readonly events?: readonly { readonly kind: TamperKind; readonly atMs: number }[];
  /** What the meter, or the contact on its module, could notice at all; without it, every kind. */
  readonly notices?: readonly TamperKind[];
  /** Since when `events` are known; without it, for as long as anybody may have passed the meter. */
  readonly watchedFromMs?: number;
}
export type TamperKind = "magnet" | "cover" | "reversed-current" | "neutral-lost";

/** What the books say of the place of supply, whatever meter is entered there; each only where it is known. */
export interface MemberBooks {
  /** Phases of the supply by its contract; those of the meter stand in `LossMember.phases`. */
  readonly phases?: 1 | 3;
  /** A household, by its category. */
  readonly household?: boolean;
  /** It may feed back, by its contract. */
  readonly mayExport?: boolean;
  /** What it was billed in the last year, or is expected to take in one, Wh. */
  readonly expectedYearWh?: number;
}

/** One meter's energy by interval, Wh, primary, with its sign: positive is taken. NaN where nothing is known. */
export interface LossMember<Id> {
  readonly id: Id;
  readonly netWh: Float64Array;
  /** What was taken alone, where the meter also counts what is fed back: ways past it are ways for what is taken. */
  readonly takenWh?: Float64Array;
  /** Factor of its transformers as it is entered, and whether the meter is one that is connected through them. */
  readonly factor: number;
  readonly indirect: boolean;
  readonly phases: 1 | 3;
  readonly evidence?: Evidence;
  /** What the books say of its supply; members stand in the order in which they were installed, so that neighbours follow one another. */
  readonly books?: MemberBooks;
  /** Of an outsider: it is booked behind another transformer, but does not seem to hang there. */
  readonly elsewhere?: boolean;
}

/** A transformer (or any group with a balance meter) over a window of whole days of quarter-hours. */
export interface LossCell<Id> {
  /** Intervals of each day: 96, or 92 and 100 where the clock changes. */
  readonly daySlots: readonly number[];
  readonly startMs: number;
  /** What went in, Wh; NaN where the balance meter has no value. */
  readonly balanceWh: Float64Array;
  readonly members: readonly LossMember<Id>[];
  /** Points that are in no group, or seem not to belong where they are: one of them may hang here. */
  readonly outsiders?: readonly LossMember<Id>[];
  /** From transformer and line data; without it only its shape is taken into account. */
  readonly technical?: LossLaw;
}

export const slotSeconds = 900;

/** A cell as the fit needs it. */
export interface PreparedCell<Id> {
  readonly startMs: number;
  readonly slots: number;
  readonly dayOf: Uint16Array;
  /** Interval of the day. */
  readonly timeOf: Uint16Array;
  readonly days: number;
  /** 0 where the balance, or too much of the members, is not known. */
  readonly known: Uint8Array;
  /** 0 there, and at the times of day at which something is fed back that nobody counts. */
  readonly usable: Uint8Array;
  readonly usableSlots: number;
  /** Intervals left out because of it. */
  readonly fedBackSlots: number;
  /** Balance less members less technical loss, as it is and without its mean of each time of day. */
  readonly residualWh: Float64Array;
  readonly centredResidual: Float64Array;
  /** The load's square, for what line data leave. */
  readonly squareKw: Float64Array;
  readonly centredSquare: Float64Array;
  /** How much each time of day counts. */
  readonly weights: Float64Array;
  /** Of what no curve explains: how it goes with itself one interval on. Steps of registers make it negative. */
  readonly noiseFollows: number;
  readonly columns: readonly PreparedMember<Id>[];
  readonly inputWh: number;
}

export interface PreparedMember<Id> {
  /** Its place among all, members and then outsiders. */
  readonly nth: number;
  readonly member: LossMember<Id>;
  readonly inGroup: boolean;
  /** With gaps filled by the mean of their time of day, and how many were. */
  readonly wh: Float64Array;
  readonly filledSlots: number;
  /** Put right by its clock. */
  readonly clockedWh: Float64Array;
  /** Without its mean of each time of day, 0 where not usable. */
  readonly centred: Float64Array;
  /** Mean of its values that are not zero, by time of day. */
  readonly usual: Float64Array;
}

/** More than this part of the members' energy filled in, and an interval is left out of the fit. */
const filledShareMax = 0.05;
const timesOfDay = 100;

/** Members with their gaps filled, and what all of them took. */
export interface FilledCell<Id> {
  readonly dayOf: Uint16Array;
  readonly timeOf: Uint16Array;
  /** Of the members of the group, and what of it is filled in, Wh. */
  readonly sum: Float64Array;
  readonly filled: Float64Array;
  readonly all: readonly (Omit<PreparedMember<Id>, "nth" | "centred" | "clockedWh" | "usual"> & {
    readonly means: ReturnType<typeof meansByTime>;
  })[];
}

/** Fills gaps by the mean of their time of day, for the fit alone. */
export function fillGaps<Id>({ daySlots, balanceWh, members, outsiders = [] }: LossCell<Id>): FilledCell<Id> {
  const slots = balanceWh.length;
  const dayOf = new Uint16Array(slots);
  const timeOf = new Uint16Array(slots);
  let at = 0;
  daySlots.forEach((count, day) => {
    for (let slot = 0; slot < count; slot++, at++) {
      dayOf[at] = day;
      timeOf[at] = slot;
    }
  });
  if (at !== slots) throw new RangeError(`${slots} intervals in days of ${at}`);
  const sum = new Float64Array(slots);
  const filled = new Float64Array(slots);
  const all = [...members, ...outsiders].map((member, n) => {
    const means = meansByTime(member.netWh, timeOf);
    let wh = member.netWh;
    let filledSlots = 0;
    for (let i = 0; i < slots; i++) {
      if (!Number.isNaN(wh[i]!)) continue;
      if (filledSlots === 0) wh = wh.slice();
      filledSlots++;
      wh[i] = means.all[timeOf[i]!]!;
      if (n < members.length) filled[i] = filled[i]! + Math.abs(wh[i]!);
    }
    if (n < members.length) for (let i = 0; i < slots; i++) sum[i] = sum[i]! + wh[i]!;
    const { takenWh } = member;
    const taken =
      takenWh && n < members.length ? takenWh.map((value) => (Number.isNaN(value) ? 0 : value)) : wh;
    return { member, wh: taken, filledSlots, means, inGroup: n < members.length };
  });
  return { dayOf, timeOf, sum, filled, all };
}

/**
 * Residual, gaps filled for the fit alone, and every curve without its mean day: what is left is what tells one
 * customer from another. With a first look, times of day are left out at which, beside what it explains, something is fed back or all is noise.
 */
export function prepareCell<Id>(
  cell: LossCell<Id>,
  firstLook?: FirstLook,
  filledCell: FilledCell<Id> = fillGaps(cell),
): PreparedCell<Id> {
  const { daySlots, balanceWh, technical } = cell;
  const { dayOf, timeOf, sum, filled, all } = filledCell;
  const slots = balanceWh.length;
  const known = new Uint8Array(slots);
  const residualWh = new Float64Array(slots);
  const square = new Float64Array(slots);
  const perHour = 3600 / slotSeconds;
  let knownSlots = 0;
  let inputWh = 0;
  for (let i = 0; i < slots; i++) {
    const input = balanceWh[i]!;
    if (Number.isNaN(input) || filled[i]! > filledShareMax * Math.abs(sum[i]!)) continue;
    known[i] = 1;
    knownSlots++;
    inputWh += input;
    const powerW = input * perHour;
    square[i] = (powerW / 1000) ** 2;
    const lostW = technical ? technical.constantW + technical.perSquareW * powerW * powerW : 0;
    residualWh[i] = input - sum[i]! - lostW / perHour;
  }
  const differences = new Map(
    firstLook?.clocks.map((clock) => [clock.nth, clockDifference(clock, all[clock.nth]!.wh)]),
  );
  for (const difference of differences.values())
    for (let i = 0; i < slots; i++) if (known[i]) residualWh[i] = residualWh[i]! - difference[i]!;
  const put = (wh: Float64Array, nth: number) => {
    const difference = differences.get(nth);
    return difference ? wh.map((value, i) => value + difference[i]!) : wh;
  };
  withoutSupply(known, balanceWh, timeOf);
  const usable = withoutFeedBack(
    unexplained(residualWh, firstLook?.explainedWh),
    timeOf,
    known,
    Math.abs(inputWh) / Math.max(1, knownSlots),
    firstLook?.bridgedAt,
  );
  const weights = firstLook ? weightsOf(firstLook.noiseByTime) : new Float64Array(timesOfDay).fill(1);
  for (let i = 0; i < slots; i++) if (weights[timeOf[i]!] === 0) usable[i] = 0;
  const noiseFollows = firstLook?.noiseFollows ?? 0;
  const usableSlots = usable.reduce((sum, one) => sum + one, 0);
  const noise = { timeOf, usable, weights, noiseFollows };
  const bared = (values: Float64Array) => weighed(centre(values, timeOf, usable), noise);
  return {
    startMs: cell.startMs,
    slots,
    known,
    fedBackSlots: knownSlots - usableSlots,
    dayOf,
    timeOf,
    days: daySlots.length,
    usable,
    usableSlots,
    residualWh,
    centredResidual: bared(residualWh),
    squareKw: square,
    centredSquare: bared(square),
    weights,
    noiseFollows,
    inputWh,
    columns: all.map(({ member, wh, filledSlots, means, inGroup }, nth) => {
      const clockedWh = put(wh, nth);
      return {
        nth,
        member,
        inGroup,
        wh,
        filledSlots,
        clockedWh,
        centred: bared(clockedWh),
        usual: means.usual,
      };
    }),
  };
}

type Noise = Pick<PreparedCell<unknown>, "timeOf" | "usable" | "weights" | "noiseFollows">;

/** Values as the fits see them: with the noise of one interval as independent of the others, and as large, as it can be made. */
export function weighed(
  values: Float64Array,
  { timeOf, usable, weights, noiseFollows }: Noise,
): Float64Array {
  return whiten(values, usable, noiseFollows).map((value, i) => value * weights[timeOf[i]!]!);
}

/** The same cell where some intervals say nothing of what is looked for. */
export function withUsable<Id>(cell: PreparedCell<Id>, usable: Uint8Array): PreparedCell<Id> {
  const { timeOf, residualWh, squareKw, columns } = cell;
  const bared = (values: Float64Array) => weighed(centre(values, timeOf, usable), { ...cell, usable });
  return {
    ...cell,
    usable,
    usableSlots: usable.reduce((sum, one) => sum + one, 0),
    centredResidual: bared(residualWh),
    centredSquare: bared(squareKw),
    columns: columns.map((column) => ({ ...column, centred: bared(column.clockedWh) })),
  };
}

/** What a first fit explains of the residual, Wh, and the variance of what it leaves by time of day, Wh² (0 where unknown). */
export interface FirstLook {
  readonly explainedWh: Float64Array;
  /** 1 where somebody stands still who is taken for bridged: what flows then nobody knows. */
  readonly bridgedAt: Uint8Array;
  readonly noiseByTime: Float64Array;
  readonly clocks: readonly ClockCorrection[];
  readonly noiseFollows: number;
}

/** Times of day with so many times the variance of a calm one say nothing that those do not say better. */
const noiseMost = 40;

/** How much each time of day counts, by the noise of it: 1 for a calm one, 0 where nothing but noise is seen. */
function weightsOf(noiseByTime: Float64Array): Float64Array {
  const sorted = [...noiseByTime].filter((variance) => variance > 0).sort((a, b) => a - b);
  const calm = sorted[Math.floor(sorted.length / 3)] ?? 0;
  return noiseByTime.map((variance) => {
    if (variance > noiseMost * calm) return 0;
    return variance > calm ? Math.sqrt(calm / variance) : 1;
  });
}

const unexplained = (residualWh: Float64Array, explainedWh: Float64Array | undefined): Float64Array =>
  explainedWh ? residualWh.map((wh, i) => wh - explainedWh[i]!) : residualWh;

/** Less than this part of what usually flows in at the time of day, and there was no supply. */
const suppliedMin = 1 / 3;

/** Leaves out intervals without supply and the ones beside them: the iron loses nothing then, and meters stop and begin within them. */
function withoutSupply(known: Uint8Array, balanceWh: Float64Array, timeOf: Uint16Array): void {
  const byTime: number[][] = Array.from({ length: timesOfDay }, () => []);
  for (let i = 0; i < known.length; i++) if (known[i]) byTime[timeOf[i]!]!.push(Math.abs(balanceWh[i]!));
  const usual = byTime.map((values) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0);
  for (let i = 0; i < known.length; i++) {
    if (Number.isNaN(balanceWh[i]!) || Math.abs(balanceWh[i]!) >= suppliedMin * usual[timeOf[i]!]!) continue;
    for (let near = Math.max(0, i - 1); near <= Math.min(known.length - 1, i + 1); near++) known[near] = 0;
  }
}

/** At least this part of the intervals stays, or what is left out is something else. */
const leftMin = 0.15;
/** So many times the usual spread of a night, downwards. */
const fedBackSpread = 2.5;

/**
 * Leaves out the times of day at which on some days far more comes out than on a usual one: panels behind meters that count in one direction
 * only (pulses do not tell). Their sunshine would hide everything else. What is the same on all days is none of it: line data that are wrong.
 */
function withoutFeedBack(
  residualWh: Float64Array,
  timeOf: Uint16Array,
  known: Uint8Array,
  meanInputWh: number,
  bridgedAt: Uint8Array | undefined,
): Uint8Array {
  const byTime: number[][] = Array.from({ length: timesOfDay }, () => []);
  for (let i = 0; i < residualWh.length; i++)
    if (known[i] && !bridgedAt?.[i]) byTime[timeOf[i]!]!.push(residualWh[i]!);
  const below = byTime.map((values) => {
    if (values.length === 0) return 0;
    values.sort((a, b) => a - b);
    return values[Math.floor(values.length * 0.5)]! - values[Math.floor(values.length * 0.1)]!;
  });
  const night = [...below.slice(0, 20), ...below.slice(88, 96)].sort((a, b) => a - b);
  const usual = night[Math.floor(night.length / 2)] ?? 0;
  const limit = Math.max(fedBackSpread * usual, 0.004 * meanInputWh, 15);
  const usable = known.slice();
  let left = 0;
  let all = 0;
  for (let i = 0; i < usable.length; i++) {
    if (!known[i]) continue;
    all++;
    if (below[timeOf[i]!]! > limit) usable[i] = 0;
    else left++;
  }
  return left < leftMin * all ? known.slice() : usable;
}

function meansByTime(values: Float64Array, timeOf: Uint16Array) {
  const sums = new Float64Array(timesOfDay);
  const counts = new Uint32Array(timesOfDay);
  const running = new Uint32Array(timesOfDay);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const time = timeOf[i]!;
    sums[time] = sums[time]! + value;
    counts[time] = counts[time]! + 1;
    if (value !== 0) running[time] = running[time]! + 1;
  }
  const all = sums.map((total, time) => (counts[time] ? total / counts[time]! : 0));
  const usual = sums.map((total, time) => (running[time] ? total / running[time]! : 0));
  return { all, usual };
}

export function centre(values: Float64Array, timeOf: Uint16Array, usable: Uint8Array): Float64Array {
  const sums = new Float64Array(timesOfDay);
  const counts = new Uint32Array(timesOfDay);
  const centred = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (!usable[i]) continue;
    const time = timeOf[i]!;
    sums[time] = sums[time]! + values[i]!;
    counts[time] = counts[time]! + 1;
  }
  for (let time = 0; time < timesOfDay; time++) if (counts[time]) sums[time] = sums[time]! / counts[time]!;
  for (let i = 0; i < values.length; i++) if (usable[i]) centred[i] = values[i]! - sums[timeOf[i]!]!;
  return centred;
}
