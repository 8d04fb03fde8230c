import { LocalCalendar } from "../calendar.ts";
import { type Customer, DayCache, LoadCurve, type Surroundings } from "../load/curve.ts";
import { type Likelihood, outagesOf, rarely, usualLikelihood } from "../load/happenings.ts";
import { Sky } from "../load/sun.ts";
import type { MeterDescription, MeterKind } from "../meter/description.ts";
import { between, hash, pick, uniform, whole } from "../random.ts";
import { Cell, customerPart } from "./balance-curve.ts";
import {
  type Feeder,
  feederLossWh,
  growNetwork,
  lampsOf,
  pointsPerConcentrator,
  type Transformer,
  transformerLossWh,
} from "./network-tree.ts";
import { capacityOf } from "./registers.ts";
import { buildPoint, place, serialOf, type TownPoint } from "./town.ts";
import { type BookError, bookErrorOf, diversionOf } from "./wrongs.ts";

export interface GridTownOptions {
  /** 1 to 50000. */
  readonly points: number;
  readonly seed: number;
  /** Market day on which the registers begin to count, `2026-09-01`; not before 2024-01-01. */
  readonly begin: string;
  readonly zone?: string;
  readonly likelihood?: Likelihood;
  /** Days of single points that are kept once they are worked out; 4096 unless told. */
  readonly daysKept?: number;
}

/** How a meter is read: pulses on a module, IEC 62056-21 or HDLC on the RS-485 line of a concentrator, or directly by GPRS. */
export type Attachment =
  | {
      readonly kind: "pulses";
      readonly concentrator: number;
      readonly module: number;
      readonly input: number;
    }
  | { readonly kind: "iec" | "hdlc"; readonly concentrator: number; readonly address: string }
  | { readonly kind: "direct" };

/** Another meter at a point from an instant on; its register begins with 0. */
export interface Exchange {
  readonly atMs: number;
  readonly serial: string;
}

export interface GridPoint extends TownPoint {
  readonly index: number;
  readonly transformer: number;
  readonly attachment: Attachment;
  /** Ratio of the current transformers that are truly there. */
  readonly ratio: number;
  readonly exchange?: Exchange;
  readonly bookError?: BookError;
}

export const gridPointsMax = 50_000;
/** Share of the meters that are exchanged within the first 60 days: behind a concentrator, and of those that are read directly. */
const exchangeShare = { behind: 0.004, direct: 0.04 } as const;

/**
 * A town as its network: points below transformers, transformers below feeders, and what each of them truly carries at any instant. All
 * of it is a pure function of seed, begin and instant; nothing is kept but days worked out last.
 */
export class GridTown {
  readonly options: GridTownOptions;
  readonly calendar: LocalCalendar;
  readonly beginDay: number;
  readonly transformers: readonly Transformer[];
  readonly feeders: readonly Feeder[];
  readonly points: readonly GridPoint[];
  readonly surroundings: Surroundings;
  readonly #curves: (LoadCurve | undefined)[] = [];
  readonly #cells = new Map<number, Cell>();
  readonly #feederCells = new Map<number, Cell>();

  constructor(options: GridTownOptions) {
    const { points, seed, begin, zone = "Europe/Bucharest", likelihood = usualLikelihood } = options;
    const { daysKept = 4096 } = options;
    this.options = options;
    this.calendar = new LocalCalendar(zone);
    this.beginDay = this.calendar.dayAt(
      Temporal.PlainDate.from(begin).toZonedDateTime(zone).epochMilliseconds,
    );
    const townKey = hash(seed, 0x70);
    this.surroundings = {
      calendar: this.calendar,
      likelihood,
      sky: new Sky({ key: townKey, ...place }),
      days: new DayCache(daysKept),
    };
    const { transformers, feeders } = growNetwork(seed, points);
    this.transformers = transformers;
    this.feeders = feeders;
    this.points = transformers.flatMap((transformer) => this.#pointsOf(transformer, townKey));
  }

  /** Concentrators: one for about 31 points, never of two transformers. */
  get concentrators(): number {
    let count = 0;
    for (const { points } of this.transformers) count += concentratorsOf(points);
    return count;
  }

  /** What flows at a point: what its meter counts, and what passes it. */
  curveOf(index: number): LoadCurve {
    const point = this.points[index];
    if (!point) throw new RangeError(`no point ${index}`);
    this.#curves[index] ??= new LoadCurve(point.meter.customer, this.surroundings);
    return this.#curves[index];
  }

  /** The balance of a transformer. */
  cellOf(number: number): Cell {
    let cell = this.#cells.get(number);
    if (cell) return cell;
    const transformer = this.transformers[number];
    if (!transformer) throw new RangeError(`no transformer ${number}`);
    const { firstPoint, points, key, feeder } = transformer;
    const parts = Array.from({ length: points }, (_, n) => {
      const index = firstPoint + n;
      return customerPart(this.curveOf(index), this.points[index]?.ratio ?? 1);
    });
    const feederKey = this.feeders[feeder]?.key ?? 0;
    cell = new Cell(parts, (netWh, startMs) =>
      transformerLossWh(transformer, netWh, this.#suppliedShare(key, feederKey, startMs)),
    );
    this.#cells.set(number, cell);
    return cell;
  }

  /** The balance of a feeder: its transformers, and the loss of its line. */
  feederCellOf(number: number): Cell {
    let cell = this.#feederCells.get(number);
    if (cell) return cell;
    const feeder = this.feeders[number];
    if (!feeder) throw new RangeError(`no feeder ${number}`);
    const parts = Array.from({ length: feeder.transformers }, (_, n) =>
      this.cellOf(feeder.firstTransformer + n),
    );
    cell = new Cell(parts, (netWh) => feederLossWh(feeder, netWh));
    this.#feederCells.set(number, cell);
    return cell;
  }

  /** Part of a quarter-hour in which a transformer has voltage: without it, iron loses nothing. */
  #suppliedShare(transformerKey: number, feederKey: number, startMs: number): number {
    const { likelihood } = this.surroundings;
    const day = this.calendar.day(Math.max(0, this.calendar.dayAt(startMs)));
    let lost = 0;
    for (const { fromMs, toMs } of [
      ...outagesOf(transformerKey, day, likelihood),
      ...outagesOf(feederKey, day, rarely(likelihood)),
    ]) {
      lost += Math.max(0, Math.min(toMs, startMs + 900_000) - Math.max(fromMs, startMs));
    }
    return Math.max(0, 1 - lost / 900_000);
  }

  #pointsOf(transformer: Transformer, townKey: number): GridPoint[] {
    const { seed } = this.options;
    const { firstPoint, points, key: transformerKey } = transformer;
    const seats = new Seats(transformer, this.#concentratorsBefore(transformer.number));
    const drawn = Array.from({ length: points }, (_, n): GridPoint => {
      const index = firstPoint + n;
      const draw = uniform(hash(seed, 0xa77, index));
      const found = buildPoint({ points, seed, days: 90, shares: noShares }, townKey, index, {
        transformerKey,
        branch: transformer.branch,
        kindOf: ({ large, phases }) => kindOf(large, phases, draw),
      });
      const { meter } = found;
      const ratio = meter.currentRatio ? meter.currentRatio.primaryA / meter.currentRatio.secondaryA : 1;
      // The first point of a transformer is the street light that hangs on it, unless a large consumer is drawn there.
      const lamps = n === 0 && ratio === 1 ? { lampsW: lampsOf(transformer) } : {};
      const diversion = ratio === 1 && n !== 0 ? diversionOf(meter, this.calendar, this.beginDay) : undefined;
      const { panels, ...usual } = meter.customer;
      const customer: Customer = {
        ...usual,
        ...(panels && !("lampsW" in lamps) && { panels }),
        ...lamps,
        feederKey: this.feeders[transformer.feeder]?.key ?? 0,
        phases: meter.phases,
        ...(meter.phases === 1 && { phase: whole(0, 2, meter.key, 0x9a5e), neutralKey: meter.key }),
        ...(diversion && { diversion }),
        countsFromDay: this.beginDay,
      };
      const attachment = seats.take(meter.kind, draw);
      const exchange = this.#exchangeOf(index, meter.key, attachment.kind === "direct");
      const drift = exchange ? {} : driftOf(index, meter.key, this.calendar.day(this.beginDay).startMs);
      const rolls =
        attachment.kind !== "direct" && (index === 4 || uniform(meter.key, 0x9077) < rollOverShare);
      const bookError = bookErrorOf({ index, key: meter.key, ratio }, firstPoint + points - 1, seed);
      return {
        ...found,
        ...("lampsW" in lamps && { name: `Iluminat public ${transformer.name}`, exports: false }),
        index,
        meter: {
          ...meter,
          customer,
          ...drift,
          ...(attachment.kind === "hdlc" && { registerModuloWh: capacityOf({ attachment, meter }) }),
          ...(rolls && { startWh: beforeRollOver(index, meter, capacityOf({ attachment, meter })) }),
        },
        transformer: transformer.number,
        attachment,
        ratio,
        ...(exchange && { exchange }),
        ...(bookError && { bookError }),
      };
    });
    // Whose other hangs on another transformer, or is booked wrongly in another way, is swapped with nobody.
    return drawn.map((point) => {
      const { bookError, ...right } = point;
      if (bookError?.kind !== "swapped") return point;
      const other = drawn[(bookError.other ?? -1) - firstPoint];
      return other?.bookError?.other === point.index ? point : right;
    });
  }

  readonly #before: number[] = [0];
  #concentratorsBefore(number: number): number {
    while (this.#before.length <= number) {
      const known = this.#before.length - 1;
      this.#before.push(
        (this.#before[known] as number) + concentratorsOf(this.transformers[known]?.points ?? 0),
      );
    }
    return this.#before[number] as number;
  }

  // Points 6 and 16 for sure, so that the smallest town has an exchange that lies long ago, and one of yesterday or today when it is two weeks old.
  #exchangeOf(index: number, key: number, isDirect: boolean): Exchange | undefined {
    const sure = isDirect ? undefined : sureExchanges[index];
    const [first, last] = sure ?? [1, 60];
    const share = exchangeShare[isDirect ? "direct" : "behind"];
    if (!sure && uniform(key, 0xe8c) >= share) return undefined;
    const day = this.calendar.day(this.beginDay + whole(first, last, key, 0xe8d));
    const atMs = day.startMs + whole(8 * 60, 17 * 60, key, 0xe8e) * 60_000;
    return { atMs, serial: serialOf(this.options.seed, gridPointsMax + index) };
  }
}

/** Points whose meter is exchanged in any town, between two days after its first. */
const sureExchanges: Readonly<Record<number, readonly [number, number]>> = { 6: [1, 6], 16: [13, 14] };

/** Share of the registers that roll over within 60 days, as their first meter stays that long. */
const rollOverShare = 0.004;

/**
 * What a register stands at that rolls over soon. Point 4 does for sure, in the first days, so that the smallest town has one: so much is used
 * in three days.
 */
function beforeRollOver(
  index: number,
  { key, customer, startWh }: MeterDescription,
  capacityWh: number,
): MeterDescription["startWh"] {
  const leftWh =
    index === 4
      ? Math.min(40_000, Math.ceil(customer.annualWh / 120))
      : Math.ceil((customer.annualWh * whole(1, 60, key, 0x9078)) / 365);
  return { ...startWh, rate1: capacityWh - leftWh - startWh.rate2 };
}

/** Share of the meters whose clock runs away. */
const driftShare = 0.02;

/** Point 5 for sure, so that the smallest town has one. What gives pulses has no clock, and nobody sees its drift. */
function driftOf(index: number, key: number, fromMs: number): Pick<MeterDescription, "drift"> {
  if (index !== 5 && uniform(key, 0xd21f) >= driftShare) return {};
  const ppm = Math.round(between(40, 200, key, 0xd220)) * (uniform(key, 0xd221) < 0.5 ? -1 : 1);
  return { drift: { ppm, fromMs } };
}

const concentratorsOf = (points: number) => Math.max(1, Math.round(points / pointsPerConcentrator));

const noShares = Object.fromEntries(
  ["dlms-wrapper", "dlms-hdlc", "iec-own", "iec-iskra", "iec-landis", "dlms-gmac", "dlms-high", "dlms-ecdsa"]
    .concat(["dlms-sn", "dlms-udp", "iec-mode-a", "iec-mode-b", "iec-mode-d", "iec-mode-e"])
    .map((kind) => [kind, 0]),
) as Record<MeterKind, number>;

/** Seven small meters of ten give pulses, two speak IEC 62056-21, one HDLC; a large one is called directly. */
function kindOf(large: boolean, phases: 1 | 3, draw: number): MeterKind {
  if (large) return "dlms-wrapper";
  if (draw < 0.7) return "iec-own";
  if (draw < 0.9) {
    const own = pick([true, true, true, false, false], Math.floor(draw * 1e6));
    return own ? "iec-own" : phases === 1 ? "iec-iskra" : "iec-landis";
  }
  return "dlms-hdlc";
}

/** Gives the meters below a transformer their places on its concentrators: modules of 16 inputs, and two lines for the others. */
class Seats {
  readonly #first: number;
  readonly #count: number;
  readonly #inputs: number[];
  readonly #addresses: number[];
  #next = 0;

  constructor(transformer: Transformer, first: number) {
    this.#first = first;
    this.#count = concentratorsOf(transformer.points);
    this.#inputs = Array.from({ length: this.#count }, () => 0);
    this.#addresses = Array.from({ length: this.#count }, () => 0);
  }

  take(kind: MeterKind, draw: number): Attachment {
    if (kind === "dlms-wrapper") return { kind: "direct" };
    const at = this.#next++ % this.#count;
    const concentrator = this.#first + at;
    if (draw < 0.7) {
      const input = this.#inputs[at] as number;
      this.#inputs[at] = input + 1;
      return { kind: "pulses", concentrator, module: Math.floor(input / 16), input: (input % 16) + 1 };
    }
    const address = (this.#addresses[at] as number) + 1;
    this.#addresses[at] = address;
    return { kind: kind === "dlms-hdlc" ? "hdlc" : "iec", concentrator, address: String(16 + address) };
  }
}
