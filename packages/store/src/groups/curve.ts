import { marketDay } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { endedDays, type Period, type Place } from "../query/frame.ts";
import { Turns } from "../turns.ts";
import type { Side } from "./rows.ts";
import { exportCode, importCode, isExpected, readSources, type Source } from "./sources.ts";
import { readGroupDays, type StoredGroupDay } from "./sums.ts";

/** One side of a group by quarter-hour, import less export; NaN where nothing is known. Counts are of both directions together. */
export interface GroupCurveSide {
  /** Energy in Wh = integer × 10^scale of the curve. */
  readonly values: Float64Array;
  readonly expected: Uint32Array;
  readonly present: Uint32Array;
  readonly good: Uint32Array;
  readonly estimated: Uint32Array;
}

/** What goes into a group as its balance meters say, and what its members count, from the first slot to the last one that has ended. */
export interface GroupCurve {
  readonly scale: number;
  readonly days: readonly { readonly day: string; readonly first: number; readonly slots: number }[];
  readonly startMs: number;
  readonly balance: GroupCurveSide;
  readonly members: GroupCurveSide;
}

const quarterMs = 900_000;

/**
 * The curves of a group from `fromDay` (included) to `toDay` (not included), as far as slots have ended by `nowMs`. Where no sum is stored
 * the counts say how many values are missing.
 */
export async function readGroupCurve(db: Queryable, groupId: number, period: Period): Promise<GroupCurve> {
  const { fromDay, toDay, zone } = period;
  const days = endedDays(period, 900);
  const length = days.reduce((total, { slots }) => total + slots, 0);
  const stored = await readGroupDays(db, [groupId], fromDay, toDay, [importCode, exportCode]);
  const known = new Set(stored.map(({ day }) => day));
  const scale = Math.min(0, ...stored.map((row) => row.scale));
  const curve = {
    scale,
    days: days.map(({ day: { date }, first, slots }) => ({ day: date, first, slots })),
    startMs: marketDay(fromDay, zone).startMs,
    balance: emptySide(length),
    members: emptySide(length),
  };
  const places = new Map(days.map((place) => [place.day.date, place]));
  const turns = new Turns();
  for (const row of stored) {
    if (turns.isLong) await turns.next();
    const place = places.get(row.day);
    if (place) addDay(curve[row.side], row, place, 10 ** (row.scale - scale));
  }
  if (known.size < days.length) {
    const sources = await readSources(db, [groupId], fromDay, toDay);
    for (const place of days) if (!known.has(place.day.date)) expectDay(curve, sources, place);
  }
  return curve;
}

const emptySide = (length: number): GroupCurveSide => ({
  values: new Float64Array(length).fill(Number.NaN),
  expected: new Uint32Array(length),
  present: new Uint32Array(length),
  good: new Uint32Array(length),
  estimated: new Uint32Array(length),
});

const countNames = ["expected", "present", "good", "estimated"] as const;

function addDay(side: GroupCurveSide, row: StoredGroupDay, { first, slots }: Place, weight: number): void {
  const sign = row.obis === exportCode ? -1 : 1;
  for (let slot = 0; slot < slots; slot++) {
    const at = first + slot;
    for (const name of countNames) side[name][at] = side[name][at]! + row[name][slot]!;
    const value = row.values[slot]!;
    if (Number.isNaN(value)) continue;
    const before = side.values[at]!;
    side.values[at] = (Number.isNaN(before) ? 0 : before) + sign * weight * value;
  }
}

/** A day of which nothing is stored: all that should be there is missing. */
function expectDay(
  curve: { readonly balance: GroupCurveSide; readonly members: GroupCurveSide },
  sources: readonly Source[],
  { day, first, slots }: Place,
): void {
  for (const { side, direction, fromMs, toMs } of sources) {
    const codes = [importCode, exportCode].filter((obis) => isExpected(direction, obis)).length;
    const { expected } = curve[side];
    for (let slot = 0; slot < slots; slot++) {
      const startMs = day.startMs + slot * quarterMs;
      if (startMs >= fromMs && startMs < toMs) expected[first + slot] = expected[first + slot]! + codes;
    }
  }
}

/** One side over a time. Energies are exact: Wh = integer × 10^scale of the curve. */
export interface BalanceSide {
  /** Null when nothing is known. */
  readonly energy: bigint | null;
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}
export interface Balance {
  readonly balance: BalanceSide;
  readonly members: BalanceSide;
  /** What went in less what members counted; null unless both are known. */
  readonly difference: bigint | null;
}

/** The balance of slots [from, to) of a curve. */
export function balanceOf(curve: GroupCurve, from: number, to: number): Balance {
  const of = (which: Side): BalanceSide => {
    const side = curve[which];
    const total = (list: Uint32Array) => list.subarray(from, to).reduce((all, count) => all + count, 0);
    let energy: bigint | null = null;
    for (const value of side.values.subarray(from, to)) {
      if (!Number.isNaN(value)) energy = (energy ?? 0n) + BigInt(value);
    }
    const [expected, present] = [total(side.expected), total(side.present)];
    return { energy, expected, present, good: total(side.good), estimated: total(side.estimated) };
  };
  const [balance, members] = [of("balance"), of("members")];
  const difference =
    balance.energy === null || members.energy === null ? null : balance.energy - members.energy;
  return { balance, members, difference };
}

/** The balance of a curve by day, and of all of it. */
export const balanceByDay = (curve: GroupCurve): (Balance & { readonly day: string })[] =>
  curve.days.map(({ day, first, slots }) => ({ day, ...balanceOf(curve, first, first + slots) }));
