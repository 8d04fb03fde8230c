import type { LocalCalendar, LocalDay } from "../calendar.ts";
import { between, uniform, whole } from "../random.ts";
import type { Diversion } from "./diversion.ts";
import { tracesOf } from "./traces.ts";

/** Time without supply, [from, to). */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the surroundings do to a meter: drawn by the seed. */
const drawnKinds = [
  "power-down",
  "power-up",
  "summer-time-change",
  "clock-old",
  "clock-new",
  "terminal-cover-removed",
  "terminal-cover-closed",
  "meter-cover-removed",
  "meter-cover-closed",
  "voltage-low",
  "voltage-high",
  "voltage-normal",
  "voltage-missing-l1",
  "voltage-missing-l2",
  "voltage-missing-l3",
  "voltage-normal-l2",
  "voltage-normal-l3",
] as const;
/** What people, head-ends and the meter itself do: written when it happens. */
const causedKinds = [
  "magnet-on",
  "magnet-off",
  "neutral-lost",
  "current-reversed",
  "remote-disconnect",
  "remote-connect",
  "manual-disconnect",
  "manual-connect",
  "local-disconnect",
  "local-connect",
  "ready-for-reconnection",
  "limit-exceeded",
  "limit-kept",
  "limiter-changed",
  "authentication-failure",
  "decipher-failure",
  "replay",
  "key-changed",
  "parameter-changed",
  "calendar-programmed",
  "calendar-activated",
  "firmware-ready",
  "firmware-activated",
  "log-cleared",
] as const;
export type HappeningKind = (typeof drawnKinds)[number] | (typeof causedKinds)[number];

/** What a meter writes into its log. For the clock the two entries carry the time before and after. */
export interface Happening {
  readonly atMs: number;
  readonly kind: HappeningKind;
}

/** How often things happen, as a probability per day. */
export interface Likelihood {
  readonly plannedOutage: number;
  readonly faultOutage: number;
  readonly clockSet: number;
  readonly cover: number;
}

export const usualLikelihood: Likelihood = {
  plannedOutage: 0.004,
  faultOutage: 0.008,
  clockSet: 0.004,
  cover: 0.0003,
};

const none: readonly Outage[] = [];

/**
 * Outages of one transformer on one day: works announced for a working morning, or a fault at any hour. Everybody
 * behind the transformer loses supply at the same second. An outage ends within its day, so days stay independent.
 */
export function outagesOf(transformerKey: number, day: LocalDay, likelihood: Likelihood): readonly Outage[] {
  const draw = uniform(transformerKey, 0x0a7, day.index);
  if (draw >= likelihood.plannedOutage + likelihood.faultOutage) return none;
  const planned = draw < likelihood.plannedOutage && day.dayType === "workday";
  const second = planned
    ? whole(9 * 3600, 10 * 3600, transformerKey, 1, day.index)
    : whole(0, 20 * 3600, transformerKey, 2, day.index);
  const lastsSeconds = planned
    ? whole(3600, 4 * 3600, transformerKey, 3, day.index)
    : Math.round(20 * 200 ** uniform(transformerKey, 4, day.index));
  const fromMs = day.startMs + second * 1000;
  return [{ fromMs, toMs: fromMs + lastsSeconds * 1000 }];
}

/** Where a customer hangs in the network. */
export interface SupplyPlace {
  readonly transformerKey: number;
  readonly feederKey?: number;
  /** Of a customer with one phase: which one. */
  readonly phase?: number;
  /** Of a customer with one phase: the key of a neutral that can come loose. */
  readonly neutralKey?: number;
  /** Of a customer in the network of a town. */
  readonly phases?: 1 | 3;
}

/** Why a customer has no supply. */
export type LossCause = "transformer" | "feeder" | "phase" | "neutral";

/** How rarely a whole feeder goes out, as a share of what a transformer does. */
const feederShare = 0.25;
/** A blown fuse takes one phase behind a transformer: probability per day. */
const phaseFaultLikelihood = 0.004;

/** A neutral that comes loose at a customer: probability per day. */
const neutralLossLikelihood = 1 / 3000;

/** Times without supply of one customer on one day by their cause, each as long as it lasts by itself. */
export function supplyLossesOf(
  place: SupplyPlace,
  day: LocalDay,
  likelihood: Likelihood,
): readonly (Outage & { readonly cause: LossCause })[] {
  const of = (cause: LossCause, outages: readonly (Outage | undefined)[]) =>
    outages.flatMap((outage) => (outage ? [{ fromMs: outage.fromMs, toMs: outage.toMs, cause }] : []));
  const own = of("transformer", outagesOf(place.transformerKey, day, likelihood));
  if (place.feederKey === undefined) return own;
  const lost = phaseFaultOf(place.transformerKey, day, likelihood);
  return [
    ...own,
    ...of("feeder", outagesOf(place.feederKey, day, rarely(likelihood))),
    ...of("phase", lost?.phase === place.phase ? [lost] : []),
    ...of(
      "neutral",
      place.neutralKey === undefined ? [] : [neutralLossOf(place.neutralKey, day, likelihood)],
    ),
  ];
}

/** Times without supply of one customer on one day, in order and apart. */
export const supplyOutagesOf = (
  place: SupplyPlace,
  day: LocalDay,
  likelihood: Likelihood,
): readonly Outage[] => joined(supplyLossesOf(place, day, likelihood));

/** How likely it is that a whole feeder goes out. */
export const rarely = (likelihood: Likelihood): Likelihood => ({
  ...likelihood,
  plannedOutage: likelihood.plannedOutage * feederShare,
  faultOutage: likelihood.faultOutage * feederShare,
});

/** The neutral of one customer is loose until somebody has come; none where nothing is likely. */
export function neutralLossOf(key: number, day: LocalDay, likelihood: Likelihood): Outage | undefined {
  if (likelihood.faultOutage === 0 || uniform(key, 0xe07, day.index) >= neutralLossLikelihood)
    return undefined;
  const fromMs = day.startMs + whole(0, 18 * 3600, key, 0xe08, day.index) * 1000;
  return { fromMs, toMs: fromMs + whole(1800, 5 * 3600, key, 0xe09, day.index) * 1000 };
}

/** A phase that is lost behind a transformer; none where nothing is likely. */
export function phaseFaultOf(
  transformerKey: number,
  day: LocalDay,
  likelihood: Likelihood,
): (Outage & { readonly phase: number }) | undefined {
  if (likelihood.faultOutage === 0 || uniform(transformerKey, 0xfa5, day.index) >= phaseFaultLikelihood)
    return undefined;
  const fromMs = day.startMs + whole(0, 20 * 3600, transformerKey, 0xfa6, day.index) * 1000;
  const lastsMs = whole(1200, 3 * 3600, transformerKey, 0xfa7, day.index) * 1000;
  return { phase: whole(0, 2, transformerKey, 0xfa8, day.index), fromMs, toMs: fromMs + lastsMs };
}

/** What a meter writes of each phase: that its voltage is missing, and that it is there again. */
const phaseKinds = [
  ["voltage-missing-l1", "voltage-normal"],
  ["voltage-missing-l2", "voltage-normal-l2"],
  ["voltage-missing-l3", "voltage-normal-l3"],
] as const;

/** The phase that a customer with three of them is without on a day; the other two it has. */
export function lostPhaseOf(
  place: SupplyPlace,
  day: LocalDay,
  likelihood: Likelihood,
): (Outage & { readonly phase: number }) | undefined {
  return place.phases !== 3 ? undefined : phaseFaultOf(place.transformerKey, day, likelihood);
}

/** Overlapping times as one: what is lost twice is lost once. */
function joined(outages: readonly Outage[]): readonly Outage[] {
  if (outages.length < 2) return outages;
  const result: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...outages].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else result.push({ fromMs, toMs });
  }
  return result;
}

/** The seconds by which the clock of a meter was set on a day, and when; mostly never. */
export function clockSetOf(
  meterKey: number,
  day: LocalDay,
  likelihood: Likelihood,
): { readonly atMs: number; readonly shiftMs: number } | undefined {
  if (uniform(meterKey, 0xc10, day.index) >= likelihood.clockSet) return undefined;
  const atMs = day.startMs + whole(8 * 3600, 16 * 3600, meterKey, 0xc11, day.index) * 1000;
  const shift = Math.round(between(3, 25, meterKey, 0xc12, day.index)) * 1000;
  return { atMs, shiftMs: uniform(meterKey, 0xc13, day.index) < 0.5 ? shift : -shift };
}

/** One day in twenty has a time of low or high voltage behind a transformer. */
const voltageLikelihood = 0.05;

/** Voltage out of its limits behind one transformer on one day. */
export function qualityOf(transformerKey: number, day: LocalDay): readonly Happening[] {
  if (uniform(transformerKey, 0x901, day.index) >= voltageLikelihood) return [];
  const kind = uniform(transformerKey, 0x902, day.index) < 0.6 ? "voltage-low" : "voltage-high";
  const atMs = day.startMs + whole(6 * 3600, 20 * 3600, transformerKey, 0x903, day.index) * 1000;
  const lastsMs = whole(60, 7200, transformerKey, 0x904, day.index) * 1000;
  return [
    { atMs, kind },
    { atMs: atMs + lastsMs, kind: "voltage-normal" },
  ];
}

/** The log entries of one meter on one day, in order of their time stamps. */
export function happeningsOf(
  calendar: LocalCalendar,
  meter: SupplyPlace & {
    readonly key: number;
    readonly followsSummerTime: boolean;
    /** How it is passed: it may have noticed. */
    readonly diversion?: Diversion;
  },
  day: LocalDay,
  likelihood: Likelihood,
): readonly Happening[] {
  const found: Happening[] = [];
  for (const { cause, fromMs } of supplyLossesOf(meter, day, likelihood)) {
    // It still tells with what is left in its capacitor.
    if (cause === "neutral") found.push({ atMs: fromMs, kind: "neutral-lost" });
  }
  for (const outage of supplyOutagesOf(meter, day, likelihood)) {
    found.push({ atMs: outage.fromMs, kind: "power-down" }, { atMs: outage.toMs, kind: "power-up" });
  }
  found.push(...lostPhaseHappenings(meter, day, likelihood));
  const set = clockSetOf(meter.key, day, likelihood);
  if (set) {
    found.push({ atMs: set.atMs, kind: "clock-old" }, { atMs: set.atMs + set.shiftMs, kind: "clock-new" });
  }
  if (uniform(meter.key, 0xc0e, day.index) < likelihood.cover) {
    const cover = uniform(meter.key, 0xc0f, day.index) < 0.7 ? "terminal-cover" : "meter-cover";
    const atMs = day.startMs + whole(7 * 3600, 19 * 3600, meter.key, 0xc14, day.index) * 1000;
    const lasts = whole(60, 1800, meter.key, 0xc15, day.index) * 1000;
    found.push({ atMs, kind: `${cover}-removed` }, { atMs: atMs + lasts, kind: `${cover}-closed` });
  }
  if (meter.diversion) found.push(...tracesOf(meter.key, meter.diversion, day));
  const change = meter.followsSummerTime && day.slots !== 96 ? summerTimeChange(calendar, day) : undefined;
  if (change !== undefined) found.push({ atMs: change, kind: "summer-time-change" });
  return found.sort((a, b) => a.atMs - b.atMs);
}

/** What the log says of a phase that is lost: nothing while everything is dark. */
export function lostPhaseHappenings(
  place: SupplyPlace,
  day: LocalDay,
  likelihood: Likelihood,
): readonly Happening[] {
  const lost = lostPhaseOf(place, day, likelihood);
  if (!lost) return [];
  const [missing, back] = phaseKinds[lost.phase] as (typeof phaseKinds)[number];
  const dark = supplyOutagesOf(place, day, likelihood);
  return [
    { atMs: lost.fromMs, kind: missing },
    { atMs: lost.toMs, kind: back },
  ].filter(({ atMs }) => !dark.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)) as Happening[];
}

function summerTimeChange(calendar: LocalCalendar, day: LocalDay): number | undefined {
  const before = calendar.offsetAt(day.startMs).minutes;
  for (let slot = 0; slot < day.slots; slot++) {
    const atMs = day.startMs + slot * 900_000;
    if (calendar.offsetAt(atMs).minutes !== before) return atMs;
  }
  return undefined;
}
