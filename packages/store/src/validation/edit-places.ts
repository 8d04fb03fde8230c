import { unpackDay } from "@energsys/metering";
import { numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { withPointNames } from "../personal/with-names.ts";
import { sql } from "../sql.ts";
import type { ValueEdit } from "./edits.ts";

/** Where an edit is, and what counts on its day now. */
export interface EditPlace {
  readonly pod: string;
  readonly name: string;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
  /** By slot, in the channel's integers; empty where the day is not stored. */
  readonly counted: readonly (number | null)[];
}

/** At the index of each edit. */
export async function readEditPlaces(db: Queryable, edits: readonly ValueEdit[]): Promise<EditPlace[]> {
  if (edits.length === 0) return [];
  const { rows } = await db.query<{
    pointId: number;
    sealed: Buffer | null;
    unit: string;
    scale: number;
    periodSeconds: number;
    slots: number | null;
    v: Buffer | null;
    q: Buffer | null;
  }>(sql`
    select point.point_id as "pointId", point.sealed, channel.unit, channel.scale, channel.period_s as "periodSeconds",
      load_day.slots, load_day.v, load_day.q
    from unnest(${numbers(edits.map(({ channelId }) => channelId))}::int[], ${words(edits.map(({ day }) => day))}::date[])
      with ordinality as wanted (channel_id, day, n)
    join channel using (channel_id) join point using (point_id)
    left join load_day on load_day.channel_id = wanted.channel_id and load_day.day = wanted.day
    order by n`);
  return (await withPointNames(db, rows)).map(({ pod, name, unit, scale, periodSeconds, slots, v, q }) => ({
    pod: pod ?? "",
    name: name ?? "",
    unit,
    scale,
    periodSeconds,
    counted:
      slots === null || v === null
        ? []
        : Array.from(unpackDay(v, q, slots).values, (value) => (Number.isNaN(value) ? null : value)),
  }));
}
