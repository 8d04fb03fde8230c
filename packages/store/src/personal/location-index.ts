import { searchText } from "../search-text.ts";
import { sql } from "../sql.ts";
import { asCode, asWritten, indexesOf } from "./personal-index.ts";
import { openLocations } from "./place-of-point.ts";

/** Orders of the list of locations that go by what is remembered. */
export const locationSorts = ["address", "code"] as const;
export type LocationSort = (typeof locationSorts)[number];

/** The index of a database's locations, brought up to date: address, code, note, numbers of seals and marks of keys. */
export const locationIndexOf = indexesOf<
  { readonly address: string; readonly code: string; readonly text: string },
  LocationSort
>({
  orders: { address: asWritten, code: asCode },

  async changedSince(db, horizon) {
    const { rows } = await db.query<{ id: number }>(
      sql`select location_id as id from location where changed_in >= ${horizon}::xid8 or ${horizon} = '0'`,
    );
    return rows.map(({ id }) => id);
  },

  async open(db, ring, ids) {
    const { rows } = await db.query<{
      locationId: number;
      code: string | null;
      sealed: Buffer | null;
      fitted: string | null;
    }>(sql`
      select location_id as "locationId", code, sealed, (
        select string_agg(concat_ws(' ', number, key_mark), ' ') from location_fitting as f
        where f.location_id = location.location_id and withdrawn_at is null) as fitted
      from location where location_id = any(${ids}::int[])`);
    const places = await openLocations(ring, rows);
    return new Map(
      rows.map(({ locationId, code, fitted }, nth) => {
        const { address, note } = places[nth]!;
        return [
          locationId,
          { address, code: code ?? "", text: searchText(address, code ?? "", note, fitted ?? "") },
        ];
      }),
    );
  },
});
