import { calendarOf, type LocalCalendar } from "../calendar.ts";
import { DayCache, type Surroundings } from "../load/curve.ts";
import { type Likelihood, usualLikelihood } from "../load/happenings.ts";
import { Sky } from "../load/sun.ts";
import { type MeterDescription, type MeterKind, meterKinds } from "../meter/description.ts";
import { VirtualMeter } from "../meter/virtual-meter.ts";
import { buildTown, type KindShares, type Town, usualShares } from "./town.ts";

export interface MetersOptions {
  readonly points: number;
  readonly seed: number;
  /** Days of load profile that each meter keeps. */
  readonly days: number;
  /** Weights of the kinds; a kind left out is absent. Without it the town is the usual one. */
  readonly shares?: Partial<KindShares>;
  readonly zone?: string;
  readonly likelihood?: Likelihood;
  readonly nowMs: () => number;
  /** Days of single meters that stay worked out; 4096 unless told. */
  readonly daysKept?: number;
  /** Market day from which registers count: what flowed before, since 2024, is not worked out. */
  readonly countsFrom?: string;
}

const noShares = Object.fromEntries(meterKinds.map((kind) => [kind, 0])) as Record<MeterKind, number>;

/** The meters of a town, on no line yet. */
export function buildMeters(options: MetersOptions): {
  readonly town: Town;
  readonly calendar: LocalCalendar;
  readonly meters: readonly VirtualMeter[];
} {
  const { points, seed, days, nowMs } = options;
  const calendar = calendarOf(options.zone ?? "Europe/Bucharest");
  const shares = options.shares ? { ...noShares, ...options.shares } : usualShares;
  const town = buildTown({ points, seed, days, shares });
  const surroundings: Surroundings = {
    calendar,
    likelihood: options.likelihood ?? usualLikelihood,
    sky: new Sky(town.place),
    days: new DayCache(options.daysKept ?? 4096),
  };
  const countsFromDay =
    options.countsFrom === undefined
      ? undefined
      : calendar.dayAt(
          Temporal.PlainDate.from(options.countsFrom).toZonedDateTime(calendar.zone).epochMilliseconds,
        );
  const begun = (meter: MeterDescription): MeterDescription =>
    countsFromDay === undefined ? meter : { ...meter, customer: { ...meter.customer, countsFromDay } };
  return {
    town,
    calendar,
    meters: town.points.map(({ meter }) => new VirtualMeter(begun(meter), surroundings, nowMs)),
  };
}
