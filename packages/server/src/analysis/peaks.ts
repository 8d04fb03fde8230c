import { marketDayOf, notGood } from "@energsys/metering";
import {
  type Counted,
  type Energy,
  energies,
  type Period,
  queryContext,
  readAttributes,
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
import { coverageOf } from "./series.ts";

/** Days whose greatest interval is shown with who made it. */
const togetherMax = 10;
const sharesMax = 5;

/** A time that peaks are compared with, and what counted in the subject then. */
export interface Former {
  readonly period: Period;
  readonly counted: Counted;
}

/**
 * Greatest interval of each point, with the point's approved power of then and its greatest of a former time; of all together by month, and by
 * day with who brought most.
 */
export async function readPeaks(
  services: Services,
  scope: Scope,
  { counted }: Named,
  request: Period & { readonly energy: Energy; readonly limit: number; readonly before: Former | undefined },
) {
  const { energy, limit, before, ...period } = request;
  checkSize(services, [counted], period);
  if (before) checkSize(services, [before.counted], before.period);
  const { db } = services;
  const obis = energies[energy];
  const peaks = await readTopPeaks(db, counted, { ...period, obis, limit });
  const [series] = await readSeries(queryContext(db), [counted], { ...period, obis });
  const slots = series ? greatestByDay(series) : [];
  const ordered = slots.toSorted((a, b) => series!.values[b]! - series!.values[a]! || a - b);
  const greatest = (counted.subject.kind === "point" ? [] : ordered.slice(0, togetherMax)).map((slot) =>
    intervalOf(series!, slot),
  );
  const shares = await readShares(db, counted, {
    obis,
    startsMs: greatest.map(({ start }) => Date.parse(start)),
    zone: period.zone,
  });
  const together = greatest.map((interval, nth) => ({
    ...interval,
    shares: shares[nth]!.flatMap((share) =>
      share.value === null ? [] : { ...share, value: share.value },
    ).slice(0, sharesMax),
  }));
  const ids = new Set([
    ...peaks.map(({ pointId }) => pointId),
    ...together.flatMap(({ shares }) => shares.map(({ pointId }) => pointId)),
  ]);
  const names = new Map((await readPointRows(db, scope, [...ids])).map((row) => [row.pointId, row]));
  const named = <Row extends { readonly pointId: number }>(row: Row) => {
    const point = names.get(row.pointId);
    return point ? [{ ...row, pod: point.pod, name: point.name }] : [];
  };
  const own = peaks.map(({ pointId }) => pointId);
  // Approved is what may be taken; it says nothing of reactive energy or of what is fed in.
  const attributes = energy === "A+" ? await readAttributes(db, own) : undefined;
  const former = before && (await formerOf(services, own, before, obis));
  return {
    unit: series?.unit ?? "Wh",
    coverage: series ? coverageOf(series) : { expected: 0, present: 0, good: 0, estimated: 0 },
    points: peaks.flatMap(named).map(({ pointId, pod, name, value, scale, stepSeconds, startMs, flags }) => ({
      ...{ pointId, pod, name, value, scale, stepSeconds, flags },
      start: iso(startMs),
      approvedPowerW: attributes?.at(pointId, startMs)?.approvedPowerW ?? null,
      before: former?.points.get(pointId) ?? null,
    })),
    months: monthsOf(series, slots, period.zone),
    before: former?.greatest ?? null,
    together: together.map((peak) => ({
      ...peak,
      shares: peak.shares
        .flatMap(named)
        .map(({ pointId, pod, name, value, scale }) => ({ pointId, pod, name, value, scale })),
    })),
  };
}

/** The greatest interval of these points in a former time, and that of all together. */
async function formerOf(
  services: Services,
  pointIds: readonly number[],
  { period, counted }: Former,
  obis: string,
) {
  const context = queryContext(services.db);
  const wanted = new Set(pointIds);
  const sources = counted.sources.filter(({ pointId }) => wanted.has(pointId));
  const peaks = await readTopPeaks(
    services.db,
    { ...counted, sources },
    { ...period, obis, limit: Math.max(1, wanted.size) },
  );
  const [series] = await readSeries(context, [counted], { ...period, obis });
  const slots = series ? greatestByDay(series) : [];
  const best = slots.reduce<number | undefined>(
    (most, slot) => (most === undefined || series!.values[slot]! > series!.values[most]! ? slot : most),
    undefined,
  );
  return {
    points: new Map(
      peaks.map(({ pointId, value, scale, stepSeconds, startMs }) => [
        pointId,
        { value, scale, stepSeconds, start: iso(startMs) },
      ]),
    ),
    greatest: best === undefined ? null : intervalOf(series!, best),
  };
}

const intervalOf = (series: Series, slot: number) => ({
  value: series.values[slot]!,
  scale: series.scale,
  stepSeconds: series.stepSeconds,
  start: iso(series.startMs + slot * series.stepSeconds * 1000),
  expected: series.expected[slot]!,
  present: series.present[slot]!,
});

/** The greatest interval of each month, of those of its days. */
function monthsOf(series: Series | undefined, slots: readonly number[], zone: string) {
  const best = new Map<string, number>();
  for (const slot of slots) {
    const startMs = series!.startMs + slot * series!.stepSeconds * 1000;
    const month = marketDayOf(startMs, zone).date.slice(0, 7);
    const most = best.get(month);
    if (most === undefined || series!.values[slot]! > series!.values[most]!) best.set(month, slot);
  }
  return [...best].map(([month, slot]) => ({ month, ...intervalOf(series!, slot) }));
}

/** Slots of the greatest interval of each day, in order. What holds a refused value is no peak. */
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
  return slots;
}
