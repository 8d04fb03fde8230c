import { type LocalCalendar, slotMs } from "../calendar.ts";
import type { CumulatedWh, DayLoad, LoadCurve, Measuring } from "../load/curve.ts";
import type { MeterDescription } from "./description.ts";

type Drift = NonNullable<MeterDescription["drift"]>;

/** What a clock that runs away shows at a true instant. */
export const ownTime = ({ ppm, fromMs }: Drift, trueMs: number): number =>
  trueMs <= fromMs ? trueMs : trueMs + (trueMs - fromMs) * ppm * 1e-6;

/** When it truly is what such a clock shows. */
export const trueTime = ({ ppm, fromMs }: Drift, ownMs: number): number =>
  ownMs <= fromMs ? ownMs : fromMs + Math.round((ownMs - fromMs) / (1 + ppm * 1e-6));

/** Days that are remembered of each. */
const daysKept = 40;

/**
 * A load curve as a meter sees it whose clock runs away: what truly flowed between the borders of quarter-hours that are none. Its registers
 * are right at any true instant; what it writes under its stamps is shifted.
 */
export class DriftedCurve implements Pick<LoadCurve, keyof LoadCurve> {
  readonly #curve: Pick<LoadCurve, keyof LoadCurve>;
  readonly #drift: Drift;
  readonly #calendar: LocalCalendar;
  readonly #days = new Map<number, DayLoad>();

  constructor(curve: Pick<LoadCurve, keyof LoadCurve>, drift: Drift, calendar: LocalCalendar) {
    this.#curve = curve;
    this.#drift = drift;
    this.#calendar = calendar;
  }

  get firstDay(): number {
    return this.#curve.firstDay;
  }

  cut(ownMs: number): void {
    this.#days.clear();
    this.#curve.cut(trueTime(this.#drift, ownMs));
  }
  restore(ownMs: number): void {
    this.#days.clear();
    this.#curve.restore(trueTime(this.#drift, ownMs));
  }
  measure(ownMs: number, measuring: Measuring): void {
    this.#days.clear();
    this.#curve.measure(trueTime(this.#drift, ownMs), measuring);
  }
  measuringAt(ownMs: number): Measuring {
    return this.#curve.measuringAt(trueTime(this.#drift, ownMs));
  }
  isCut(ownMs: number): boolean {
    return this.#curve.isCut(trueTime(this.#drift, ownMs));
  }

  cumulatedAt(ownMs: number): CumulatedWh {
    return this.#curve.cumulatedAt(trueTime(this.#drift, ownMs));
  }

  beforeDay(index: number): CumulatedWh {
    return this.cumulatedAt(this.#calendar.day(Math.max(0, index)).startMs);
  }

  day(index: number): DayLoad {
    const day = this.#calendar.day(index);
    if (day.startMs + day.slots * slotMs <= this.#drift.fromMs) return this.#curve.day(index);
    const known = this.#days.get(index);
    if (known) return known;
    const { night } = this.#curve.day(index);
    const importWh = new Int32Array(day.slots);
    const exportWh = new Int32Array(day.slots);
    const first = this.beforeDay(index);
    let before = first;
    for (let i = 0; i < day.slots; i++) {
      const after = this.cumulatedAt(day.startMs + (i + 1) * slotMs);
      importWh[i] = after.importWh - before.importWh;
      exportWh[i] = after.exportWh - before.exportWh;
      before = after;
    }
    const totals = {
      rate1Wh: before.rate1Wh - first.rate1Wh,
      rate2Wh: before.rate2Wh - first.rate2Wh,
      exportWh: before.exportWh - first.exportWh,
    };
    if (this.#days.size >= daysKept) this.#days.clear();
    const load: DayLoad = { day, importWh, exportWh, night, totals };
    this.#days.set(index, load);
    return load;
  }
}
