import { sumZones, type ZoneSums } from "@energsys/metering";
import { type Energy, energies, unitOf } from "../query/energies.ts";
import type { Period } from "../query/frame.ts";
import { type QueryContext, readNetSeries, readSeries, type Series } from "../query/index.ts";
import type { Counted } from "../query/subjects.ts";
import { readTariffAssignments } from "./assignments.ts";
import { Calendars, partsByTariff, type RatedPart, ratedSeries } from "./rated.ts";
import { needTariff, readTariffs, type Tariff } from "./tariffs.ts";

export type RatedEnergy = Energy | "net";

/** One energy of a subject by rate. Energies are integers × 10^scale of the unit. */
export interface MultiRateEnergy extends ZoneSums {
  readonly energy: RatedEnergy;
  readonly unit: string;
  readonly scale: number;
  readonly stepSeconds: number;
}

export interface MultiRate {
  readonly energies: readonly MultiRateEnergy[];
  /** Tariffs whose calendars were used. */
  readonly tariffs: readonly Tariff[];
}

export interface MultiRateRequest extends Period {
  readonly energies: readonly RatedEnergy[];
  readonly by: "day" | "month";
  /** All is rated by this one, as if every point had it; each point by its own without it. */
  readonly tariffId?: number;
}

/** The parts of a subject that are rated alike, and the tariffs that rate them. @throws StoreError `tariff.not-found` */
export async function readRatedParts(
  db: QueryContext["db"],
  counted: Counted,
  { tariffId, ...period }: Period & { readonly tariffId?: number },
): Promise<{ readonly parts: readonly RatedPart[]; readonly tariffs: readonly Tariff[] }> {
  const points = [...new Set(counted.sources.map(({ pointId }) => pointId))];
  if (tariffId !== undefined) {
    const tariff = await needTariff(db, tariffId);
    const every = points.map((pointId) => ({ pointId, tariffId, validFrom: period.fromDay }));
    return {
      parts: partsByTariff(counted, every, new Map([[tariffId, tariff]]), period),
      tariffs: [tariff],
    };
  }
  const assignments = await readTariffAssignments(db, points, period);
  const tariffs = await readTariffs(db, [...new Set(assignments.map((each) => each.tariffId))]);
  return { parts: partsByTariff(counted, assignments, tariffs, period), tariffs: [...tariffs.values()] };
}

/** Energies of a subject by rate, over the period and by day or month, each point by the tariff that it has on the day. */
export async function readMultiRate(
  context: QueryContext,
  counted: Counted,
  request: MultiRateRequest,
): Promise<MultiRate> {
  const { parts, tariffs } = await readRatedParts(context.db, counted, request);
  const calendars = new Calendars(request.zone);
  const bucketOf = (date: string) => (request.by === "day" ? date : date.slice(0, 7));
  const rated: MultiRateEnergy[] = [];
  for (const energy of request.energies) {
    const series = await readRatedSeries(context, parts, energy, request);
    const { scale, rated: list } = ratedSeries(parts, series, calendars, request.zone);
    rated.push({
      energy,
      unit: energy === "net" ? "Wh" : unitOf(energies[energy]),
      scale,
      stepSeconds: series[0]?.stepSeconds ?? 900,
      ...sumZones(list, bucketOf),
    });
  }
  return { energies: rated, tariffs };
}

/** One series per part; net is import less export by interval, before it is rated. */
export async function readRatedSeries(
  context: QueryContext,
  parts: readonly RatedPart[],
  energy: RatedEnergy,
  period: Period,
): Promise<Series[]> {
  const counted = parts.map((part) => part.counted);
  return energy === "net"
    ? readNetSeries(context, counted, period)
    : readSeries(context, counted, { ...period, obis: energies[energy] });
}
