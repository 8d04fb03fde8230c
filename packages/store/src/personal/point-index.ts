import { searchText } from "../search-text.ts";
import { sql } from "../sql.ts";
import { asCode, asWritten, indexesOf } from "./personal-index.ts";
import { openLocations, openPoints } from "./place-of-point.ts";

/** Orders of the list that the database cannot give, since it cannot read what they go by. */
export const personalSorts = ["pod", "name", "address"] as const;
export type PersonalSort = (typeof personalSorts)[number];

interface Entry {
  readonly locationId: number;
  readonly pod: string;
  readonly name: string;
  readonly address: string;
  /** All three and, of the equipment, branch, serial number and identity; folded. */
  readonly text: string;
}

/** The index of a database's points, brought up to date. @throws StoreError `secret.key-missing`, `secret.unreadable` */
export const pointIndexOf = indexesOf<Entry, PersonalSort>({
  orders: { pod: asCode, name: asWritten, address: asWritten },

  async changedSince(db, horizon) {
    const { rows } = await db.query<{ pointId: number }>(
      horizon === "0"
        ? sql`select point_id as "pointId" from point`
        : sql`
            select point_id as "pointId" from point where changed_in >= ${horizon}::xid8
            union
            select point_id from location join point using (location_id) where location.changed_in >= ${horizon}::xid8`,
    );
    return rows.map(({ pointId }) => pointId);
  },

  async open(db, ring, pointIds) {
    const { rows } = await db.query<{
      pointId: number;
      locationId: number;
      names: Buffer | null;
      place: Buffer | null;
      equipment: string;
    }>(sql`
      select point_id as "pointId", location_id as "locationId", p.sealed as names, l.sealed as place,
        p.search_text as equipment
      from point as p join location as l using (location_id) where point_id = any(${pointIds}::int[])`);
    const [points, places] = await Promise.all([
      openPoints(
        ring,
        rows.map(({ pointId, names }) => ({ pointId, sealed: names })),
      ),
      openLocations(
        ring,
        rows.map(({ locationId, place }) => ({ locationId, sealed: place })),
      ),
    ]);
    return new Map(
      rows.map(({ pointId, locationId, equipment }, nth) => {
        const { pod, name } = points[nth]!;
        const { address } = places[nth]!;
        return [pointId, { locationId, pod, name, address, text: searchText(pod, name, address, equipment) }];
      }),
    );
  },
});
