import {
  type Evidence,
  type LossCell,
  type LossMember,
  lossLaw,
  type Ranking,
  rankSuspects,
  type TamperKind,
} from "@energsys/metering";
import { findEventName } from "@energsys/metering/models";
import { numbers } from "../arrays.ts";
import { branchWithin } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { readGroupCurve } from "../groups/curve.ts";
import { readRatings } from "../groups/ratings.ts";
import {
  exportCode,
  importCode,
  isExpected,
  readSourceChannels,
  readSources,
  type Source,
} from "../groups/sources.ts";
import { endedDays, type Period } from "../query/frame.ts";
import type { QueryContext } from "../query/series.ts";
import { type GroupDay, sumSources } from "../query/sum-sources.ts";
import { inScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { settledVersion } from "./settled-version.ts";

/** Who of a group explains its loss, and the curves that show it. */
export interface GroupSuspects {
  readonly ranking: Ranking<number>;
  /** Whole days that were looked at. */
  readonly days: readonly string[];
  /** What is lost by day over the quarter-hours in which both sides are known, Wh. */
  readonly dailyLossWh: readonly number[];
  /** What each suspect counted by day, Wh; NaN where nothing is known. */
  readonly dailyWh: ReadonlyMap<number, readonly number[]>;
  /** Points that were looked at: members, and how many in no transformer nearby. */
  readonly memberIds: ReadonlySet<number>;
  readonly outsiders: number;
}

/** So many points of the neighbourhood that are in no transformer are tried at most. */
const outsidersMax = 60;
const slotSeconds = 900;

/**
 * Ranks the members of a group of the scope, and points nearby that are in no transformer, by how well their curves explain its loss; of whole days
 * that have ended. `undefined` when none has, or when there is no balance meter. What is settled is remembered, whoever asks: the scope holds
 * all of the group or nothing of it, and points nearby only as far as it reaches.
 */
export async function readSuspects(
  { db, cache }: QueryContext,
  scope: Scope,
  group: { readonly groupId: number; readonly branchId: number | null },
  period: Period,
): Promise<GroupSuspects | undefined> {
  const places = endedDays(period, slotSeconds).filter(
    ({ day, slots }) => slots === (day.endMs - day.startMs) / (slotSeconds * 1000),
  );
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last) return undefined;
  const toDay = Temporal.PlainDate.from(last.day.date).add({ days: 1 }).toString();
  const whole: Period = { ...period, fromDay: first.day.date, toDay };
  const outsiders = await findOutsiders(db, scope, group, whole);
  const make = () => rank(db, scope, group.groupId, whole, outsiders);
  const version = cache && (await settledVersion(db, whole.fromDay, toDay));
  if (!cache || version === undefined) return make();
  const key = `suspects ${group.groupId} ${whole.fromDay} ${toDay} ${version} ${outsiders.map(({ pointId }) => pointId).join()}`;
  return cache.get(key, make, (made) => 4_000 + (made?.dailyWh.size ?? 0) * places.length * 10);
}

async function rank(
  db: Queryable,
  scope: Scope,
  groupId: number,
  period: Period,
  outsiders: readonly Nearby[],
): Promise<GroupSuspects | undefined> {
  const curve = await readGroupCurve(db, groupId, period);
  const slots = curve.balance.values.length;
  const weight = 10 ** curve.scale;
  const { expected, present } = curve.balance;
  const balanceWh = curve.balance.values.map((value, slot) =>
    expected[slot]! > 0 && present[slot] === expected[slot] ? value * weight : Number.NaN,
  );
  if (balanceWh.every((value) => Number.isNaN(value))) return undefined;
  const sources = (await readSources(db, [groupId], period.fromDay, period.toDay)).filter(
    ({ side }) => side === "members",
  );
  const strangers = outsiders.map(
    ({ pointId, direction }): Source => ({
      groupId,
      side: "members",
      pointId,
      direction,
      sign: 1,
      fromMs: Number.NEGATIVE_INFINITY,
      toMs: Number.POSITIVE_INFINITY,
    }),
  );
  const curves = await readCurves(db, [...sources, ...strangers], period, curve, slots);
  const facts = await readFacts(db, [...curves.keys()], period);
  const memberIds = [...new Set(sources.map(({ pointId }) => pointId))];
  const of = (pointId: number): LossMember<number> => ({
    id: pointId,
    ...curves.get(pointId)!,
    ...(facts.get(pointId) ?? { factor: 1, indirect: false, phases: 1 as const }),
  });
  const [rating] = (await readRatings(db, scope, [groupId], { fromMs: curve.startMs })).slice(-1);
  const cell: LossCell<number> = {
    daySlots: curve.days.map((day) => day.slots),
    startMs: curve.startMs,
    balanceWh,
    members: memberIds.map(of),
    outsiders: strangers.map(({ pointId }) => of(pointId)),
    ...(rating
      ? {
          technical: lossLaw(
            rating.transformer
              ? {
                  ratedKva: rating.transformer.ratedVa / 1000,
                  noLoadLossW: Number(rating.transformer.noLoadLossW),
                  loadLossW: Number(rating.transformer.loadLossW),
                }
              : undefined,
            rating.line ? { ohm: Number(rating.line.ohm), volts: rating.line.volts } : undefined,
            Number(rating.cosPhi),
          ),
        }
      : {}),
  };
  const ranking = rankSuspects(cell);
  const byDay = (values: Float64Array): number[] =>
    curve.days.map((day) => {
      let sum = Number.NaN;
      for (const value of values.subarray(day.first, day.first + day.slots)) {
        if (!Number.isNaN(value)) sum = (Number.isNaN(sum) ? 0 : sum) + value;
      }
      return sum;
    });
  const membersThere = curve.members;
  const lossWh = balanceWh.map((value, slot) =>
    membersThere.present[slot]! >= 0.95 * membersThere.expected[slot]!
      ? value - membersThere.values[slot]! * weight
      : Number.NaN,
  );
  return {
    ranking,
    days: curve.days.map(({ day }) => day),
    dailyLossWh: byDay(lossWh),
    dailyWh: new Map(ranking.suspects.map(({ id }) => [id, byDay(curves.get(id)!.netWh)])),
    memberIds: new Set(memberIds),
    outsiders: strangers.length,
  };
}

interface Curves {
  readonly netWh: Float64Array;
  readonly takenWh?: Float64Array;
}

/** Each point's energy by quarter-hour, Wh, with its sign; 0 where it does not count, NaN where its value is missing. */
async function readCurves(
  db: Queryable,
  sources: readonly Source[],
  { fromDay, toDay, zone }: Period,
  {
    days,
  }: { readonly days: readonly { readonly day: string; readonly first: number; readonly slots: number }[] },
  slots: number,
): Promise<Map<number, Curves>> {
  const channels = await readSourceChannels(
    db,
    sources.map(({ pointId }) => pointId),
    { codes: [importCode, exportCode] },
  );
  const sums = await sumSources(db, {
    // Each point is a sum of its own.
    sources: sources.map((source) => ({ ...source, groupId: source.pointId })),
    channels,
    fromDay,
    toDay,
    zone,
    slotSeconds,
    codes: [importCode, exportCode],
    expects: ({ direction }, obis) => isExpected(direction, obis),
    everyDay: true,
  });
  const firstOf = new Map(days.map(({ day, first }) => [day, first]));
  const curves = new Map<number, Curves>();
  for (const [pointId, own] of Map.groupBy(sums, ({ groupId }) => groupId)) {
    const netWh = new Float64Array(slots);
    const given = own.some(({ obis }) => obis === exportCode);
    const takenWh = given ? new Float64Array(slots) : undefined;
    for (const sum of own) add(sum, firstOf.get(sum.day), netWh, takenWh);
    curves.set(pointId, takenWh ? { netWh, takenWh } : { netWh });
  }
  for (const { pointId } of sources)
    if (!curves.has(pointId)) curves.set(pointId, { netWh: new Float64Array(slots).fill(Number.NaN) });
  return curves;
}

function add(
  { obis, scale, slots: { values, expected } }: GroupDay,
  first: number | undefined,
  netWh: Float64Array,
  takenWh: Float64Array | undefined,
): void {
  if (first === undefined) return;
  const weight = 10 ** scale;
  for (let slot = 0; slot < values.length; slot++) {
    if (expected[slot] === 0) continue;
    const wh = values[slot]! * weight;
    netWh[first + slot] = netWh[first + slot]! + (obis === exportCode ? -wh : wh);
    if (takenWh && obis === importCode) takenWh[first + slot] = wh;
  }
}

type Facts = Pick<LossMember<number>, "factor" | "indirect" | "phases" | "evidence">;

/** What the books say of each point's meter at the end of the period, and what meters told of tampering in it. */
async function readFacts(
  db: Queryable,
  pointIds: readonly number[],
  { fromDay, toDay, zone }: Period,
): Promise<Map<number, Facts>> {
  const startOf = (day: string) => Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
  const [fromMs, toMs] = [startOf(fromDay), startOf(toDay)];
  const { rows } = await db.query<{
    pointId: number;
    factor: number;
    connection: string | null;
    phases: 1 | 3;
  }>(sql`
    select p.point_id as "pointId", i.factor::float8 as factor, v.connection, coalesce(m.phases, p.phases) as phases
    from point as p
    left join lateral (
      select * from installation where point_id = p.point_id and lower(during) < ${instant(toMs)}::timestamptz
      order by during desc limit 1) as i on true
    left join meter as m using (meter_id)
    left join meter_type_version as v on v.meter_type_id = m.meter_type_id and upper_inf(v.during)
    where p.point_id = any(${numbers(pointIds)}::int[])`);
  const events = await readTampering(db, pointIds, fromMs, toMs);
  return new Map(
    rows.map(({ pointId, factor, connection, phases }) => {
      const told = events.get(pointId);
      return [
        pointId,
        {
          factor: factor ?? 1,
          indirect: connection === null ? (factor ?? 1) !== 1 : connection !== "direct",
          phases,
          ...(told ? { evidence: { events: told } } : {}),
        },
      ];
    }),
  );
}

const tamperKinds: Readonly<Record<string, TamperKind>> = {
  "strong-dc-field-on": "magnet",
  "terminal-cover-removed": "cover",
  "meter-cover-removed": "cover",
  "tamper-opened": "cover",
};

/** So many events of one point are told at most: the first ones. */
const eventsMax = 20;

async function readTampering(
  db: Queryable,
  pointIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<Map<number, NonNullable<Evidence["events"]>>> {
  const { rows } = await db.query<{ pointId: number; code: string; atMs: number }>(sql`
    select i.point_id as "pointId", e.code, e.at as "atMs"
    from installation as i join device as d on d.meter_id = i.meter_id join event as e using (device_id)
    where i.point_id = any(${numbers(pointIds)}::int[]) and i.during @> e.at
      and e.at >= ${instant(fromMs)}::timestamptz and e.at < ${instant(toMs)}::timestamptz
    order by e.at`);
  const told = rows.flatMap(({ pointId, code, atMs }) => {
    const kind = tamperKinds[findEventName(code) ?? ""];
    return kind ? [{ pointId, kind, atMs }] : [];
  });
  return new Map(
    [...Map.groupBy(told, ({ pointId }) => pointId)].map(([pointId, list]) => [
      pointId,
      list.slice(0, eventsMax).map(({ kind, atMs }) => ({ kind, atMs })),
    ]),
  );
}

interface Nearby {
  readonly pointId: number;
  readonly direction: Source["direction"];
}

/** Points of the scope that lie in the group's branch, or in one beside it, and were in no transformer at any time of the period. */
async function findOutsiders(
  db: Queryable,
  scope: Scope,
  { branchId }: { readonly branchId: number | null },
  { fromDay, toDay }: Period,
): Promise<Nearby[]> {
  if (branchId === null) return [];
  const { rows: above } = await db.query<{ parentId: number | null }>(
    sql`select parent_id as "parentId" from branch where branch_id = ${branchId}::int`,
  );
  const within = above[0]?.parentId ?? branchId;
  const { rows } = await db.query<Nearby>(sql`
    with span as (
      select tstzrange(${fromDay}::timestamp at time zone market_zone(), ${toDay}::timestamp at time zone market_zone()) as span
    )
    select p.point_id as "pointId", p.direction
    from span, point as p join location as l using (location_id)
    where l.branch_id in (${branchWithin(within)}) and ${inScope(scope)}
      and exists (select from installation as i where i.point_id = p.point_id and i.during && span)
      and not exists (
        select from group_member as m join point_group as g using (group_id)
        where m.point_id = p.point_id and m.ended_by is null and m.during && span and g.kind <> 'free' and g.removed_at is null)
      and not exists (select from group_balance as b where b.point_id = p.point_id and b.ended_by is null and b.during && span)
    order by p.point_id limit ${outsidersMax}`);
  return rows;
}
