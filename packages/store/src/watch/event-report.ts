import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { groupInScope } from "../groups/registry.ts";
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
  /** Only of meters while they stood at these points, and only in these times of each, such as those of somebody's contracts. */
  readonly times?: readonly PointTime[];
}

/** A time of a point, [fromMs, toMs); without an end while it goes on. */
export interface PointTime {
  readonly pointId: number;
  readonly fromMs: number;
  readonly toMs: number | null;
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
  /** Reason of the works that were announced for that place and time. */
  readonly works: string | null;
  readonly acknowledgedBy: string | null;
  readonly note: string | null;
  readonly endedAtMs: number | null;
}

const matches = (filter: EventFilter): Sql => sql`
  e.at >= ${instant(filter.fromMs)}::timestamptz and e.at < ${instant(filter.toMs)}::timestamptz
  and (${filter.codes ?? null}::text[] is null or e.code = any(${filter.codes ?? null}::text[]))
  and (${filter.deviceId ?? null}::int is null or e.device_id = ${filter.deviceId ?? null}::int)
  and ${deviceOfSubject(filter, "e.device_id", "e.at")}
  and ${filter.times ? withinTimes(filter.times) : sql`true`}`;

const withinTimes = (times: readonly PointTime[]): Sql => sql`exists (
  select from unnest(${numbers(times.map(({ pointId }) => pointId))}::int[],
                     ${times.map(({ fromMs }) => instant(fromMs))}::timestamptz[],
                     ${times.map(({ toMs }) => (toMs === null ? null : instant(toMs)))}::timestamptz[]) as own (point_id, starts, ends)
  join installation as stood on stood.point_id = own.point_id and stood.during @> e.at
  join device as placed on placed.meter_id = stood.meter_id
  where placed.device_id = e.device_id and e.at >= own.starts and (own.ends is null or e.at < own.ends))`;

/** Events with where their devices stood then: the meter's point (p), the branch (place), and the works announced there (works). */
const placed = (filter: EventFilter): Sql => sql`
  event as e join device as d on d.device_id = e.device_id
  left join installation as i on i.meter_id = d.meter_id and i.during @> e.at
  left join point as p on p.point_id = i.point_id left join location as l on l.location_id = p.location_id
  left join gateway as own on own.device_id = e.device_id left join gateway as behind on behind.gateway_id = d.gateway_id
  cross join lateral (select coalesce(l.branch_id, own.branch_id, behind.branch_id) as branch_id) as place
  left join lateral (
    select w.reason from planned_work as w
    where w.withdrawn_at is null and w.during @> e.at
      and case when w.group_id is null
        then ${groupInScope(filter.scope, "w")} and w.branch_id in (
          with recursive above as (
            select place.branch_id
            union all
            select b.parent_id from above join branch as b using (branch_id) where b.parent_id is not null
          )
          select branch_id from above)
        else exists (select from point_group as g where g.group_id = w.group_id and ${groupInScope(filter.scope)})
          and exists (select from group_member as m where m.group_id = w.group_id and m.point_id = p.point_id
                      and m.ended_by is null and m.during @> e.at)
        end
    order by lower(w.during), w.planned_work_id limit 1
  ) as works on true`;

/** How many events of each code there were on each day. */
export async function countEvents(db: Queryable, filter: EventFilter): Promise<EventCount[]> {
  const { rows } = await db.query<EventCount>(sql`
    select (e.at at time zone ${filter.zone})::date::text as day, e.code, count(*)::int as count,
           count(distinct e.device_id)::int as devices
    from event as e where ${matches(filter)}
    group by 1, 2 order by 1 desc, 3 desc, 2`);
  return rows;
}

/** How many events there were, and how many of them no announced works explain. */
export async function countUnexplained(
  db: Queryable,
  filter: EventFilter,
): Promise<{ readonly count: number; readonly alone: number }> {
  const { rows } = await db.query<{ count: number; alone: number }>(sql`
    select count(*)::int as count, (count(*) filter (where works.reason is null))::int as alone
    from ${placed(filter)} where ${matches(filter)}`);
  return rows[0]!;
}

/** Events with their places, the newest first; `endings` are codes that end others, by the code that they end. */
export async function listPlacedEvents(
  db: Queryable,
  filter: EventFilter,
  { limit, endings }: { limit: number; endings: ReadonlyMap<string, string> },
): Promise<PlacedEvent[]> {
  const { rows } = await db.query<Omit<PlacedEvent, "pod"> & { sealed: Buffer | null }>(sql`
    select e.device_id as "deviceId", d.identity, e.at as "atMs", e.code, e.seq, e.received_at as "receivedAtMs",
           p.point_id as "pointId", p.sealed, place.branch_id as "branchId", works.reason as works,
           k.acknowledged_by as "acknowledgedBy", k.note,
           (select min(x.at) from event as x where x.device_id = e.device_id and x.code = ending.code and x.at > e.at) as "endedAtMs"
    from ${placed(filter)}
    left join unnest(${[...endings.keys()]}::text[], ${[...endings.values()]}::text[]) as ending (of, code) on ending.of = e.code
    left join event_acknowledgement as k on (k.device_id, k.at, k.code, k.seq) = (e.device_id, e.at, e.code, e.seq)
    where ${matches(filter)}
    order by e.at desc, e.device_id, e.code, e.seq limit ${limit}`);
  return (await withPointNames(db, rows)).map(({ name: _, ...row }) => row);
}
