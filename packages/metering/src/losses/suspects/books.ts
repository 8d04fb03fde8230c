import type { PreparedCell, PreparedMember } from "./cell.ts";

/** What a curve says of who is behind it. */
export interface CurveTraits {
  /** Natural logarithm of taken energy by what the books expect, less what is usual for its kind here; absent where either is not known. */
  readonly logOfExpected?: number;
  /** Energy of the window, Wh, as if nobody had been away. */
  readonly energyWh: number;
  /** As it was counted, Wh. */
  readonly countedWh: number;
  /** 0 to 1: its load jumps as appliances are switched, rather than following its own mean day. */
  readonly household: number;
  /** 0 to 1: it feeds back, or takes nothing at all around noon though it does at night. */
  readonly exports: number;
}

/** Spread of this year's energy against the last one's, of the natural logarithm: at least so much (households of one street differ by it). */
export const yearSpreadMin = 0.2;
/** Intervals of the day around noon, and of the night. */
const noon = { from: 42, to: 56 };
const night = { from: 2, to: 20 };

/** The traits of all members, and how far energy and expectation lie apart in general here (deviation of the logarithm). */
export function traitsOf<Id>({
  columns,
  timeOf,
  dayOf,
  days,
  slots,
  usable,
  usableSlots,
}: PreparedCell<Id>): {
  readonly traits: readonly CurveTraits[];
  readonly spread: number;
} {
  const logs = columns.map(({ member, wh }) => {
    const expected = member.books?.expectedYearWh;
    const energyWh = usualEnergy(wh, dayOf, days, member.books?.household === true ? awayPart : 0);
    let countedWh = 0;
    for (let i = 0; i < slots; i++) countedWh += wh[i]!;
    return { energyWh, countedWh, log: expected && energyWh > 0 ? Math.log(energyWh / expected) : undefined };
  });
  const kinds = new Map<string, number[]>();
  logs.forEach(({ log }, nth) => {
    if (log === undefined || !columns[nth]!.inGroup) return;
    const kind = kindOf(columns[nth]!);
    kinds.set(kind, [...(kinds.get(kind) ?? []), log]);
  });
  const all = middle([...kinds.values()].flat());
  const usual = new Map([...kinds].map(([kind, values]) => [kind, values.length < 5 ? all : middle(values)]));
  const apart = logs.flatMap(({ log }, nth) =>
    log === undefined ? [] : [log - (usual.get(kindOf(columns[nth]!)) ?? all)],
  );
  return {
    spread: Math.max(yearSpreadMin, 1.4826 * middle(apart.map(Math.abs))),
    traits: columns.map(({ wh, centred, member }, nth) => {
      const { energyWh, countedWh, log } = logs[nth]!;
      let squares = 0;
      let sum = 0;
      for (let i = 0; i < slots; i++) {
        if (!usable[i]) continue;
        squares += centred[i]! * centred[i]!;
        sum += wh[i]!;
      }
      const jumps = sum > 0 ? Math.sqrt(squares * Math.max(1, usableSlots)) / sum : 0;
      const still = zeroShare(wh, timeOf, noon) - zeroShare(wh, timeOf, night);
      const fedBack = member.netWh.some((value) => value < 0);
      return {
        energyWh,
        countedWh,
        household: ramp(jumps, 0.3, 0.6),
        exports: fedBack ? 1 : ramp(still, 0.03, 0.15),
        ...(log !== undefined && { logOfExpected: log - (usual.get(kindOf(columns[nth]!)) ?? all) }),
      };
    }),
  };
}

/** A day with less than this part of the usual one, and those who live in a household are away. */
const awayPart = 0.45;

/** Energy of the window, where days with less than a part of the usual one count as the mean of the others: a fortnight's holiday says nothing of a year. */
function usualEnergy(wh: Float64Array, dayOf: Uint16Array, days: number, part: number): number {
  const byDay = new Float64Array(days);
  for (let i = 0; i < wh.length; i++) byDay[dayOf[i]!] = byDay[dayOf[i]!]! + wh[i]!;
  const usual = middle([...byDay]);
  const there = [...byDay].filter((energyWh) => energyWh >= part * usual);
  return (there.reduce((sum, energyWh) => sum + energyWh, 0) / Math.max(1, there.length)) * days;
}

const kindOf = <Id>({ member: { books } }: PreparedMember<Id>) =>
  books?.household === undefined ? "unknown" : books.household ? "household" : "other";

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const ramp = (value: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));

function zeroShare(
  wh: Float64Array,
  timeOf: Uint16Array,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  let zeros = 0;
  let count = 0;
  for (let i = 0; i < wh.length; i++) {
    if (timeOf[i]! < from || timeOf[i]! >= to) continue;
    count++;
    if (wh[i] === 0) zeros++;
  }
  return count === 0 ? 0 : zeros / count;
}
