import { type ProfileReading, unpackDay } from "@energsys/metering";
import type { Database } from "../database.ts";
import { type Delivery, repeatOnConflict, type StoreContext } from "../deliveries.ts";
import { readDayRows } from "../load-day-rows.ts";
import { collectMeterDays } from "../meter-days.ts";
import { channelKey, loadMeters, type Network } from "../network.ts";

/** How values of a file compare with those that are stored. */
export interface Comparison {
  readonly meterId: number;
  intervals: number;
  /** Not stored yet. */
  added: number;
  /** Stored with another value. */
  differ: number;
}

/** Compares the profiles of deliveries with what is stored, by meter; nothing is written. */
export function compareProfiles(
  db: Database,
  deliveries: readonly Delivery[],
  context: StoreContext,
): Promise<Map<number, Comparison>> {
  // What this process knows of installations may be of before an exchange that another wrote.
  return repeatOnConflict(db, (network) => compareBy(db, network, deliveries, context));
}

async function compareBy(
  db: Database,
  network: Network,
  deliveries: readonly Delivery[],
  context: StoreContext,
): Promise<Map<number, Comparison>> {
  const found = new Map<number, Comparison>();
  const of = (meterId: number): Comparison => {
    const known = found.get(meterId) ?? { meterId, intervals: 0, added: 0, differ: 0 };
    found.set(meterId, known);
    return known;
  };
  await loadMeters(
    db,
    network,
    deliveries.flatMap(({ meterId }) => (meterId === null ? [] : [meterId])),
  );
  // A column of which nothing was ever stored has no channel yet: all of it is new.
  const known = deliveries.map((delivery) => ({
    ...delivery,
    profiles: delivery.profiles.flatMap((profile) => {
      const meter = network.meters.get(delivery.meterId ?? -1);
      const isKnown = profile.columns.map(({ obis, kind }) =>
        meter?.channels.has(channelKey(obis, profile.periodSeconds, kind)),
      );
      profile.columns.forEach((_, column) => {
        if (isKnown[column] || delivery.meterId === null) return;
        const count = presentIn(profile, column);
        of(delivery.meterId).intervals += count;
        of(delivery.meterId).added += count;
      });
      const columns = profile.columns.filter((_, column) => isKnown[column]);
      return columns.length === 0
        ? []
        : [{ ...profile, columns, values: profile.values.filter((_, column) => isKnown[column]) }];
    }),
  }));
  const { days } = collectMeterDays(network, known, context);
  const stored = await readDayRows(db, days);
  days.forEach(({ meterId, slots }, nth) => {
    const row = stored[nth];
    const before = row && unpackDay(row.v, row.q, slots.values.length);
    const sum = of(meterId);
    slots.values.forEach((value, slot) => {
      if (Number.isNaN(value)) return;
      sum.intervals++;
      const other = before?.values[slot] ?? Number.NaN;
      if (Number.isNaN(other)) sum.added++;
      else if (other !== value) sum.differ++;
    });
  });
  return found;
}

const presentIn = (profile: ProfileReading, column: number): number =>
  profile.values[column]?.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + 1), 0) ?? 0;
