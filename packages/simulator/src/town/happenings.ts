import type { LocalDay } from "../calendar.ts";
import { neutralLossOf, outagesOf, phaseFaultOf, rarely } from "../load/happenings.ts";
import { hash, uniform, whole } from "../random.ts";
import type { GridTown } from "./grid-town.ts";

/** Something that truly happened in a town, [fromMs, toMs); an instant has both the same. */
export interface TownHappening {
  readonly kind:
    | "transformer-outage"
    | "feeder-outage"
    | "phase-fault"
    | "neutral-loss"
    | "door"
    | "exchange"
    | "clock-drift";
  readonly fromMs: number;
  readonly toMs: number;
  readonly transformer?: number;
  readonly feeder?: number;
  /** Of a phase fault: L1 to L3 as 0 to 2. */
  readonly phase?: number;
  readonly concentrator?: number;
  /** A door that was opened by somebody who was sent there. */
  readonly workOrder?: boolean;
  readonly point?: number;
  /** Of a clock: fast by so many parts per million. */
  readonly ppm?: number;
}

/** Openings of a concentrator's cabinet: one day in twenty; one of six without a work order. */
const doorLikelihood = 0.05;
const uninvitedShare = 1 / 6;

/** The door of a concentrator's cabinet on one day. */
export function doorOf(
  seed: number,
  concentrator: number,
  day: LocalDay,
): { readonly fromMs: number; readonly toMs: number; readonly workOrder: boolean } | undefined {
  const key = hash(seed, 0xd0, concentrator);
  if (uniform(key, 0xd00, day.index) >= doorLikelihood) return undefined;
  const workOrder = uniform(key, 0xd01, day.index) >= uninvitedShare;
  // Who was sent comes by day, who was not comes in the evening.
  const second = workOrder
    ? whole(8 * 3600, 15 * 3600, key, 0xd02, day.index)
    : whole(19 * 3600, 22 * 3600, key, 0xd03, day.index);
  const fromMs = day.startMs + second * 1000;
  return { fromMs, toMs: fromMs + whole(120, 3600, key, 0xd04, day.index) * 1000, workOrder };
}

/** Openings of a concentrator's cabinet that begin in [fromMs, toMs). */
export function* doorsOf(
  { calendar, options: { seed } }: Pick<GridTown, "calendar" | "options">,
  concentrator: number,
  fromMs: number,
  toMs: number,
): Generator<NonNullable<ReturnType<typeof doorOf>>> {
  for (let index = calendar.dayAt(fromMs); calendar.day(index).startMs < toMs; index++) {
    const door = doorOf(seed, concentrator, calendar.day(index));
    if (door && door.fromMs >= fromMs && door.fromMs < toMs) yield door;
  }
}

/** Everything that begins in [fromMs, toMs), by what it happens to: the network first, then cabinets, then points. */
export function* happeningsOf(town: GridTown, fromMs: number, toMs: number): Generator<TownHappening> {
  const { calendar, surroundings, transformers, feeders, points, concentrators } = town;
  const { likelihood } = surroundings;
  const begins = ({ fromMs: atMs }: { readonly fromMs: number }) => atMs >= fromMs && atMs < toMs;
  const days: LocalDay[] = [];
  for (let index = calendar.dayAt(fromMs); calendar.day(index).startMs < toMs; index++)
    days.push(calendar.day(index));
  for (const day of days) {
    for (const { key, number: feeder } of feeders) {
      for (const outage of outagesOf(key, day, rarely(likelihood)).filter(begins))
        yield { kind: "feeder-outage", feeder, ...outage };
    }
    for (const { key, number: transformer } of transformers) {
      for (const outage of outagesOf(key, day, likelihood).filter(begins))
        yield { kind: "transformer-outage", transformer, ...outage };
      const fault = phaseFaultOf(key, day, likelihood);
      if (fault && begins(fault)) yield { kind: "phase-fault", transformer, ...fault };
    }
  }
  for (let concentrator = 0; concentrator < concentrators; concentrator++) {
    for (const door of doorsOf(town, concentrator, fromMs, toMs))
      yield { kind: "door", concentrator, ...door };
  }
  for (const { index: point, meter, exchange } of points) {
    const { neutralKey } = meter.customer;
    if (neutralKey !== undefined) {
      for (const day of days) {
        const loss = neutralLossOf(neutralKey, day, likelihood);
        if (loss && begins(loss)) yield { kind: "neutral-loss", point, ...loss };
      }
    }
    if (exchange && begins({ fromMs: exchange.atMs }))
      yield { kind: "exchange", point, fromMs: exchange.atMs, toMs: exchange.atMs };
    const { drift } = meter;
    if (drift && begins(drift))
      yield {
        kind: "clock-drift",
        point,
        ppm: drift.ppm,
        fromMs: drift.fromMs,
        toMs: Number.POSITIVE_INFINITY,
      };
  }
}
