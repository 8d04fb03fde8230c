import { marketDayOf, notGood } from "@energsys/metering";
import {
  type Energy,
  energies,
  type Period,
  queryContext,
  readPointRows,
  readSeries,
  readShares,
  readTopPeaks,
  type Scope,
  type Series,
} from "@energsys/store";
import { iso } from "../instants.ts";
import type { Services } from "../services.ts";
import { checkSize, type Named } from "./asked.ts";

/** Days whose greatest interval is shown with who made it. */
const togetherMax = 10;
const sharesMax = 5;

/** Greatest interval of each point, and of all together by day with who brought most. */
export async function readPeaks(
  services: Services,
  scope: Scope,
  { counted }: Named,
  { energy, limit, ...period }: Period & { readonly energy: Energy; readonly limit: number },
) {
  checkSize(services, [counted], period);
  const { db } = services;
  const obis = energies[energy];
  const peaks = await readTopPeaks(db, counted, { ...period, obis, limit });
  const [series] = await readSeries(queryContext(db), [counted], { ...period, obis });
  const slots = counted.subject.kind === "point" || !series ? [] : greatestByDay(series);
  const together = [];
  for (const slot of slots) {
    const startMs = series!.startMs + slot * series!.stepSeconds * 1000;
    const { date } = marketDayOf(startMs, period.zone);
    const shares = await readShares(db, counted, { obis, startMs, zone: period.zone, day: date });
    together.push({
      value: series!.values[slot]!,
      scale: series!.scale,
      stepSeconds: series!.stepSeconds,
      start: iso(startMs),
      expected: series!.expected[slot]!,
      present: series!.present[slot]!,
      shares: shares
        .flatMap((share) => (share.value === null ? [] : { ...share, value: share.value }))
        .slice(0, sharesMax),
    });
  }
  const ids = new Set([
    ...peaks.map(({ pointId }) => pointId),
    ...together.flatMap(({ shares }) => shares.map(({ pointId }) => pointId)),
  ]);
  const names = new Map((await readPointRows(db, scope, [...ids])).map((row) => [row.pointId, row]));
  const named = <Row extends { readonly pointId: number }>(row: Row) => {
    const point = names.get(row.pointId);
    return point ? [{ ...row, pod: point.pod, name: point.name }] : [];
  };
  return {
    unit: series?.unit ?? "Wh",
    points: peaks.flatMap(named).map(({ pointId, pod, name, value, scale, stepSeconds, startMs, flags }) => ({
      ...{ pointId, pod, name, value, scale, stepSeconds, flags },
      start: iso(startMs),
    })),
    together: together.map((peak) => ({
      ...peak,
      shares: peak.shares
        .flatMap(named)
        .map(({ pointId, pod, name, value, scale }) => ({ pointId, pod, name, value, scale })),
    })),
  };
}

/** Slots of the greatest interval of each day, greatest first. What holds a refused value is no peak. */
function greatestByDay(series: Series): number[] {
  const slots: number[] = [];
  for (const { first, slots: count } of series.days) {
    let best = -1;
    for (let slot = first; slot < first + count; slot++) {
      const value = series.values[slot]!;
      if (Number.isNaN(value) || (series.flags[slot]! & notGood) !== 0) continue;
      if (best < 0 || value > series.values[best]!) best = slot;
    }
    if (best >= 0) slots.push(best);
  }
  return slots.sort((a, b) => series.values[b]! - series.values[a]! || a - b).slice(0, togetherMax);
}
