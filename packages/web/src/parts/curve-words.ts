import type { Locale } from "../text/provider.tsx";
import type { DisplayUnit } from "../time/quantity.ts";
import { addDays, dayOf } from "../time/zone.ts";
import { dayIndexAt } from "./chart-view.ts";
import { type Curve, dayRanges, partly, qualityAt, type Statistics } from "./curve.ts";

/** "0,123 kWh", "–" for a missing value. */
export function valueText(value: number, unit: DisplayUnit, { f }: Locale): string {
  return Number.isNaN(value) ? "–" : `${f.number(value * unit.factor, unit.digits)} ${unit.label}`;
}

/** Time, value and quality of one interval, as it is read out and shown beside the cursor. */
export function intervalWords(curve: Curve, index: number, unit: DisplayUnit, locale: Locale): string {
  const { t, f } = locale;
  const quality = qualityAt(curve, index);
  const when = f.interval(curve.startMs + index * curve.stepMs, curve.stepMs / 1000);
  const isPart = quality === "measured" && ((curve.flags[index] ?? 0) & partly) !== 0;
  const word = t(isPart ? "quality.partly" : `quality.${quality}`);
  return quality === "missing"
    ? `${when} · ${word}`
    : `${when} · ${valueText(curve.values[index]!, unit, locale)} · ${word}`;
}

/** The same for the day that a long view shows as one bar. */
export function dayWords(curve: Curve, index: number, unit: DisplayUnit, locale: Locale): string {
  const { t, f } = locale;
  const day = curve.days[dayIndexAt(curve, index)]!;
  const [range] = dayRanges({ ...curve, days: [day] });
  const end = dayOf(curve.startMs + (day.firstIndex + day.slots) * curve.stepMs - 1, curve.zone);
  const name = end === day.day ? f.day(day.day) : f.days(day.day, addDays(end, 1));
  if (!range || range.present === 0) return `${name} · ${t("quality.missing")}`;
  return [
    name,
    t("chart.range", { min: valueText(range.min, unit, locale), max: valueText(range.max, unit, locale) }),
    t("chart.mean", { value: valueText(range.mean, unit, locale) }),
  ].join(" · ");
}

/** "98.6 % of 96 intervals present, 3 estimated; 1 gap." */
export function coverageWords(statistics: Statistics, { t, f }: Locale): string {
  if (statistics.due === 0) return t("chart.nothing-due");
  // Rounded down: 100 % means that nothing is missing.
  const percent = Math.floor((1000 * Math.min(statistics.present, statistics.due)) / statistics.due) / 10;
  return t("chart.coverage", {
    percent: f.percent(percent),
    count: statistics.due,
    estimated: statistics.estimated,
    gaps: statistics.gaps,
  });
}
