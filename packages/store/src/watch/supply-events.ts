import {
  isVoltageEvent,
  type NamedEvent,
  type PhaseDisturbance,
  type PowerEvent,
  pairPowerEvents,
  pairVoltageEvents,
  type SupplyInterruption,
} from "@energsys/metering";
import { eventTables, findEventName } from "@energsys/metering/models";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { PointCategory } from "../groups/rule.ts";
import { inScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { supplyCodes } from "../validation/outages.ts";

/** What the meter of a point wrote of its supply while it stood there. */
export interface SupplyStory {
  readonly pointId: number;
  readonly interruptions: readonly SupplyInterruption[];
  readonly disturbances: readonly PhaseDisturbance[];
}

const voltageCodes = Object.entries(eventTables).flatMap(([table, names]) =>
  Object.entries(names).flatMap(([code, name]) => (isVoltageEvent(name) ? [`${table}:${code}`] : [])),
);
const down = new Set(supplyCodes.down);
const up = new Set(supplyCodes.up);

/** How long after the period the end of what began in it is looked for. */
const endWithinMs = 45 * 86_400_000;

interface EventRow {
  readonly pointId: number;
  readonly meterId: number;
  readonly installationId: number;
  readonly removed: boolean;
  readonly atMs: number;
  readonly code: string;
}

/**
 * What began in [fromMs, toMs) at these points: times without supply and phases out of their limits, by the meters' own events. An
 * interruption that a meter's removal left open was none; one without a beginning began when the meter was heard of last.
 */
export async function readSupplyStories(
  db: Queryable,
  pointIds: readonly number[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<SupplyStory[]> {
  const { rows } = await db.query<EventRow>(sql`
    select i.point_id as "pointId", i.meter_id as "meterId", i.installation_id as "installationId",
           not upper_inf(i.during) as removed, e.at as "atMs", e.code
    from installation as i join device as d on d.meter_id = i.meter_id
    join event as e on e.device_id = d.device_id and i.during @> e.at
    where i.point_id = any(${numbers(pointIds)}::int[])
      and e.at >= ${instant(fromMs)}::timestamptz and e.at < ${instant(toMs + endWithinMs)}::timestamptz
      and e.code = any(${[...supplyCodes.down, ...supplyCodes.up, ...voltageCodes]}::text[])
    order by i.installation_id, e.at, e.seq`);
  const heard = await readLastHeard(db, withoutBeginning(rows));
  const stories = new Map<
    number,
    { interruptions: SupplyInterruption[]; disturbances: PhaseDisturbance[] }
  >();
  for (const events of Map.groupBy(rows, ({ installationId }) => installationId).values()) {
    const { pointId, meterId, removed } = events[0]!;
    const begunHere = ({ startMs, endMs }: { startMs: number; endMs: number | undefined }) =>
      startMs >= fromMs && startMs < toMs && !(removed && endMs === undefined);
    const story = stories.get(pointId) ?? { interruptions: [], disturbances: [] };
    story.interruptions.push(
      ...pairPowerEvents(powerOf(events), (atMs) => heard.get(`${meterId} ${atMs}`)).filter(begunHere),
    );
    story.disturbances.push(...pairVoltageEvents(namedOf(events)).filter(begunHere));
    stories.set(pointId, story);
  }
  return [...stories].map(([pointId, story]) => ({ pointId, ...story }));
}

const powerOf = (events: readonly EventRow[]): PowerEvent[] =>
  events.flatMap(({ atMs, code }): PowerEvent[] =>
    down.has(code) ? [{ kind: "failed", atMs }] : up.has(code) ? [{ kind: "restored", atMs }] : [],
  );

const namedOf = (events: readonly EventRow[]): NamedEvent[] =>
  events.flatMap(({ atMs, code }) => {
    const name = findEventName(code);
    return name === undefined ? [] : [{ atMs, name }];
  });

/** Returns of supply before which the meter did not say that it was gone. */
function withoutBeginning(rows: readonly EventRow[]): { meterId: number; atMs: number }[] {
  const open = new Map<number, boolean>();
  return rows.flatMap(({ installationId, meterId, atMs, code }) => {
    if (down.has(code)) open.set(installationId, true);
    if (!up.has(code)) return [];
    const begun = open.get(installationId) ?? false;
    open.set(installationId, false);
    return begun ? [] : [{ meterId, atMs }];
  });
}

/** When these meters gave their last sign of life before an instant, by `meter instant`: an event of theirs, or a register that was read. */
async function readLastHeard(
  db: Queryable,
  returns: readonly { readonly meterId: number; readonly atMs: number }[],
): Promise<Map<string, number>> {
  if (returns.length === 0) return new Map();
  const { rows } = await db.query<{ meterId: number; atMs: number; heardMs: number }>(sql`
    select w.meter_id as "meterId", w.at as "atMs", heard.at as "heardMs"
    from unnest(${numbers(returns.map(({ meterId }) => meterId))}::int[],
                ${returns.map(({ atMs }) => instant(atMs))}::timestamptz[]) as w (meter_id, at)
    cross join lateral (
      select greatest(
        (select max(e.at) from event as e join device as d using (device_id)
          where d.meter_id = w.meter_id and e.at < w.at and e.at > w.at - interval '45 days'),
        (select max(r.measured_at) from register_reading as r
          where r.meter_id = w.meter_id and r.measured_at < w.at and r.measured_at > w.at - interval '45 days')) as at
    ) as heard
    where heard.at is not null`);
  return new Map(rows.map(({ meterId, atMs, heardMs }) => [`${meterId} ${atMs}`, heardMs]));
}

/** Where a point hangs in the network: its transformer, or its branch where it is in no transformer's group. */
export interface PointCell {
  readonly pointId: number;
  /** `g4` or `b3`, as the subjects of reports are written. */
  readonly cell: string;
  readonly name: string;
  readonly branchId: number;
  readonly locationId: number;
  readonly phases: number;
  readonly voltage: "low" | "medium" | "high";
  readonly category: PointCategory;
  /** Groups that it is in at any time of the period, and those above them. */
  readonly groupIds: readonly number[];
  /** Branches that it lies in, from its own up. */
  readonly branchIds: readonly number[];
}

/** Cells of these points in a period, of those that the scope holds; the transformer of its end counts. */
export async function readPointCells(
  db: Queryable,
  scope: Scope,
  pointIds: readonly number[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<PointCell[]> {
  const span = sql`tstzrange(${instant(fromMs)}::timestamptz, ${instant(toMs)}::timestamptz)`;
  const { rows } = await db.query<PointCell>(sql`
    with recursive above as (
      select branch_id, branch_id as within, parent_id from branch
      union all
      select above.branch_id, up.branch_id, up.parent_id from above join branch as up on up.branch_id = above.parent_id
    ), path as (
      select branch_id, array_agg(within) as "branchIds" from above group by branch_id
    ), held as (
      select m.point_id, m.group_id from group_member as m
      where m.point_id = any(${numbers(pointIds)}::int[]) and m.ended_by is null and m.during && ${span}
      union
      select held.point_id, r.parent_id from held join group_parent as r using (group_id)
      where r.ended_by is null and r.during && ${span}
    ), groups as (
      select point_id, array_agg(group_id) as "groupIds" from held group by point_id
    ), transformer as (
      select distinct on (m.point_id) m.point_id, g.group_id, g.name from group_member as m join point_group as g using (group_id)
      where m.point_id = any(${numbers(pointIds)}::int[]) and m.ended_by is null and g.kind = 'transformer' and g.removed_at is null
        and m.during && ${span}
      order by m.point_id, lower(m.during) desc
    )
    select p.point_id as "pointId", coalesce('g' || t.group_id, 'b' || l.branch_id) as cell, coalesce(t.name, b.name) as name,
           l.branch_id as "branchId", l.location_id as "locationId", p.phases, p.voltage, p.category,
           coalesce(groups."groupIds", '{}') as "groupIds", path."branchIds"
    from point as p join location as l using (location_id) join branch as b using (branch_id) join path using (branch_id)
    left join groups using (point_id) left join transformer as t using (point_id)
    where p.point_id = any(${numbers(pointIds)}::int[]) and ${inScope(scope)}
    order by p.point_id`);
  return rows;
}
