import type { Queryable } from "../database.ts";
import { withPointNames } from "../personal/with-names.ts";
import { instant, type Sql, sql } from "../sql.ts";
import { type DevicePlaces, deviceOfSubject } from "./places.ts";

export interface EventFilter extends DevicePlaces {
  readonly fromMs: number;
  readonly toMs: number;
  readonly zone: string;
  /** Only these codes; all when absent. */
  readonly codes?: readonly string[];
  readonly deviceId?: number;
}

/** Events of one code on one market day. */
export interface EventCount {
  readonly day: string;
  readonly code: string;
  readonly count: number;
  readonly devices: number;
}

/** One event with where its device's meter stood then. Instants are epoch ms. */
export interface PlacedEvent {
  readonly deviceId: number;
  readonly identity: string;
  readonly atMs: number;
  readonly code: string;
  readonly seq: number;
  readonly receivedAtMs: number;
  readonly pointId: number | null;
  readonly pod: string | null;
  readonly branchId: number | null;
  readonly groupIds: readonly number[];
  readonly acknowledgedBy: string | null;
  readonly note: string | null;
  readonly endedAtMs: number | null;
}

const matches = (filter: EventFilter): Sql => sql`
  e.at >= ${instant(filter.fromMs)}::timestamptz and e.at < ${instant(filter.toMs)}::timestamptz
  and (${filter.codes ?? null}::text[] is null or e.code = any(${filter.codes ?? null}::text[]))
  and (${filter.deviceId ?? null}::int is null or e.device_id = ${filter.deviceId ?? null}::int)
  and ${deviceOfSubject(filter, "e.device_id", "e.at")}`;

/** How many events of each code there were on each day. */
export async function countEvents(db: Queryable, filter: EventFilter): Promise<EventCount[]> {
  const { rows } = await db.query<EventCount>(sql`
    select (e.at at time zone ${filter.zone})::date::text as day, e.code, count(*)::int as count,
           count(distinct e.device_id)::int as devices
    from event as e where ${matches(filter)}
    group by 1, 2 order by 1 desc, 3 desc, 2`);
  return rows;
}

/** Events with their places, the newest first; `endings` are codes that end others, by the code that they end. */
export async function listPlacedEvents(
  db: Queryable,
  filter: EventFilter,
  { limit, endings }: { limit: number; endings: ReadonlyMap<string, string> },
): Promise<PlacedEvent[]> {
  const { rows } = await db.query<Omit<PlacedEvent, "pod"> & { sealed: Buffer | null }>(sql`
    select e.device_id as "deviceId", d.identity, e.at as "atMs", e.code, e.seq, e.received_at as "receivedAtMs",
           p.point_id as "pointId", p.sealed, coalesce(l.branch_id, own.branch_id, behind.branch_id) as "branchId",
           array(select m.group_id from group_member as m
             where m.point_id = p.point_id and m.ended_by is null and m.during @> e.at) as "groupIds",
           k.acknowledged_by as "acknowledgedBy", k.note,
           (select min(x.at) from event as x where x.device_id = e.device_id and x.code = ending.code and x.at > e.at) as "endedAtMs"
    from event as e join device as d on d.device_id = e.device_id
    left join unnest(${[...endings.keys()]}::text[], ${[...endings.values()]}::text[]) as ending (of, code) on ending.of = e.code
    left join installation as i on i.meter_id = d.meter_id and i.during @> e.at
    left join point as p on p.point_id = i.point_id left join location as l on l.location_id = p.location_id
    left join gateway as own on own.device_id = e.device_id left join gateway as behind on behind.gateway_id = d.gateway_id
    left join event_acknowledgement as k on (k.device_id, k.at, k.code, k.seq) = (e.device_id, e.at, e.code, e.seq)
    where ${matches(filter)}
    order by e.at desc, e.device_id, e.code, e.seq limit ${limit}`);
  return (await withPointNames(db, rows)).map(({ name: _, ...row }) => row);
}
