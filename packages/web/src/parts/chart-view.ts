import type { Curve } from "./curve.ts";

/** Intervals shown, `to` exclusive. */
export interface ChartView {
  readonly from: number;
  readonly to: number;
}

/** Longer views are drawn by day: least to largest, and mean. */
export const rawDaysMax = 14;
const leastIntervals = 8;

export function isDaily(curve: Curve, view: ChartView): boolean {
  if (curve.resolution) return curve.resolution === "buckets";
  return (view.to - view.from) * curve.stepMs > rawDaysMax * 86_400_000 + 3_600_000;
}

export function wholeView(curve: Curve): ChartView {
  return { from: 0, to: curve.values.length };
}

/** A view of sound size inside the curve. */
export function fitView(curve: Curve, from: number, to: number): ChartView {
  const count = curve.values.length;
  const size = Math.min(count, Math.max(leastIntervals, Math.round(to - from)));
  const start = Math.max(0, Math.min(count - size, Math.round(from)));
  return { from: start, to: start + size };
}

/** Half or twice as much, around the cursor. */
export function zoomView(curve: Curve, view: ChartView, factor: number, around: number): ChartView {
  const size = Math.max(leastIntervals, (view.to - view.from) * factor);
  const share = (around - view.from) / Math.max(1, view.to - view.from);
  const inside = share >= 0 && share <= 1 ? share : 0.5;
  const middle = view.from + inside * (view.to - view.from);
  return fitView(curve, middle - inside * size, middle + (1 - inside) * size);
}

export function panView(curve: Curve, view: ChartView, share: number): ChartView {
  const step = Math.round((view.to - view.from) * share);
  return fitView(curve, view.from + step, view.to + step);
}

/** The smallest move that brings the cursor into view. */
export function reveal(curve: Curve, view: ChartView, index: number): ChartView {
  if (index >= view.from && index < view.to) return view;
  const size = view.to - view.from;
  return index < view.from
    ? fitView(curve, index, index + size)
    : fitView(curve, index + 1 - size, index + 1);
}

export function dayIndexAt(curve: Curve, index: number): number {
  let low = 0;
  let high = curve.days.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (curve.days[middle]!.firstIndex <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a key takes the cursor: by interval (by day in a daily view), by day, to the ends; same time of day where it exists. */
export function moveCursor(curve: Curve, index: number, key: string, daily: boolean): number | undefined {
  const last = curve.values.length - 1;
  const clamp = (to: number) => Math.max(0, Math.min(last, to));
  const byDay = (days: number) => {
    const day = dayIndexAt(curve, index);
    const target = curve.days[Math.max(0, Math.min(curve.days.length - 1, day + days))]!;
    const slot = index - curve.days[day]!.firstIndex;
    return clamp(target.firstIndex + Math.min(slot, target.slots - 1));
  };
  switch (key) {
    case "ArrowRight":
      return daily ? byDay(1) : clamp(index + 1);
    case "ArrowLeft":
      return daily ? byDay(-1) : clamp(index - 1);
    case "PageDown":
      return byDay(daily ? 7 : 1);
    case "PageUp":
      return byDay(daily ? -7 : -1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
