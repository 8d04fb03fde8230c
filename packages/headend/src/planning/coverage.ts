import { marketDay, marketDayOf, slotsOf, unpackDay } from "@energsys/metering";
import type { MeterModel } from "@energsys/metering/models";
import type { EpochMs, ObisCode } from "@energsys/protocols";
import {
  type AskedDay,
  type Queryable,
  readAskedDays,
  readStoredDays,
  type StoredDay,
} from "@energsys/store";
import type { Limits } from "../limits.ts";
import { type Calendar, type PlannedRanges, planRanges } from "./ranges.ts";

/** A device whose profile is to be brought up to date. */
export interface CoverageWork {
  readonly deviceId: number;
  readonly meterId: number;
  readonly model: MeterModel;
  readonly backfillDays: number;
}

export interface PlannedProfile extends PlannedRanges {
  readonly obis: ObisCode;
  readonly calendar: Calendar;
}

/** Market days of a zone, cut into intervals of a period. */
function calendarOf(zone: string, periodSeconds: number): Calendar {
  return {
    dayOf: (ms) => marketDayOf(ms, zone).date,
    day: (date) => {
      const day = marketDay(date, zone);
      return { startMs: day.startMs, slots: slotsOf(day, periodSeconds) };
    },
  };
}

/**
 * What is missing of the profiles of some devices, by two statements for all of them. Devices whose model has no profile are
 * not in the answer.
 */
export async function planProfiles(
  db: Queryable,
  works: readonly CoverageWork[],
  context: {
    readonly nowMs: EpochMs;
    readonly zone: string;
    readonly settleMs: number;
    readonly limits: Pick<Limits, "attemptRows" | "requestRows">;
  },
): Promise<Map<number, PlannedProfile>> {
  const profiled = works.filter(({ model }) => model.profiles.length > 0);
  if (profiled.length === 0) return new Map();
  const { nowMs, zone, settleMs, limits } = context;
  const backfillDays = Math.max(...profiled.map((work) => work.backfillDays));
  const fromDay = Temporal.PlainDate.from(marketDayOf(nowMs, zone).date)
    .subtract({ days: backfillDays + 1 })
    .toString();
  const [stored, asked] = await Promise.all([
    readStoredDays(
      db,
      profiled.map((work) => work.meterId),
      fromDay,
    ),
    readAskedDays(
      db,
      profiled.map((work) => work.deviceId),
      fromDay,
    ),
  ]);
  const storedByMeter = Map.groupBy(stored, (day) => day.meterId);
  const askedByDevice = Map.groupBy(asked, (day) => day.deviceId);
  const plans = new Map<number, PlannedProfile>();
  for (const { deviceId, meterId, model, backfillDays } of profiled) {
    const profile = model.profiles[0]!;
    const days = storedByMeter.get(meterId) ?? [];
    const periodSeconds = periodOf(days, profile.periodSeconds);
    const calendar = calendarOf(zone, periodSeconds);
    const ranges = planRanges({
      nowMs,
      periodSeconds,
      backfillDays,
      settleMs,
      calendar,
      stored: presentSlots(days.filter((day) => day.periodSeconds === periodSeconds)),
      asked: askedUntil(askedByDevice.get(deviceId) ?? [], profile.obis),
      rowsMax: limits.attemptRows,
      requestRowsMax: limits.requestRows,
    });
    plans.set(deviceId, { ...ranges, obis: profile.obis, calendar });
  }
  return plans;
}

/** The period that the meter really has, once something of it is stored. */
function periodOf(days: readonly StoredDay[], expected: number): number {
  if (days.length === 0 || days.some((day) => day.periodSeconds === expected)) return expected;
  return days[0]!.periodSeconds;
}

function presentSlots(days: readonly StoredDay[]): Map<string, "whole" | boolean[]> {
  const present = new Map<string, "whole" | boolean[]>();
  for (const { day, v, q, slots } of days) {
    if (v === null) present.set(day, "whole");
    else
      present.set(
        day,
        Array.from(unpackDay(v, q, slots).values, (value) => !Number.isNaN(value)),
      );
  }
  return present;
}

function askedUntil(days: readonly AskedDay[], obis: string): Map<string, EpochMs> {
  return new Map(days.filter((day) => day.obis === obis).map((day) => [day.day, day.askedUntilMs]));
}
