import {
  energies,
  findEnergies,
  type Period,
  queryContext,
  readMaxima,
  readSeries,
  type Series,
  statisticsOfSeries,
} from "@energsys/store";
import { iso } from "../instants.ts";
import type { StatisticsRows } from "../schemas/analysis.ts";
import type { Services } from "../services.ts";
import { checkSize, type Named } from "./asked.ts";

/** Total, greatest, least and mean of every energy that a subject's points count. */
export async function readStatistics(
  services: Services,
  { counted }: Named,
  period: Period,
): Promise<StatisticsRows> {
  checkSize(services, [counted], period);
  const { db } = services;
  const rows: StatisticsRows = [];
  for (const energy of await findEnergies(db, [counted])) {
    const obis = energies[energy];
    const [series] = await readSeries(queryContext(db), [counted], { ...period, obis });
    if (!series) continue;
    const { total, max, min, intervals, ...coverage } = statisticsOfSeries(series);
    const peaks = await readMaxima(db, counted, { ...period, obis });
    rows.push({
      energy,
      unit: series.unit,
      scale: series.scale,
      stepSeconds: series.stepSeconds,
      total: total?.toString() ?? null,
      intervals,
      max: placed(series, max),
      min: placed(series, min),
      sumOfMaxima: sumOf(peaks, series),
      coverage,
    });
  }
  return rows;
}

const placed = (series: Series, extreme: { value: number; at: number } | null) =>
  extreme && {
    value: extreme.value,
    start: iso(series.startMs + extreme.at * series.stepSeconds * 1000),
  };

/** The sum of the points' own maxima, in the scale of the series; none where a point is measured in other intervals. */
function sumOf(
  peaks: readonly { readonly value: number; readonly scale: number; readonly stepSeconds: number }[],
  series: Series,
): string | null {
  if (peaks.length === 0) return null;
  let sum = 0n;
  for (const { value, scale, stepSeconds } of peaks) {
    if (stepSeconds !== series.stepSeconds || scale < series.scale) return null;
    sum += BigInt(value) * 10n ** BigInt(scale - series.scale);
  }
  return sum.toString();
}
