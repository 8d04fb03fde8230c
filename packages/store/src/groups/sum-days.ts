import type { Queryable } from "../database.ts";
import { type GroupDay, sumSources } from "../query/sum-sources.ts";
import { isExpected, readSourceChannels, readSources } from "./sources.ts";

/**
 * Sums groups from the days of their points, [fromDay, toDay), as the database is now: each slot of each source with its sign. Days on
 * which no source of a group has a value are left out.
 */
export async function sumGroupDays(
  db: Queryable,
  groupIds: readonly number[],
  fromDay: string,
  toDay: string,
  zone: string,
): Promise<GroupDay[]> {
  const sources = await readSources(db, groupIds, fromDay, toDay);
  const channels = await readSourceChannels(db, [...new Set(sources.map(({ pointId }) => pointId))]);
  const expects = ({ direction }: (typeof sources)[number], obis: string) => isExpected(direction, obis);
  return sumSources(db, { sources, channels, fromDay, toDay, zone, slotSeconds: 900, expects });
}
