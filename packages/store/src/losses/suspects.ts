import { createHash } from "node:crypto";
import {
  type LossCell,
  type LossMember,
  lossLaw,
  marketDay,
  type Ranking,
  rankSuspects,
} from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { readGroupCurve } from "../groups/curve.ts";
import { type DatedRating, readRatings } from "../groups/ratings.ts";
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
import type { Scope } from "../scope.ts";
import { Turns } from "../turns.ts";
import { type MemberFacts, readMemberFacts } from "./member-facts.ts";
import { findOutsiders, type Nearby } from "./outsiders.ts";
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

const slotSeconds = 900;

/** Ranks the suspects of a cell, in whatever thread: that of a large transformer takes a second. */
export type Rank = (
  cell: LossCell<number>,
  signal?: AbortSignal,
) => Ranking<number> | Promise<Ranking<number>>;

/** All that a ranking is made of but the energies. */
interface Asked {
  readonly groupId: number;
  readonly period: Period;
  readonly sources: readonly Source[];
  readonly outsiders: readonly Nearby[];
  readonly facts: ReadonlyMap<number, MemberFacts>;
  readonly rating: DatedRating | undefined;
}

/**
 * Ranks the members of a group of the scope, and points nearby that are in no transformer, by how well their curves explain its loss; of whole days
 * that have ended. `undefined` when none has, or when there is no balance meter. What is settled is remembered, whoever asks: the scope holds
 * all of the group or nothing of it, and points nearby only as far as it reaches. The ranking ends when nobody waits for it any more.
 */
export async function readSuspects(
  { db, cache }: QueryContext,
  scope: Scope,
  group: { readonly groupId: number; readonly branchId: number | null },
  period: Period,
  rank: Rank = (cell) => rankSuspects(cell),
  signal?: AbortSignal,
): Promise<GroupSuspects | undefined> {
  const places = endedDays(period, slotSeconds).filter(
    ({ day, slots }) => slots === (day.endMs - day.startMs) / (slotSeconds * 1000),
  );
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last) return undefined;
  const { groupId } = group;
  const toDay = Temporal.PlainDate.from(last.day.date).add({ days: 1 }).toString();
  const whole: Period = { ...period, fromDay: first.day.date, toDay };
  const version = cache && (await settledVersion(db, whole.fromDay, toDay));
  const outsiders = await findOutsiders(db, scope, group, whole);
  const sources = (await readSources(db, [groupId], whole.fromDay, toDay))
    .filter(({ side }) => side === "members")
    // In the order in which they were entered: meters that are put up one after the other are confused rather than others.
    .sort((a, b) => a.pointId - b.pointId || a.fromMs - b.fromMs);
  const span = { fromMs: marketDay(whole.fromDay, period.zone).startMs, toMs: last.day.endMs };
  const pointIds = [...new Set([...sources, ...outsiders].map(({ pointId }) => pointId))];
  const facts = await readMemberFacts(db, pointIds, span);
  const rating = (await readRatings(db, scope, [groupId], span)).at(-1);
  const asked: Asked = { groupId, period: whole, sources, outsiders, facts, rating };
  const make = (stop?: AbortSignal) => suspectsOf(db, asked, (cell) => rank(cell, stop));
  if (!cache || version === undefined) return make(signal);
  // Books and events have no version that counts them all: what was read of them is part of the name.
  const books = createHash("sha256")
    .update(JSON.stringify([[...facts], outsiders, rating]))
    .digest("base64");
  const key = `suspects ${groupId} ${whole.fromDay} ${toDay} ${version} ${books}`;
  return cache.get(key, make, (made) => 4_000 + (made?.dailyWh.size ?? 0) * places.length * 10, signal);
}

async function suspectsOf(
  db: Queryable,
  { groupId, period, sources, outsiders, facts, rating }: Asked,
  rank: Rank,
): Promise<GroupSuspects | undefined> {
  const curve = await readGroupCurve(db, groupId, period);
  const slots = curve.balance.values.length;
  const weight = 10 ** curve.scale;
  const { expected, present } = curve.balance;
  const balanceWh = curve.balance.values.map((value, slot) =>
    expected[slot]! > 0 && present[slot] === expected[slot] ? value * weight : Number.NaN,
  );
  if (balanceWh.every((value) => Number.isNaN(value))) return undefined;
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
  const memberIds = [...new Set(sources.map(({ pointId }) => pointId))];
  const of = (pointId: number): LossMember<number> => ({
    id: pointId,
    ...curves.get(pointId)!,
    ...facts.get(pointId)!,
  });
  const cell: LossCell<number> = {
    daySlots: curve.days.map((day) => day.slots),
    startMs: curve.startMs,
    balanceWh,
    members: memberIds.map(of),
    outsiders: strangers.map(({ pointId }) => of(pointId)),
    ...(rating && { technical: lawOf(rating) }),
  };
  const turns = new Turns();
  const ranking = await rank(cell);
  await turns.next();
  const byDay = (values: Float64Array): number[] =>
    curve.days.map((day) => {
      let sum = Number.NaN;
      for (let slot = day.first; slot < day.first + day.slots; slot++) {
        const value = values[slot]!;
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
  const dailyWh = new Map<number, readonly number[]>();
  for (const { id } of ranking.suspects) {
    dailyWh.set(id, byDay(curves.get(id)!.netWh));
    if (turns.isLong) await turns.next();
  }
  return {
    ranking,
    days: curve.days.map(({ day }) => day),
    dailyLossWh: byDay(lossWh),
    dailyWh,
    memberIds: new Set(memberIds),
    outsiders: strangers.length,
  };
}

const lawOf = ({ transformer, line, cosPhi }: DatedRating) =>
  lossLaw(
    transformer
      ? {
          ratedKva: transformer.ratedVa / 1000,
          noLoadLossW: Number(transformer.noLoadLossW),
          loadLossW: Number(transformer.loadLossW),
        }
      : undefined,
    line ? { ohm: Number(line.ohm), volts: line.volts } : undefined,
    Number(cosPhi),
  );

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
  const turns = new Turns();
  for (const [pointId, own] of Map.groupBy(sums, ({ groupId }) => groupId)) {
    const netWh = new Float64Array(slots);
    const given = own.some(({ obis }) => obis === exportCode);
    const takenWh = given ? new Float64Array(slots) : undefined;
    for (const sum of own) add(sum, firstOf.get(sum.day), netWh, takenWh);
    curves.set(pointId, takenWh ? { netWh, takenWh } : { netWh });
    if (turns.isLong) await turns.next();
  }
  for (const { pointId } of sources)
    if (!curves.has(pointId)) curves.set(pointId, { netWh: new Float64Array(slots).fill(Number.NaN) });
  await turns.next();
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
