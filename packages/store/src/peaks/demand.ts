import { marketDay, quality, romanianHolidays } from "@energsys/metering";
import { readAttributes } from "../attributes/attributes.ts";
import type { Queryable } from "../database.ts";
import { energies } from "../query/energies.ts";
import type { Period } from "../query/frame.ts";
import { readSeries, type Series } from "../query/series.ts";
import { findCounted, type Subject } from "../query/subjects.ts";
import { everywhere } from "../scope.ts";
import { demandOf, energyLimit, type Power, parsePower, percentOf } from "./power.ts";
import type { PeakCondition, PeakHours, PeakThreshold } from "./rules.ts";

/** The greatest demand of a day above its threshold. `pointId` is null for a group. */
export interface FoundPeak {
  readonly pointId: number | null;
  readonly day: string;
  readonly startMs: number;
  readonly demand: Power;
  readonly threshold: Power;
  /** Of what the threshold is a part: the approved power, or the greatest demand of before. */
  readonly basis: Power | null;
  /** Quarter-hours of the day that are above. */
  readonly quarters: number;
  readonly expected: number;
  readonly present: number;
  readonly estimated: number;
  readonly flags: number;
}

/** Days of one subject of a rule; `pointId` is null for the rule's group. */
export interface SubjectDays {
  readonly pointId: number | null;
  /** In order. */
  readonly days: readonly string[];
}

const quarterSeconds = 900;
const usualDayMs = 86_400_000;
const plus = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

/**
 * The peaks that a rule finds on these days, one at most for each subject and day. All series are read in one go, from the first day of all to
 * the last one: the caller sees to it that this is not much.
 */
export async function findPeaks(
  db: Queryable,
  rule: PeakCondition,
  wanted: readonly SubjectDays[],
  { zone, nowMs }: Pick<Period, "zone" | "nowMs">,
): Promise<FoundPeak[]> {
  const all = wanted.flatMap(({ days }) => days).sort();
  if (all.length === 0) return [];
  const before = rule.threshold.basis === "former" ? rule.threshold.formerDays : rule.quarters > 1 ? 1 : 0;
  const after = rule.quarters > 1 ? 2 : 1;
  const period = { fromDay: plus(all[0]!, -before), toDay: plus(all.at(-1)!, after), zone, nowMs };
  const subjects = wanted.map(
    ({ pointId }): Subject => (pointId !== null ? { kind: "point", pointId } : (rule.watched as Subject)),
  );
  const counted = await findCounted(db, everywhere, subjects, period);
  const there = wanted.flatMap((subject, nth) => {
    const found = counted[nth];
    return found ? [{ ...subject, found }] : [];
  });
  const series = await readSeries(
    { db },
    there.map(({ found }) => found),
    { ...period, obis: energies[rule.energy] },
  );
  const thresholds = await thresholdsOf(db, rule, there);
  return there.flatMap(({ pointId, days }, nth) => {
    const one = series[nth]!;
    // Intervals of an hour hold no quarter-hours.
    if (one.stepSeconds !== quarterSeconds) return [];
    const counts = countingSlots(one, rule, zone);
    return days.flatMap((day) => {
      const threshold = thresholds(pointId, { series: one, counts }, day);
      const found = threshold && peakOf(one, day, counts, rule.quarters, threshold.power);
      return found ? [{ pointId, day, threshold: threshold.power, basis: threshold.basis, ...found }] : [];
    });
  });
}

interface Curve {
  readonly series: Series;
  /** By slot: is it one that the rule looks at, and known well enough to be a peak? */
  readonly counts: Uint8Array;
}

interface Limit {
  readonly power: Power;
  readonly basis: Power | null;
}

/** The threshold of a subject on a day; none where nothing is known of what it is a part of. */
async function thresholdsOf(
  db: Queryable,
  { threshold }: PeakCondition,
  subjects: readonly SubjectDays[],
): Promise<(pointId: number | null, curve: Curve, day: string) => Limit | undefined> {
  if (threshold.basis === "power") {
    const power = parsePower(threshold.powerKw);
    return () => ({ power, basis: null });
  }
  const partOf = (basis: Power): Limit => ({ power: percentOf(basis, threshold.percent), basis });
  if (threshold.basis === "former") {
    return (_, curve, day) => {
      const basis = formerMaximum(curve, day, threshold);
      return basis && partOf(basis);
    };
  }
  const attributes = await readAttributes(
    db,
    subjects.flatMap(({ pointId }) => (pointId === null ? [] : [pointId])),
  );
  return (pointId, { series }, day) => {
    const startMs = startOf(series, series.days.find((one) => one.day === day)?.first ?? 0);
    const approvedW = pointId === null ? null : attributes.at(pointId, startMs)?.approvedPowerW;
    return approvedW ? partOf({ digits: BigInt(approvedW), scale: -3 }) : undefined;
  };
}

const startOf = (series: Series, slot: number): number => series.startMs + slot * quarterSeconds * 1000;

/**
 * Slots that may hold a peak: on the days and at the hours of the rule, nothing refused in it, and nothing estimated unless that is asked for. Hours are
 * those of the clock on the wall: one that comes twice counts twice.
 */
function countingSlots(
  series: Series,
  { estimates, dayKind, hours }: PeakCondition,
  zone: string,
): Uint8Array {
  const counts = new Uint8Array(series.values.length);
  for (const { day: date, first, slots } of series.days) {
    if (dayKind !== "all" && (dayKind === "workdays") !== isWorkday(date)) continue;
    const { startMs, endMs } = marketDay(date, zone);
    const isUsual = endMs - startMs === usualDayMs;
    for (let nth = 0; nth < slots; nth++) {
      const slot = first + nth;
      if (series.present[slot] === 0 || series.good[slot] !== series.present[slot]) continue;
      if (!estimates && series.estimated[slot] !== 0) continue;
      if (hours) {
        const ms = startMs + nth * quarterSeconds * 1000;
        const minute = isUsual ? nth * 15 : minuteOf(ms, zone);
        if (!isWithin(minute, hours)) continue;
      }
      counts[slot] = 1;
    }
  }
  return counts;
}

function isWorkday(date: string): boolean {
  const { dayOfWeek, year } = Temporal.PlainDate.from(date);
  return dayOfWeek <= 5 && !romanianHolidays(year).has(date);
}

function minuteOf(ms: number, zone: string): number {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  return hour * 60 + minute;
}

const isWithin = (minute: number, { fromMinute, toMinute }: PeakHours): boolean =>
  fromMinute < toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute;

/** The greatest demand of the days before one. */
function formerMaximum(
  { series, counts }: Curve,
  day: string,
  { formerDays }: Extract<PeakThreshold, { basis: "former" }>,
): Power | undefined {
  const from = plus(day, -formerDays);
  let greatest = Number.NEGATIVE_INFINITY;
  for (const { day: date, first, slots } of series.days) {
    if (date < from || date >= day) continue;
    for (let slot = first; slot < first + slots; slot++) {
      if (counts[slot] === 1 && series.values[slot]! > greatest) greatest = series.values[slot]!;
    }
  }
  return greatest > 0 ? demandOf(greatest, series.scale) : undefined;
}

/** The greatest quarter-hour of a day above a threshold, the earliest of several; it lies in a run that is long enough. */
function peakOf(series: Series, day: string, counts: Uint8Array, quarters: number, threshold: Power) {
  const place = series.days.find((one) => one.day === day);
  if (!place) return undefined;
  const limit = energyLimit(threshold, series.scale);
  const isAbove = (slot: number) => counts[slot] === 1 && series.values[slot]! > limit;
  /** A run may have begun the day before, or end on the next. */
  const runOf = (slot: number): number => {
    let [from, to] = [slot, slot + 1];
    while (from > 0 && slot - from < quarters && isAbove(from - 1)) from--;
    while (to < series.values.length && to - from < quarters && isAbove(to)) to++;
    return to - from;
  };
  let at = -1;
  let above = 0;
  for (let slot = place.first; slot < place.first + place.slots; slot++) {
    if (!isAbove(slot) || (quarters > 1 && runOf(slot) < quarters)) continue;
    above++;
    if (at < 0 || series.values[slot]! > series.values[at]!) at = slot;
  }
  if (at < 0) return undefined;
  return {
    startMs: startOf(series, at),
    demand: demandOf(series.values[at]!, series.scale),
    quarters: above,
    expected: series.expected[at]!,
    present: series.present[at]!,
    estimated: series.estimated[at]!,
    flags: series.flags[at]!,
  };
}

/** Quality of a peak in a word, as curves have it. */
export const isEstimatedPeak = ({ estimated, flags }: Pick<FoundPeak, "estimated" | "flags">): boolean =>
  estimated > 0 || (flags & quality.estimated) !== 0;
