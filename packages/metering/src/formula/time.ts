import { romanianHolidays } from "../holidays.ts";
import type { MarketDay } from "../market-day.ts";
import { quality } from "../quality.ts";
import type { CompiledCalendar } from "../tariffs/calendar.ts";
import { FormulaError } from "./error.ts";
import type { Grid } from "./grid.ts";
import { propose } from "./propose.ts";
import { expectNumber, expectSeries, type FunctionRule, type Literal, type Refuse } from "./rule.ts";
import { isPower, unitName } from "./units.ts";
import { type FormulaSeries, leftOut, type Running, type ValueType } from "./value.ts";

interface Span {
  readonly seconds: number;
  readonly days: number;
}

/** Which slot each slot is taken from; −1 where there is none. Days are those of the local clock: 07:00 comes from 07:00. */
function sources({ frame }: Running, grid: Grid, { seconds, days }: Span): Int32Array {
  const from = new Int32Array(grid.length);
  const offset = grid.step === "day" ? days : seconds / (grid.step as number);
  if (grid.step === "day" || days === 0) {
    for (let slot = 0; slot < from.length; slot++) {
      const source = slot + offset;
      from[slot] = source >= 0 && source < grid.length ? source : -1;
    }
    return from;
  }
  const { dayOf } = grid;
  const minutes = grid.minutes();
  const firsts = new Int32Array(frame.days.length + 1).fill(grid.length);
  for (let slot = grid.length - 1; slot >= 0; slot--) firsts[dayOf[slot]!] = slot;
  for (let slot = 0; slot < from.length; slot++) {
    const day = dayOf[slot]! + days;
    from[slot] = -1;
    if (day < 0 || day >= frame.days.length) continue;
    const first = firsts[day]!;
    const end = day + 1 < firsts.length ? firsts[day + 1]! : grid.length;
    const usual = first + slot - firsts[dayOf[slot]!]!;
    if (usual < end && minutes[usual] === minutes[slot]) from[slot] = usual;
    else
      for (let other = first; other < end && from[slot]! < 0; other++)
        if (minutes[other] === minutes[slot]) from[slot] = other;
  }
  return from;
}

const methods: ReadonlySet<string> = new Set(["sum", "avg", "min", "max", "first", "last"]);

function resample(x: FormulaSeries, into: Int32Array, grid: Grid, method: string): FormulaSeries {
  const values = new Float64Array(grid.length).fill(Number.NaN);
  const flags = new Uint16Array(grid.length);
  const present = new Uint32Array(grid.length);
  const expected = new Uint32Array(grid.length);
  for (let slot = 0; slot < x.values.length; slot++) {
    const to = into[slot]!;
    if ((x.flags[slot]! & leftOut) === 0) expected[to]!++;
    const value = x.values[slot]!;
    if (Number.isNaN(value)) continue;
    flags[to]! |= x.flags[slot]!;
    const before = values[to]!;
    if (present[to]!++ === 0) values[to] = value;
    else if (method === "sum" || method === "avg") values[to] = before + value;
    else if (method === "min") values[to] = Math.min(before, value);
    else if (method === "max") values[to] = Math.max(before, value);
    else if (method === "last") values[to] = value;
  }
  for (let to = 0; to < values.length; to++) {
    if (method === "avg") values[to] = values[to]! / present[to]!;
    if (expected[to] === 0) flags[to]! |= leftOut;
    else if (present[to]! > 0 && present[to]! < expected[to]!) flags[to]! |= quality.partial;
  }
  return { shape: "series", grid, values, flags };
}

/** Keeps some slots; the others are left out: they count neither as values nor as missing ones. */
function keep(x: FormulaSeries, keeps: (slot: number) => boolean | undefined): FormulaSeries {
  const values = new Float64Array(x.values.length);
  const flags = new Uint16Array(x.values.length);
  for (let slot = 0; slot < values.length; slot++) {
    const kept = keeps(slot);
    values[slot] = kept ? x.values[slot]! : Number.NaN;
    flags[slot] = kept === false ? leftOut : x.flags[slot]!;
  }
  return { ...x, values, flags };
}

function expectClock({ step }: ValueType, refuse: Refuse): void {
  if (typeof step !== "number") refuse(0, "formula.step", { left: String(step), right: "h" });
}

/** An interval in which the rate changes belongs to neither of the two. */
function refuseSwitchWithin(calendar: CompiledCalendar, day: MarketDay, step: number): void {
  try {
    calendar.ratesOf(day, step);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormulaError("formula.rate-switch", 1, { minutes: step / 60 });
  }
}

const same = ([x]: readonly ValueType[], _: readonly Literal[], refuse: Refuse): ValueType => {
  expectSeries(x!, 0, refuse);
  expectNumber(x!, 0, refuse);
  return x!;
};

export const timeFunctions: readonly FunctionRule[] = [
  {
    name: "shift",
    parameters: ["value", "span"],
    min: 2,
    max: 2,
    type: (args, [span], refuse) => {
      const type = same(args, [], refuse);
      const { seconds, days } = span as Span;
      const fits =
        type.step === "day" ? seconds === 0 : type.step !== "month" && seconds % (type.step as number) === 0;
      if (!fits || !Number.isInteger(days) || Math.abs(days) > 800 || Math.abs(seconds) > 800 * 86_400)
        refuse(1, "formula.step", { left: String(type.step), right: days === 0 ? String(seconds) : "day" });
      return type;
    },
    run: ([x], [span], running) => {
      const series = x as FormulaSeries;
      const from = sources(running, series.grid, span as Span);
      const values = new Float64Array(from.length);
      const flags = new Uint16Array(from.length);
      for (let slot = 0; slot < from.length; slot++) {
        const source = from[slot]!;
        values[slot] = source < 0 ? Number.NaN : series.values[source]!;
        flags[slot] = source < 0 ? 0 : series.flags[source]!;
      }
      return { ...series, values, flags };
    },
    reach: ([span]) => {
      const { seconds, days } = span as Span;
      const whole = seconds / 86_400;
      return days + (whole < 0 ? Math.floor(whole) : Math.ceil(whole));
    },
  },
  {
    name: "resample",
    parameters: ["value", "step", "method"],
    min: 3,
    max: 3,
    type: (args, [target, method], refuse) => {
      const type = same(args, [], refuse);
      const { step } = target as { step: ValueType["step"] };
      const fits =
        typeof step !== "number"
          ? type.step !== "month"
          : typeof type.step === "number" && step % type.step === 0 && step <= 86_400 && step > 0;
      if (!fits) refuse(1, "formula.step", { left: String(type.step), right: String(step) });
      if (!methods.has(method as string)) {
        const proposal = propose(method as string, methods);
        refuse(2, "formula.argument", {
          name: "resample",
          expected: [...methods].join(", "),
          ...(proposal && { proposal }),
        });
      }
      if (method === "sum" && isPower(type.unit))
        refuse(0, "formula.sum-of-power", { unit: unitName(type.unit), proposal: "energy" });
      return { ...type, step };
    },
    run: ([x], [target, method], running) => {
      const series = x as FormulaSeries;
      const { step } = target as { step: NonNullable<ValueType["step"]> };
      const { grid, into } = running.coarserThan(series.grid, step);
      return resample(series, into, grid, method as string);
    },
  },
  {
    name: "delta",
    parameters: ["value"],
    min: 1,
    max: 1,
    type: same,
    run: ([x]) => {
      const { values, flags, grid } = x as FormulaSeries;
      const out = new Float64Array(values.length).fill(Number.NaN);
      const joint = flags.slice();
      for (let slot = 1; slot < out.length; slot++) {
        // What was loaded of the month before the period is only a part of it.
        if (grid.step === "month" && (slot === grid.from || slot === grid.to)) continue;
        out[slot] = values[slot]! - values[slot - 1]!;
        joint[slot]! |= flags[slot - 1]!;
      }
      return { ...(x as FormulaSeries), values: out, flags: joint };
    },
    reach: () => -1,
  },
  {
    name: "cumulate",
    parameters: ["value"],
    min: 1,
    max: 1,
    type: (args, literals, refuse) => {
      const type = same(args, literals, refuse);
      if (isPower(type.unit))
        refuse(0, "formula.sum-of-power", { unit: unitName(type.unit), proposal: "energy" });
      return type;
    },
    run: ([x]) => {
      const { values, flags, grid } = x as FormulaSeries;
      const out = new Float64Array(values.length).fill(Number.NaN);
      const joint = flags.slice();
      let [total, all] = [0, 0];
      for (let slot = grid.from; slot < grid.to; slot++) {
        if (Number.isNaN(values[slot]!)) {
          if ((flags[slot]! & leftOut) === 0) all |= quality.partial;
          continue;
        }
        total += values[slot]!;
        all |= flags[slot]!;
        out[slot] = total;
        joint[slot] = all;
      }
      return { ...(x as FormulaSeries), values: out, flags: joint };
    },
  },
  {
    name: "band",
    parameters: ["value", "text"],
    min: 2,
    max: 2,
    type: (args, [rate], refuse, { rates }) => {
      const type = same(args, [], refuse);
      expectClock(type, refuse);
      // Rates change by the hour or oftener: a longer interval has no rate of its own.
      if ((type.step as number) > 3600) refuse(0, "formula.step", { left: String(type.step), right: "1h" });
      if (!rates?.has(rate as string)) {
        const proposal = propose(rate as string, rates ?? []);
        refuse(1, "formula.unknown-rate", { name: rate as string, ...(proposal && { proposal }) });
      }
      return type;
    },
    run: ([x], [rate], { frame }) => {
      const series = x as FormulaSeries;
      const minutes = series.grid.minutes();
      const calendars = frame.days.map(({ day }) => {
        const calendar = frame.calendarOn?.(day.date);
        if (calendar) refuseSwitchWithin(calendar, day, series.grid.step as number);
        return calendar;
      });
      const wanted = calendars.map((calendar) => calendar?.rates.indexOf(rate as string) ?? -1);
      return keep(series, (slot) => {
        const nth = series.grid.dayOf[slot]!;
        const calendar = calendars[nth];
        // A day without a calendar: nobody knows whether it belongs.
        return calendar && calendar.rateAt(frame.days[nth]!.day.date, minutes[slot]!) === wanted[nth];
      });
    },
  },
  {
    name: "workdays",
    parameters: ["value"],
    min: 1,
    max: 1,
    type: (args, literals, refuse) => {
      const type = same(args, literals, refuse);
      if (type.step === "month") refuse(0, "formula.step", { left: "month", right: "day" });
      return type;
    },
    run: ([x], _, { frame }) => {
      const series = x as FormulaSeries;
      const kept = frame.days.map(({ day: { date } }) => {
        const day = Temporal.PlainDate.from(date);
        return day.dayOfWeek <= 5 && !romanianHolidays(day.year).has(date);
      });
      return keep(series, (slot) => kept[series.grid.dayOf[slot]!]!);
    },
  },
  {
    name: "hours",
    parameters: ["value", "number", "number"],
    min: 3,
    max: 3,
    type: (args, [from, to], refuse) => {
      const type = same(args, [], refuse);
      expectClock(type, refuse);
      for (const [nth, hour] of [from, to].entries())
        if (!((hour as number) >= 0 && (hour as number) <= 24))
          refuse(nth + 1, "formula.argument", { name: "hours", expected: "0…24" });
      return type;
    },
    run: ([x], [from, to]) => {
      const series = x as FormulaSeries;
      const minutes = series.grid.minutes();
      const [start, end] = [(from as number) * 60, (to as number) * 60];
      return keep(series, (slot) => {
        const minute = minutes[slot]!;
        return start <= end ? minute >= start && minute < end : minute >= start || minute < end;
      });
    },
  },
];
