import { numbers, words } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { notify } from "../live.ts";
import { energies } from "../query/energies.ts";
import { instant, sql } from "../sql.ts";
import { findCandidates, type PointDay } from "./candidates.ts";
import { type FoundPeak, findPeaks } from "./demand.ts";
import { peakCode } from "./peak-code.ts";
import { powerText } from "./power.ts";
import { type PeakRule, readWatching } from "./rules.ts";
import { isSeen } from "./seen.ts";

/** One that looks at a time in a database: two would raise and end the same peak in turns. */
const watchLock = 0x454e5057;
const dueMax = 2_000;
/** Days of one subject that are read together. */
const spanDays = 31;
/** New peaks of a rule that are told to the screens at once; the list has them all. */
const toldMax = 50;
/** Days of points that may hold a peak, of a day: their curves are unpacked together. */
const readMax = 250;

type Watching = Omit<PeakRule, "raised">;
interface Due {
  readonly ruleId: number;
  readonly pointId: number | null;
  readonly day: string;
}

export interface PeakWatchOutcome {
  /** Days of subjects that were looked at. */
  readonly days: number;
  /** Alarms that are new, stand again, or became so much greater than what was acknowledged that somebody is asked anew. */
  readonly raised: number;
  /** Alarms whose peak is no more. */
  readonly ended: number;
}

/**
 * Looks for peaks on the days that changed: raises an alarm, gives it its new figures, or ends it when corrected values hold no such peak. All in one
 * transaction, so a round that fails is done again; doing one twice changes nothing. When `days` is not 0 there may be more.
 */
export async function watchPeaks(
  db: Database,
  context: { readonly zone: string; readonly nowMs: number },
): Promise<PeakWatchOutcome> {
  return db.transaction(
    async (transaction, first) => {
      if (first[0]?.held !== true) return { days: 0, raised: 0, ended: 0 };
      const { rows: taken } = await transaction.query<Due>(sql`
        delete from peak_due where peak_due_id in (select peak_due_id from peak_due order by peak_due_id limit ${dueMax})
        returning peak_rule_id as "ruleId", point_id as "pointId", day`);
      const rules = await readWatching(transaction, [...new Set(taken.map(({ ruleId }) => ruleId))]);
      let [raised, ended] = [0, 0];
      for (const rule of rules) {
        const due = daysOf(rule, taken);
        const peaks = await peaksOf(transaction, rule, due, context);
        raised += await raise(transaction, rule, peaks, context.nowMs);
        ended += await end(transaction, rule, due, peaks, context.nowMs);
      }
      return { days: taken.length, raised, ended };
    },
    {
      first: `set transaction isolation level repeatable read; select pg_try_advisory_xact_lock(${watchLock}) as held`,
    },
  );
}

/** What is marked may be of a subject that the rule had before. */
const isWatched = ({ watched }: Watching, pointId: number | null): boolean =>
  watched.kind === "group"
    ? pointId === null
    : watched.kind === "point"
      ? pointId === watched.pointId
      : pointId !== null;

/** What changed of a rule's subject; a run of quarter-hours reaches into the days beside. */
function daysOf(rule: Watching, taken: readonly Due[]): Due[] {
  const days = new Map<string, Due>();
  for (const due of taken) {
    if (due.ruleId !== rule.ruleId || !isWatched(rule, due.pointId)) continue;
    for (const off of rule.quarters > 1 ? [-1, 0, 1] : [0]) {
      const day = Temporal.PlainDate.from(due.day).add({ days: off }).toString();
      if (day >= rule.fromDay) days.set(`${due.pointId} ${day}`, { ...due, day });
    }
  }
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day));
}

async function peaksOf(
  db: Queryable,
  rule: Watching,
  due: readonly Due[],
  context: { readonly zone: string; readonly nowMs: number },
): Promise<FoundPeak[]> {
  const points = due.filter((one): one is Due & PointDay => one.pointId !== null);
  const possible: readonly (Omit<Due, "ruleId"> | PointDay)[] =
    points.length === 0 || rule.threshold.basis === "former"
      ? due
      : await findCandidates(db, rule, { pairs: points }, { zone: context.zone, limit: points.length });
  const peaks: FoundPeak[] = [];
  for (const part of portions(possible, rule.watched.kind === "approved"))
    peaks.push(...(await findPeaks(db, rule, part, context)));
  return peaks;
}

/** Days of one subject a month at a time, and of many points a day at a time. */
export function portions(
  days: readonly { readonly pointId: number | null; readonly day: string }[],
  isMany: boolean,
) {
  const parts = new Map<string, Map<number | null, string[]>>();
  const sorted = days.toSorted((a, b) => a.day.localeCompare(b.day) || (a.pointId ?? 0) - (b.pointId ?? 0));
  const firstDay = sorted[0] && Temporal.PlainDate.from(sorted[0].day);
  for (const [nth, { pointId, day }] of sorted.entries()) {
    const key = isMany
      ? `${day} ${Math.floor(nth / readMax)}`
      : `${Math.floor(firstDay!.until(day, { largestUnit: "day" }).days / spanDays)}`;
    const part = parts.get(key) ?? new Map<number | null, string[]>();
    parts.set(key, part);
    part.set(pointId, [...(part.get(pointId) ?? []), day]);
  }
  return [...parts.values()].map((part) => [...part].map(([pointId, dates]) => ({ pointId, days: dates })));
}

const groupOf = ({ watched }: Watching): number | null => (watched.kind === "group" ? watched.groupId : null);

/** Writes what was found; gives how many wait for somebody that did not wait before. */
async function raise(
  db: Queryable,
  rule: Watching,
  peaks: readonly FoundPeak[],
  nowMs: number,
): Promise<number> {
  if (peaks.length === 0) return 0;
  const now = instant(nowMs);
  const { watched } = rule;
  const column = (of: (peak: FoundPeak) => number | null) => numbers(peaks.map(of));
  const { rows } = await db.query<{ pointId: number | null; at: number }>(sql`
    with found as (
      select * from unnest(${column(({ pointId }) => pointId)}::int[], ${words(peaks.map(({ day }) => day))}::date[],
        ${peaks.map(({ startMs }) => instant(startMs))}::timestamptz[],
        ${words(peaks.map(({ demand }) => powerText(demand)))}::numeric[],
        ${words(peaks.map(({ threshold }) => powerText(threshold)))}::numeric[],
        ${peaks.map(({ basis }) => basis && powerText(basis))}::numeric[], ${column(({ quarters }) => quarters)}::smallint[],
        ${column(({ expected }) => expected)}::int[], ${column(({ present }) => present)}::int[],
        ${column(({ estimated }) => estimated)}::int[], ${column(({ flags }) => flags)}::int[])
        as found (point_id, day, peak_at, demand_kw, threshold_kw, basis_kw, quarters, expected, present, estimated, flags)
    ), standing as (
      select a.point_id, a.day, ${isSeen("a")} as seen from peak_alarm as a join found on found.day = a.day and found.point_id is not distinct from a.point_id
      where a.peak_rule_id = ${rule.ruleId}::int and a.group_id is not distinct from ${groupOf(rule)}::int and a.ended_at is null
    ), written as (
      insert into peak_alarm as a (peak_rule_id, group_id, side, obis, basis, severity, raised_at, changed_at, point_id, day, peak_at, demand_kw, threshold_kw,
        basis_kw, quarters, expected, present, estimated, flags)
      select ${rule.ruleId}::int, ${groupOf(rule)}::int, ${watched.kind === "group" ? watched.side : null}::text, ${energies[rule.energy]}, ${rule.threshold.basis}, ${rule.severity}, ${now}::timestamptz, ${now}::timestamptz, found.* from found
      on conflict (peak_rule_id, point_id, group_id, day) do update set side = excluded.side, obis = excluded.obis, basis = excluded.basis,
        peak_at = excluded.peak_at, demand_kw = excluded.demand_kw,
        threshold_kw = excluded.threshold_kw, basis_kw = excluded.basis_kw, quarters = excluded.quarters, expected = excluded.expected,
        present = excluded.present, estimated = excluded.estimated, flags = excluded.flags, severity = excluded.severity,
        changed_at = excluded.changed_at, ended_at = null
      where (a.side, a.obis, a.basis, a.peak_at, a.demand_kw, a.threshold_kw, a.basis_kw, a.quarters, a.expected, a.present, a.estimated, a.flags, a.severity, a.ended_at)
        is distinct from (excluded.side, excluded.obis, excluded.basis, excluded.peak_at, excluded.demand_kw, excluded.threshold_kw, excluded.basis_kw, excluded.quarters,
          excluded.expected, excluded.present, excluded.estimated, excluded.flags, excluded.severity, null::timestamptz)
      returning a.peak_alarm_id, a.point_id, a.day, a.peak_at, a.demand_kw
    )
    select written.point_id as "pointId", peak_at as at from written
    left join standing on standing.day = written.day and standing.point_id is not distinct from written.point_id
    where standing.day is null or standing.seen and not ${isSeen("written")}`);
  await tell(db, rows);
  return rows.length;
}

/** New peaks of points are told to the screens under the device that measures there; a list that is open is fetched anew by one of them. */
async function tell(
  db: Queryable,
  raised: readonly { readonly pointId: number | null; readonly at: number }[],
): Promise<void> {
  const told = raised
    .flatMap(({ pointId, at }) => (pointId === null ? [] : [{ pointId, at }]))
    .slice(0, toldMax);
  if (told.length === 0) return;
  const { rows } = await db.query<{ deviceId: number; at: number }>(sql`
    select distinct on (said.point_id) device_id as "deviceId", said.at
    from unnest(${numbers(told.map(({ pointId }) => pointId))}::int[], ${told.map(({ at }) => instant(at))}::timestamptz[]) as said (point_id, at)
    join installation as i on i.point_id = said.point_id and i.during @> said.at join device using (meter_id)
    order by said.point_id, device_id desc`);
  await notify(
    db,
    "energsys_live",
    ...rows.map((row) => ({ type: "event" as const, ...row, code: peakCode })),
  );
}

/** Ends the alarms of days that hold no peak any more. */
async function end(
  db: Queryable,
  rule: Watching,
  due: readonly Due[],
  peaks: readonly FoundPeak[],
  nowMs: number,
): Promise<number> {
  const found = new Set(peaks.map(({ pointId, day }) => `${pointId} ${day}`));
  const gone = due.filter(({ pointId, day }) => !found.has(`${pointId} ${day}`));
  if (gone.length === 0) return 0;
  const { rowCount } = await db.query(sql`
    update peak_alarm as a set ended_at = ${instant(nowMs)}::timestamptz, changed_at = ${instant(nowMs)}::timestamptz
    from unnest(${numbers(gone.map(({ pointId }) => pointId))}::int[], ${words(gone.map(({ day }) => day))}::date[]) as gone (point_id, day)
    where a.peak_rule_id = ${rule.ruleId}::int and a.group_id is not distinct from ${groupOf(rule)}::int and a.day = gone.day
      and a.point_id is not distinct from gone.point_id and a.ended_at is null`);
  return rowCount;
}
