import type { MarketDay } from "../market-day.ts";
import type { CompiledCalendar } from "../tariffs/calendar.ts";

/** A step of time: seconds, or days and months of the calendar, which differ in length. */
export type Step = number | "day" | "month";

/** Days whose slots lie one behind the other, and the part of them that is reported. */
export interface FormulaFrame {
  readonly zone: string;
  readonly stepSeconds: number;
  /** Days without a gap; the last may have fewer slots than it will have. */
  readonly days: readonly { readonly day: MarketDay; readonly first: number; readonly slots: number }[];
  /** Sums and maxima are of the slots from here … */
  readonly fromSlot: number;
  /** … to here, this one not included. What lies outside is there for `shift` and `delta`. */
  readonly toSlot: number;
  /** For `band`. */
  readonly calendarOn?: ((date: string) => CompiledCalendar | undefined) | undefined;
}

/** Instants of a series. */
export interface Grid {
  readonly step: Step;
  readonly length: number;
  readonly from: number;
  readonly to: number;
  readonly starts: Float64Array;
  readonly hours: (slot: number) => number;
  /** Place of each slot's day in the frame. */
  readonly dayOf: Int32Array;
  /** Minute of the local clock at which each slot starts; computed when it is asked for. */
  minutes(): Int16Array;
}

const grids = new WeakMap<FormulaFrame, Grid>();

/** The grid of a frame itself: made once, as all columns of a report share it. */
export function baseGrid(frame: FormulaFrame): Grid {
  let grid = grids.get(frame);
  if (!grid) {
    grid = makeBaseGrid(frame);
    grids.set(frame, grid);
  }
  return grid;
}

function makeBaseGrid(frame: FormulaFrame): Grid {
  const last = frame.days.at(-1);
  const length = last ? last.first + last.slots : 0;
  const starts = new Float64Array(length);
  const dayOf = new Int32Array(length);
  for (const [nth, { day, first, slots }] of frame.days.entries()) {
    for (let slot = 0; slot < slots; slot++)
      starts[first + slot] = day.startMs + slot * frame.stepSeconds * 1000;
    dayOf.fill(nth, first, first + slots);
  }
  const hours = frame.stepSeconds / 3600;
  return {
    step: frame.stepSeconds,
    length,
    from: frame.fromSlot,
    to: frame.toSlot,
    starts,
    hours: () => hours,
    dayOf,
    minutes: minutesOf(frame, starts, dayOf),
  };
}

/** A coarser grid, and where each slot of the finer one goes. Longer steps end with the day or month, and with the reported period. */
export function coarser(frame: FormulaFrame, fine: Grid, step: Step): { grid: Grid; into: Int32Array } {
  const into = new Int32Array(fine.length);
  const firsts: number[] = [];
  const hours: number[] = [];
  let key = "";
  for (let slot = 0; slot < fine.length; slot++) {
    const { day } = frame.days[fine.dayOf[slot]!]!;
    const part = slot < fine.from ? 0 : slot < fine.to ? 1 : 2;
    const own =
      step === "month"
        ? `${part} ${day.date.slice(0, 7)}`
        : step === "day"
          ? `${part} ${day.date}`
          : `${part} ${day.date} ${Math.floor((fine.starts[slot]! - day.startMs) / (step * 1000))}`;
    if (own !== key) {
      key = own;
      firsts.push(slot);
      hours.push(0);
    }
    into[slot] = firsts.length - 1;
    hours[firsts.length - 1]! += fine.hours(slot);
  }
  const starts = Float64Array.from(firsts, (slot) => fine.starts[slot]!);
  const dayOf = Int32Array.from(firsts, (slot) => fine.dayOf[slot]!);
  const reported = fine.to > fine.from;
  const grid: Grid = {
    step,
    length: firsts.length,
    from: reported ? into[fine.from]! : 0,
    to: reported ? into[fine.to - 1]! + 1 : 0,
    starts,
    hours: (slot) => hours[slot]!,
    dayOf,
    minutes: minutesOf(frame, starts, dayOf),
  };
  return { grid, into };
}

const utcDayMs = 86_400_000;

function minutesOf(frame: FormulaFrame, starts: Float64Array, dayOf: Int32Array): () => Int16Array {
  let minutes: Int16Array | undefined;
  return () => {
    if (minutes) return minutes;
    minutes = new Int16Array(starts.length);
    for (let slot = 0; slot < starts.length; slot++) {
      const { day } = frame.days[dayOf[slot]!]!;
      if (day.endMs - day.startMs === utcDayMs) minutes[slot] = (starts[slot]! - day.startMs) / 60_000;
      else {
        const local = Temporal.Instant.fromEpochMilliseconds(starts[slot]!).toZonedDateTimeISO(frame.zone);
        minutes[slot] = local.hour * 60 + local.minute;
      }
    }
    return minutes;
  };
}
