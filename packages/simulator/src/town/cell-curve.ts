import type { LocalCalendar } from "../calendar.ts";
import type { CumulatedWh, DayLoad } from "../load/curve.ts";
import type { MeterCurve } from "../meter/virtual-meter.ts";
import type { Cell } from "./balance-curve.ts";

/**
 * What flows through a transformer or a feeder, as its balance meter sees it: primary Wh, what is fed back in the other register.
 * Days are kept, since each is the sum of all points below. Nobody can open its circuit or go past it.
 */
export class CellCurve implements MeterCurve {
  readonly #cell: Cell;
  readonly #calendar: LocalCalendar;
  readonly firstDay: number;
  readonly #days = new Map<number, DayLoad>();
  /** Sums before the n-th day of the town. */
  readonly #sums: { importWh: number; exportWh: number }[] = [{ importWh: 0, exportWh: 0 }];

  constructor(cell: Cell, calendar: LocalCalendar, firstDay: number) {
    this.#cell = cell;
    this.#calendar = calendar;
    this.firstDay = firstDay;
  }

  cut(): void {}
  restore(): void {}
  measure(): void {}
  measuringAt() {
    return { share: 1, reversed: false };
  }
  isCut(): boolean {
    return false;
  }

  day(index: number): DayLoad {
    const known = this.#days.get(index);
    if (known) return known;
    const day = this.#calendar.day(index);
    const { netWh } = this.#cell.day(index);
    const load: DayLoad = {
      day,
      importWh: Int32Array.from(netWh, (wh) => Math.max(0, wh)),
      exportWh: Int32Array.from(netWh, (wh) => Math.max(0, -wh)),
      night: new Uint8Array(day.slots),
      totals: { rate1Wh: 0, rate2Wh: 0, exportWh: 0 },
    };
    const sum = (values: Int32Array) => values.reduce((total, wh) => total + wh, 0);
    const totals = { rate1Wh: sum(load.importWh), rate2Wh: 0, exportWh: sum(load.exportWh) };
    const made = { ...load, totals };
    this.#days.set(index, made);
    return made;
  }

  cumulatedAt(ms: number): CumulatedWh {
    const index = this.#calendar.dayAt(ms);
    if (index < this.firstDay) return cumulated(0, 0);
    const before = this.#before(index);
    const { day, importWh, exportWh } = this.day(index);
    let { importWh: taken, exportWh: given } = before;
    const slot = (ms - day.startMs) / 900_000;
    for (let n = 0; n < slot; n++) {
      const share = Math.min(1, slot - n);
      taken += Math.floor((importWh[n] as number) * share);
      given += Math.floor((exportWh[n] as number) * share);
    }
    return cumulated(taken, given);
  }

  beforeDay(index: number): CumulatedWh {
    const { importWh, exportWh } = this.#before(index);
    return cumulated(importWh, exportWh);
  }

  #before(index: number) {
    const wanted = Math.max(0, index - this.firstDay);
    while (this.#sums.length <= wanted) {
      const last = this.#sums.at(-1)!;
      const { totals } = this.day(this.firstDay + this.#sums.length - 1);
      this.#sums.push({
        importWh: last.importWh + totals.rate1Wh,
        exportWh: last.exportWh + totals.exportWh,
      });
    }
    return this.#sums[wanted]!;
  }
}

const cumulated = (importWh: number, exportWh: number): CumulatedWh => ({
  rate1Wh: importWh,
  rate2Wh: 0,
  importWh,
  exportWh,
});
