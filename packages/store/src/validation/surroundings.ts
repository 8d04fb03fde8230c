import {
  addSlot,
  type CheckedDay,
  emptySlots,
  type Finding,
  type MarketDay,
  maxEnergyWh,
  type Outage,
  type SlotSet,
  validateDay,
} from "@energsys/metering";
import { type AttributeHistory, readAttributes } from "../attributes/attributes.ts";
import type { Queryable } from "../database.ts";
import { readTested, type Tested } from "../meters/tests.ts";
import type { Channel, Network } from "../network.ts";
import { type CheckDays, findCheckDay, partnerOf, readCheckDays } from "./check-meters.ts";
import { type ClassLimits, classPermilleOf, readClassLimits } from "./class-limits.ts";
import { DayDigests, dateOf, readFirstDays } from "./day-digests.ts";
import {
  type ClockDifference,
  clockOffsetOf,
  openSince,
  readClockDifferences,
  readSwitchStates,
  type SwitchState,
} from "./device-states.ts";
import { readUnexpected } from "./expected-days.ts";
import { type GroupBalances, groupsOf, readGroupBalances } from "./group-balances.ts";
import { keyOf, type MeasuredDay, type Standing, standingAt } from "./measured-days.ts";
import { readOutages } from "./outages.ts";
import { checkedPoint } from "./point-classes.ts";
import { type PulseWeights, pulseWeightOf, readPulseWeights } from "./pulse-weights.ts";
import { pointRegister, type ReadingsByRegister, readRegisters, stepOf } from "./register-steps.ts";
import { readReplaced } from "./replaced.ts";
import type { RulePlans } from "./rule-settings.ts";

/** What rules look at beside the values, for all the days of a round. */
export interface Surroundings {
  /** What points are, through time. */
  readonly points: AttributeHistory;
  readonly clocks: ReadonlyMap<number, readonly ClockDifference[]>;
  readonly switches: ReadonlyMap<number, readonly SwitchState[]>;
  /** Tests of meters, as far as a gap may reach around the days. */
  readonly tested: ReadonlyMap<number, readonly Tested[]>;
  readonly pulseWeights: PulseWeights;
  /** Days of the points that check others. */
  readonly checks: CheckDays;
  /** Classes of the meters of points that check each other. */
  readonly classes: ClassLimits;
  /** Sums of the groups that balance meters speak for. */
  readonly groups: GroupBalances;
  readonly registers: ReadingsByRegister;
  readonly outages: ReadonlyMap<number, readonly Outage[]>;
  readonly digests: DayDigests;
  /** Intervals that came twice with different values, the newer one not final, by `keyOf`. */
  readonly replaced: ReadonlyMap<string, SlotSet>;
  /** First stored day by channel, of those only for which it is of account: a day that is stored is not before it. */
  readonly firstDays: Map<number, string>;
  /** Days of channels beside which another one measures the same (`readUnexpected`). */
  readonly unexpected: Set<string>;
}

/** Days before the ones that are looked at whose digests are read: a month, for the sum of one and for what rules compare with. */
const digestsBefore = 31;
/** How far a gap is followed. */
export const windowDaysMax = 45;

export async function readSurroundings(
  db: Queryable,
  network: Network,
  days: readonly MeasuredDay[],
  context: { readonly nowMs: number; readonly zone: string },
): Promise<Surroundings> {
  const startMs = Math.min(...days.map(({ day }) => day.startMs));
  const endMs = Math.max(...days.map(({ day }) => day.endMs));
  const pointIds = [...new Set(days.map(({ pointId }) => pointId))];
  const meterIds = [
    ...new Set(
      pointIds.flatMap((id) => (network.points.get(id)?.installations ?? []).map(({ meterId }) => meterId)),
    ),
  ];
  const channelIds = [...new Set(days.map(({ channel }) => channel.channelId))];
  const dayMs = 86_400_000;
  const first = Math.floor(startMs / dayMs);
  const last = Math.ceil(endMs / dayMs);
  const digests = new DayDigests();
  await digests.read(db, channelIds, dateOf(first - digestsBefore), dateOf(last));
  await digests.read(db, channelIds, dateOf(first - 380), dateOf(last - 350));
  const unstored = days.filter(({ channel, day }) => !digests.has(channel.channelId, day.date));
  const reachMs = windowDaysMax * dayMs;
  const points = await readAttributes(db, pointIds);
  const checkPoints = new Set<number>();
  const checkedPoints = new Set<number>();
  for (const { pointId, day } of days) {
    const checkPointId = points.at(pointId, day.startMs)?.checkPointId;
    if (checkPointId == null) continue;
    checkPoints.add(checkPointId);
    checkedPoints.add(pointId);
  }
  return {
    points,
    clocks: await readClockDifferences(db, meterIds, startMs, endMs),
    switches: await readSwitchStates(db, meterIds, startMs, endMs),
    tested: await readTested(db, meterIds, startMs - reachMs, endMs + reachMs),
    pulseWeights: await readPulseWeights(db, meterIds),
    // A gap reaches into the days around it.
    checks: await readCheckDays(
      db,
      [...checkPoints],
      dateOf(first - windowDaysMax),
      dateOf(last + windowDaysMax),
    ),
    classes: await readClassLimits(db, [...checkPoints, ...checkedPoints], startMs, endMs),
    groups: await readGroupBalances(db, days, context),
    registers: await readRegisters(db, meterIds, startMs - reachMs, endMs + reachMs),
    outages: await readOutages(db, meterIds, startMs, endMs + reachMs),
    digests,
    firstDays: await readFirstDays(db, [...new Set(unstored.map(({ channel }) => channel.channelId))]),
    replaced: await readReplaced(db, network, days),
    unexpected: await readUnexpected(
      db,
      network,
      days.map(({ channel, pointId, day }) => ({ channelId: channel.channelId, pointId, date: day.date })),
    ),
  };
}

/** Outages of the meters that stood at a point; `undefined` where nothing is known of one of them. */
export function outagesAt(
  { outages }: Surroundings,
  network: Network,
  pointId: number,
  day: MarketDay,
): Outage[] | undefined {
  const all: Outage[] = [];
  for (const { installation } of standingAt(network, pointId, day)) {
    const known = outages.get(installation.meterId);
    if (!known) return undefined;
    all.push(
      ...known
        .map(({ fromMs, toMs }) => ({
          fromMs: Math.max(fromMs, installation.fromMs),
          toMs: Math.min(toMs, installation.toMs),
        }))
        .filter(({ fromMs, toMs }) => fromMs < day.endMs && toMs > day.startMs && fromMs < toMs),
    );
  }
  return all;
}

/** What the rules of its class say about a day. `reactive` is the other channel of the same point on that day. */
export function findingsOf(
  measured: MeasuredDay,
  network: Network,
  surroundings: Surroundings,
  plans: RulePlans,
  nowMs: number,
  reactive: MeasuredDay | undefined,
): Finding[] {
  const { channel, pointId, day, slots } = measured;
  const point = checkedPoint(surroundings.points, pointId, day.startMs);
  const standing = standingAt(network, pointId, day);
  const [only] = standing.length === 1 ? standing : [];
  const whole = only && only.installation.fromMs <= day.startMs && only.installation.toMs >= day.endMs;
  const testSlots = testedSlots(surroundings, standing, channel, day);
  // What was counted under test is in the index, and is no energy of the point.
  const registers =
    only && whole && !testSlots ? registersOf(surroundings.registers, channel, only, day) : undefined;
  const expected = standing.length > 0 && isExpected(surroundings, channel, day);
  // Every day has the same fields, so that rules find them at the same places.
  const checked: CheckedDay = {
    channelId: channel.channelId,
    energy: channel.unit === "Wh" ? "active" : channel.unit === "varh" ? "reactive" : "apparent",
    direction: /^1-\d+:2\./.test(channel.obis) ? "export" : "import",
    scale: channel.scale,
    periodSeconds: channel.periodSeconds,
    startMs: day.startMs,
    nowMs,
    values: slots.values,
    flags: slots.flags,
    meterMax: meterMaxOf(standing, channel),
    approvedMax:
      point?.approvedPowerW == null
        ? undefined
        : (point.approvedPowerW * channel.periodSeconds) / 3600 / 10 ** channel.scale,
    history: surroundings.digests.historyOf(channel.channelId, day.date),
    yearAgo: surroundings.digests.yearAgo(channel.channelId, day.date),
    outages: outagesAt(surroundings, network, pointId, day),
    exportContract: point?.exportContract ?? undefined,
    partner: partnerOf(
      findCheckDay(surroundings.checks, point?.checkPointId, channel, day.date),
      channel,
      () =>
        classPermilleOf(surroundings.classes, pointId, day) +
        classPermilleOf(surroundings.classes, point!.checkPointId!, day),
    ),
    groups: groupsOf(surroundings.groups, measured),
    clockOffsetMs: worst(
      standing.map(({ meter }) => clockOffsetOf(surroundings.clocks.get(meter.meterId), day)),
    ),
    // An exchange closes what the meter before it left open.
    openSinceMs: only && openSince(surroundings.switches.get(only.meter.meterId), day.endMs),
    pulseWeight: only && pulseWeightOf(surroundings.pulseWeights, only.installation, channel),
    duplicates: surroundings.replaced.get(keyOf(channel.channelId, day.date)),
    testSlots,
    register: registers?.register,
    rates: registers?.rates,
    reactive: reactive && reactive.channel.scale === channel.scale ? reactive.slots.values : undefined,
    meteredFromMs: expected
      ? Math.min(...standing.map(({ installation }) => installation.fromMs))
      : undefined,
    meteredToMs: expected ? Math.max(...standing.map(({ installation }) => installation.toMs)) : day.startMs,
  };
  return validateDay(checked, plans.of(point?.pointClass ?? "household", day.date));
}

/** Nothing is expected of a channel before its first day, nor beside another one that measures the same. */
export const isExpected = (
  { firstDays, unexpected }: Surroundings,
  { channelId }: Channel,
  { date }: MarketDay,
): boolean => date >= (firstDays.get(channelId) ?? "") && !unexpected.has(keyOf(channelId, date));

/** Intervals of a day in which a meter that stood there was under test, be it for a part of one. */
function testedSlots(
  { tested }: Surroundings,
  standing: readonly Standing[],
  { periodSeconds }: Channel,
  { startMs, endMs }: MarketDay,
): SlotSet | undefined {
  let set: SlotSet | undefined;
  const periodMs = periodSeconds * 1000;
  const slots = Math.round((endMs - startMs) / periodMs);
  for (const { installation, meter } of standing) {
    for (const { fromMs, toMs } of tested.get(meter.meterId) ?? []) {
      const first = Math.max(fromMs, installation.fromMs, startMs);
      const end = Math.min(toMs, installation.toMs, endMs);
      if (first >= end) continue;
      set ??= emptySlots(slots);
      const last = Math.ceil((end - startMs) / periodMs);
      for (let slot = Math.floor((first - startMs) / periodMs); slot < last; slot++) addSlot(set, slot);
    }
  }
  return set;
}

const worst = (offsets: readonly (number | undefined)[]): number | undefined =>
  offsets.reduce((most, offset) => (Math.abs(offset ?? 0) > Math.abs(most ?? 0) ? offset : most), undefined);

/** Most that the meters of a day can count in an interval; where one is exchanged, each may have counted all of it. */
function meterMaxOf(standing: readonly Standing[], channel: Channel): number | undefined {
  let most = 0;
  for (const { installation, meter } of standing) {
    const wh = maxEnergyWh(meter.limits, channel.periodSeconds);
    if (wh === undefined) return undefined;
    most += (wh * installation.factor.digits) / 10 ** installation.factor.decimals;
  }
  return standing.length === 0 ? undefined : most / 10 ** channel.scale;
}

function registersOf(
  byRegister: ReadingsByRegister,
  channel: Channel,
  { installation, meter }: Standing,
  { startMs, endMs }: MarketDay,
): Pick<CheckedDay, "register" | "rates"> {
  const step = (rate: number) => {
    const register = pointRegister(byRegister, channel, installation, meter, rate);
    return register && stepOf(register, startMs, endMs);
  };
  const total = step(0);
  if (!total) return {};
  const rates = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((rate) => step(rate) ?? []);
  if (rates.length < 2 || rates.some(({ decreased }) => decreased) || total.decreased)
    return { register: total };
  return {
    register: total,
    rates: {
      sum: rates.reduce((sum, rate) => sum + rate.step, 0),
      count: rates.length,
      total: total.step,
      digit: total.digit,
    },
  };
}
