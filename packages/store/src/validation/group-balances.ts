import { dayAfter, type GroupBalance, marketDay } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { readAttributes } from "../attributes/attributes.ts";
import type { Queryable } from "../database.ts";
import { importCode, type Source } from "../groups/sources.ts";
import { readWholeDays, type WholeDay } from "../losses/read-losses.ts";
import { instant, sql } from "../sql.ts";
import type { MeasuredDay } from "./measured-days.ts";

/** Groups that a balance meter speaks for, by point and day. */
export type GroupBalances = ReadonlyMap<string, readonly GroupBalance[]>;

const keyOf = (id: number, date: string) => `${id} ${date}`;

/** Days that lie closer together than this are read at once. */
const gapDays = 7;

/**
 * Both sides of the groups whose balance meters have one of these days, as the sums of groups were last made; they put the day on the
 * change list when they become others. A round without a balance meter costs one look at the table of these.
 */
export async function readGroupBalances(
  db: Queryable,
  days: readonly MeasuredDay[],
  { nowMs, zone }: { readonly nowMs: number; readonly zone: string },
): Promise<GroupBalances> {
  const imports = days.filter(({ channel }) => channel.obis === importCode && channel.kind === "delta");
  if (imports.length === 0) return new Map();
  const startMs = Math.min(...imports.map(({ day }) => day.startMs));
  const endMs = Math.max(...imports.map(({ day }) => day.endMs));
  const { rows } = await db.query<{ groupId: number; pointId: number; name: string }>(sql`
    select distinct b.group_id as "groupId", b.point_id as "pointId", g.name
    from group_balance as b join point_group as g using (group_id)
    where b.point_id = any(${numbers([...new Set(imports.map(({ pointId }) => pointId))])}::int[]) and b.ended_by is null
      and b.during && tstzrange(${instant(startMs)}::timestamptz, ${instant(endMs)}::timestamptz) and g.kind <> 'free'`);
  if (rows.length === 0) return new Map();
  const byPoint = Map.groupBy(rows, ({ pointId }) => pointId);
  const wanted = imports
    .filter(({ pointId }) => byPoint.has(pointId))
    .map(({ pointId, day }) => ({ pointId, date: day.date }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  const names = new Map(rows.map(({ groupId, name }) => [groupId, name]));
  const known = new Map<string, GroupBalance[]>();
  for (let start = 0; start < wanted.length; ) {
    let end = start + 1;
    while (end < wanted.length && daysBetween(wanted[end - 1]!.date, wanted[end]!.date) <= gapDays) end++;
    const run = wanted.slice(start, end);
    start = end;
    const groupIds = new Set(
      run.flatMap(({ pointId }) => byPoint.get(pointId)!.map(({ groupId }) => groupId)),
    );
    const last = marketDay(run.at(-1)!.date, zone);
    const period = { fromDay: run[0]!.date, toDay: dayAfter(last, zone).date, nowMs, zone };
    const read = await readWholeDays(db, period, [...groupIds]);
    const feeding = await readFeeding(db, read);
    for (const whole of read) {
      const key = keyOf(speaker(whole.sources), whole.date);
      const weight = 10 ** whole.scale;
      const list = known.get(key) ?? [];
      known.set(key, list);
      list.push({
        groupId: whole.groupId,
        name: names.get(whole.groupId)!,
        scale: whole.scale,
        input: whole.input,
        counted: whole.counted,
        gross: whole.gross,
        technical: whole.technicalWh === null ? null : Math.round(whole.technicalWh / weight),
        uncertainty: Math.ceil(whole.uncertaintyWh / weight),
        feedsUncounted: feeding.has(keyOf(whole.groupId, whole.date)),
      });
    }
  }
  return known;
}

export const groupsOf = (balances: GroupBalances, { pointId, channel, day }: MeasuredDay) =>
  channel.obis === importCode && channel.kind === "delta"
    ? balances.get(keyOf(pointId, day.date))
    : undefined;

/** Of several balance meters one speaks for the group: one through which energy comes in, of these the first. */
const speaker = (sources: readonly Source[]): number =>
  sources
    .filter(({ side }) => side === "balance")
    .sort((a, b) => b.sign - a.sign || a.pointId - b.pointId)[0]!.pointId;

/**
 * Days of groups with a member that may feed in by its contract and whose meter counts one direction, as pulses do: of these alone on which the
 * members counted more than came in, where it is of account.
 */
async function readFeeding(db: Queryable, days: readonly WholeDay[]): Promise<ReadonlySet<string>> {
  const oneWay = days
    .filter(({ counted, input }) => counted > input)
    .map(({ groupId, date, startMs, sources }) => ({
      groupId,
      date,
      startMs,
      members: sources.filter(({ side, direction }) => side === "members" && direction === "import"),
    }));
  const points = new Set(oneWay.flatMap(({ members }) => members.map(({ pointId }) => pointId)));
  if (points.size === 0) return new Set();
  const attributes = await readAttributes(db, [...points]);
  return new Set(
    oneWay
      .filter(({ startMs, members }) =>
        members.some(({ pointId }) => attributes.at(pointId, startMs)?.exportContract === true),
      )
      .map(({ groupId, date }) => keyOf(groupId, date)),
  );
}

const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: "day" }).days;
