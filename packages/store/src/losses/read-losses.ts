import { balanceUncertaintyWh, type MeterAccuracy, relativeUncertainty } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { type DatedRating, readRatings } from "../groups/ratings.ts";
import { type GroupRow, groupInScope, listGroups } from "../groups/registry.ts";
import type { Side } from "../groups/rows.ts";
import { exportCode, importCode, isExpected, readSources, type Source } from "../groups/sources.ts";
import { endedDays, type Period, type Place } from "../query/frame.ts";
import type { QueryContext } from "../query/series.ts";
import { spanOf } from "../query/sum-sources.ts";
import { everywhere, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { Turns } from "../turns.ts";
import { DayLoss } from "./day-loss.ts";
import { type LossFigures, type LossSide, technicalWh } from "./figures.ts";
import { readGroupRows } from "./group-rows.ts";
import { settledVersion } from "./settled-version.ts";

/** The loss of one group by day and over all of the period. */
export interface GroupLoss {
  readonly group: GroupRow;
  /** Null: no balance meter, so nothing can be said of it alone. */
  readonly total: LossFigures | null;
  readonly days: readonly { readonly day: string; readonly figures: LossFigures }[];
  readonly ratings: readonly DatedRating[];
}

export interface LossReport {
  /** Energies are integers × 10^scale Wh. */
  readonly scale: number;
  readonly days: readonly { readonly day: string; readonly first: number; readonly slots: number }[];
  readonly startMs: number;
  readonly groups: readonly GroupLoss[];
}

export interface SlotLoss {
  /** Loss by quarter-hour, integers × 10^scale of the report; NaN where not both sides are known. */
  readonly loss: Float64Array;
  /** What must be lost of it, Wh; NaN where no rating holds. */
  readonly technicalWh: Float64Array;
}

/**
 * Losses of the groups of the network's tree (or of those that are named), as their members, balance meters and ratings were at each instant.
 * Sums of groups are read, not points; only the uncertainty asks for each member's energy. What is settled is remembered.
 */
export async function readLosses(
  { db, cache }: QueryContext,
  scope: Scope,
  period: Period,
  groupIds?: readonly number[],
): Promise<LossReport> {
  const atMs = Math.min(period.nowMs, lastInstant(period));
  const listed = (await listGroups(db, scope, {}, atMs)).filter(
    ({ groupId, kind }) => kind !== "free" && (groupIds?.includes(groupId) ?? true),
  );
  const ids = listed.map(({ groupId }) => groupId);
  const make = () => compute(db, scope, period, listed);
  const version = cache && (await settledVersion(db, period.fromDay, period.toDay));
  if (!cache || version === undefined) return make();
  const { fromDay, toDay } = period;
  const slots = endedDays(period, 900).reduce((total, day) => total + day.slots, 0);
  const told = listed.map((group) => `${group.groupId}/${group.parentId}/${group.name}`).join();
  const key = `losses ${fromDay} ${toDay} ${slots} ${version} ${told}`;
  return cache.get(key, make, ({ days }) => ids.length * (days.length + 2) * 400);
}

const lastInstant = ({ toDay, zone }: Period): number =>
  Temporal.PlainDate.from(toDay).toZonedDateTime(zone).epochMilliseconds - 1;

/** Loss of one group by quarter-hour. The group is in the scope: it was found there. */
export async function readSlotLoss(
  db: Queryable,
  scope: Scope,
  groupId: number,
  period: Period,
): Promise<SlotLoss> {
  const places = endedDays(period, 900);
  const length = places.reduce((total, { slots }) => total + slots, 0);
  const curve: SlotLoss = {
    loss: new Float64Array(length).fill(Number.NaN),
    technicalWh: new Float64Array(length).fill(Number.NaN),
  };
  const scale = await leastScale(db, [groupId], period);
  const ratings = await ratingsOf(db, scope, [groupId], places);
  const byDay = new Map(places.map((place) => [place.day.date, place]));
  await readGroupRows(db, [groupId], period, (_, day, rows) => {
    const place = byDay.get(day);
    if (place) new DayLoss(place, rows, scale, ratings).writeSlots(curve);
  });
  return curve;
}

/** What is known of groups in a period, and the figures that follow from it. */
async function gather(db: Queryable, scope: Scope, period: Period, ids: readonly number[]) {
  const places = endedDays(period, 900);
  const { fromDay, toDay } = period;
  const scale = await leastScale(db, ids, period);
  const ratings = Map.groupBy(await ratingsOf(db, scope, ids, places), ({ groupId }) => groupId);
  const sources = await readSources(db, ids, fromDay, toDay);
  const shares = await uncertaintyShares(db, sources, period, places);
  const byGroup = Map.groupBy(sources, ({ groupId }) => groupId);
  const byDay = new Map(places.map((place) => [place.day.date, place]));
  const known = new Map<number, Map<string, DayLoss>>();
  await readGroupRows(db, ids, period, (groupId, day, rows) => {
    const place = byDay.get(day);
    if (!place) return;
    const days = known.get(groupId) ?? new Map<string, DayLoss>();
    known.set(groupId, days);
    days.set(day, new DayLoss(place, rows, scale, ratings.get(groupId) ?? []));
  });
  return { places, scale, ratings, byGroup, shares, known };
}

/** A whole day of a group: each quarter-hour of it has all values of both sides. Energies are integers × 10^scale Wh. */
export interface WholeDay {
  readonly groupId: number;
  readonly date: string;
  readonly startMs: number;
  readonly scale: number;
  readonly input: number;
  readonly counted: number;
  /** What flowed in, whatever its direction. */
  readonly gross: number;
  readonly technicalWh: number | null;
  /** By the meters' classes; what is only estimated may be off by all of it. */
  readonly uncertaintyWh: number;
  /** Who counted on the day. */
  readonly sources: readonly Source[];
}

/** The days of these groups of which both sides are whole, whoever may see them. */
export async function readWholeDays(
  db: Queryable,
  period: Period,
  groupIds: readonly number[],
): Promise<WholeDay[]> {
  const { places, scale, byGroup, shares, known } = await gather(db, everywhere, period, groupIds);
  return groupIds.flatMap((groupId) =>
    places.flatMap(({ day, slots }) => {
      const loss = known.get(groupId)?.get(day.date);
      const { balance, members, alignedSlots } = loss ?? {};
      if (!loss || !balance || !members || alignedSlots !== slots || day.endMs > period.nowMs) return [];
      if (balance.present < balance.expected || members.present < members.expected || members.expected === 0)
        return [];
      const { technical, uncertaintyWh } = figuresOf([loss], scale, shares.get(groupId));
      const weight = 10 ** scale;
      const guessedWh = [
        (balance.estimated / balance.expected) * loss.inputGross * weight,
        (members.estimated / members.expected) * loss.countedGross * weight,
      ];
      const rated = technical !== null && technical.slots === slots;
      return [
        {
          groupId,
          date: day.date,
          startMs: day.startMs,
          scale,
          input: loss.input,
          counted: loss.counted,
          gross: loss.inputGross,
          technicalWh: rated ? technicalWh(technical) : null,
          uncertaintyWh: guessedWh.reduce((sum, wh) => sum + wh, uncertaintyWh),
          sources: (byGroup.get(groupId) ?? []).filter(
            ({ fromMs, toMs }) => fromMs < day.endMs && toMs > day.startMs,
          ),
        },
      ];
    }),
  );
}

async function compute(
  db: Queryable,
  scope: Scope,
  period: Period,
  groups: readonly GroupRow[],
): Promise<LossReport> {
  const ids = groups.map(({ groupId }) => groupId);
  const { places, scale, ratings, byGroup, shares, known } = await gather(db, scope, period, ids);
  const made: LossReport["groups"][number][] = [];
  const turns = new Turns();
  for (const group of groups) {
    if (turns.isLong) await turns.next();
    const own = byGroup.get(group.groupId) ?? [];
    const share = shares.get(group.groupId);
    const days = places.map((place) => {
      const loss = known.get(group.groupId)?.get(place.day.date) ?? nothingKnown(place, own, scale);
      return { day: place.day.date, loss };
    });
    const measured = own.some(({ side }) => side === "balance");
    made.push({
      group,
      ratings: ratings.get(group.groupId) ?? [],
      total: measured
        ? figuresOf(
            days.map(({ loss }) => loss),
            scale,
            share,
          )
        : null,
      days: measured ? days.map(({ day, loss }) => ({ day, figures: figuresOf([loss], scale, share) })) : [],
    });
  }
  return {
    scale,
    startMs: places[0]?.day.startMs ?? 0,
    days: places.map(({ day, first, slots }) => ({ day: day.date, first, slots })),
    groups: made,
  };
}

/** A group whose sums know nothing of a day: all that should be there is missing. */
function nothingKnown(place: Place, sources: readonly Source[], scale: number): DayLoss {
  const loss = new DayLoss(place, [], scale, []);
  for (const source of sources) {
    const { from, to } = spanOf(source, place.day, place.slots);
    const codes = [importCode, exportCode].filter((obis) => isExpected(source.direction, obis)).length;
    loss[source.side].expected += codes * Math.max(0, Math.min(to, place.slots) - from);
  }
  return loss;
}

/** Relative uncertainty of each side's energy: the root of the squares of its meters' errors by its energy. */
interface Shares {
  readonly balance: number;
  readonly members: number;
}

function figuresOf(days: readonly DayLoss[], scale: number, share: Shares | undefined): LossFigures {
  const sum = (of: (day: DayLoss) => number) => days.reduce((total, day) => total + of(day), 0);
  const side = (which: Side): LossSide => ({
    energy: days.reduce<number | null>(
      (total, { [which]: { energy } }) => (energy === null ? total : (total ?? 0) + energy),
      null,
    ),
    expected: sum((day) => day[which].expected),
    present: sum((day) => day[which].present),
    good: sum((day) => day[which].good),
    estimated: sum((day) => day[which].estimated),
  });
  const missingWh = sum((day) => day.missingWh);
  const weight = 10 ** scale;
  const { balance, members } = share ?? {
    balance: relativeUncertainty["class-0.5S-with-ct"],
    members: relativeUncertainty["class-1"],
  };
  const technicalSlots = sum((day) => day.technicalSlots);
  return {
    balance: side("balance"),
    members: side("members"),
    slots: sum((day) => day.slots),
    alignedSlots: sum((day) => day.alignedSlots),
    input: sum((day) => day.input),
    counted: sum((day) => day.counted),
    missingWh,
    technical:
      technicalSlots === 0
        ? null
        : {
            ironWh: sum((day) => day.ironWh),
            copperWh: sum((day) => day.copperWh),
            lineWh: sum((day) => day.lineWh),
            slots: technicalSlots,
          },
    uncertaintyWh: Math.hypot(
      balance * sum((day) => day.inputGross) * weight,
      members * sum((day) => day.countedGross) * weight,
      missingWh,
    ),
  };
}

/** The finest step of any sum that is read: in it all of them are whole numbers. */
async function leastScale(
  db: Queryable,
  ids: readonly number[],
  { fromDay, toDay }: Period,
): Promise<number> {
  const { rows } = await db.query<{ scale: number | null }>(sql`
    select min(scale)::int as scale from group_day
    where group_id = any(${numbers(ids)}::int[]) and day >= ${fromDay}::date and day < ${toDay}::date
      and obis = any(${[importCode, exportCode]}::text[])`);
  return Math.min(0, rows[0]?.scale ?? 0);
}

async function ratingsOf(
  db: Queryable,
  scope: Scope,
  ids: readonly number[],
  places: readonly Place[],
): Promise<DatedRating[]> {
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last) return [];
  return readRatings(db, scope, ids, { fromMs: first.day.startMs, toMs: last.day.endMs });
}

/** What the catalogue says of a meter's class, as the balance counts it. */
const accuracies: Readonly<Record<string, MeterAccuracy>> = {
  A: "class-2",
  "2": "class-2",
  B: "class-1",
  "1": "class-1",
  C: "class-0.5S-with-ct",
  "0.5": "class-0.5S-with-ct",
  "0.5S": "class-0.5S-with-ct",
  "0.2": "class-0.5S-with-ct",
  "0.2S": "class-0.5S-with-ct",
};
const usual = { balance: "class-0.5S-with-ct", members: "class-1" } as const satisfies Record<
  Side,
  MeterAccuracy
>;

async function uncertaintyShares(
  db: Queryable,
  sources: readonly Source[],
  { fromDay, toDay }: Period,
  places: readonly Place[],
): Promise<Map<number, Shares>> {
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last) return new Map();
  const points = [...new Set(sources.map(({ pointId }) => pointId))];
  const { rows } = await db.query<{ pointId: number; energyWh: number; accuracy: string | null }>(sql`
    with used as (
      select c.point_id, sum(abs(d.sum) * power(10::float8, c.scale)) as energy
      from channel as c join load_day as d using (channel_id)
      where c.point_id = any(${numbers(points)}::int[]) and c.kind = 'delta'
        and c.obis = any(${[importCode, exportCode]}::text[]) and d.day >= ${fromDay}::date and d.day < ${toDay}::date
      group by c.point_id
    )
    select used.point_id as "pointId", energy as "energyWh", v.accuracy_class as accuracy
    from used left join installation as i on i.point_id = used.point_id and upper_inf(i.during)
    left join meter as m using (meter_id)
    left join meter_type_version as v on v.meter_type_id = m.meter_type_id and upper_inf(v.during)`);
  const byPoint = new Map(rows.map((row) => [row.pointId, row]));
  const [fromMs, toMs] = [first.day.startMs, last.day.endMs];
  const shares = new Map<number, Shares>();
  for (const [groupId, own] of Map.groupBy(sources, (source) => source.groupId)) {
    const shareOf = (side: Side): number => {
      const parts = own.flatMap((source) => {
        const point = source.side === side ? byPoint.get(source.pointId) : undefined;
        if (!point) return [];
        // One that was there for a part of the period brings that part of its energy, about.
        const part =
          Math.max(0, Math.min(source.toMs, toMs) - Math.max(source.fromMs, fromMs)) / (toMs - fromMs);
        const accuracy = accuracies[point.accuracy ?? ""] ?? usual[side];
        return [{ energyWh: point.energyWh * part, relative: relativeUncertainty[accuracy] }];
      });
      const energyWh = parts.reduce((total, part) => total + part.energyWh, 0);
      return energyWh === 0 ? relativeUncertainty[usual[side]] : balanceUncertaintyWh(parts) / energyWh;
    };
    shares.set(groupId, { balance: shareOf("balance"), members: shareOf("members") });
  }
  return shares;
}

/** Is there such a group of the tree in the scope? */
export async function hasLossGroup(db: Queryable, scope: Scope, groupId: number): Promise<boolean> {
  const { rows } = await db.query(sql`
    select from point_group as g where g.group_id = ${groupId}::int and g.removed_at is null and g.kind <> 'free'
      and ${groupInScope(scope)}`);
  return rows.length > 0;
}
