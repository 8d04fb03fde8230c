import type { LocalCalendar } from "../calendar.ts";
import { localTime } from "../meter/local-time.ts";

/** What a device's clock remembers: an instant of its own, the true instant that belongs to it. */
export interface FieldClockState {
  shownMs: number;
  trueMs: number;
}

/** Where a clock begins that has lost its battery: the day of the firmware. */
const firmwareDayMs = Date.UTC(2026, 0, 1);

/** The clock of a module or supply unit: a quartz that drifts, shown as local time with the letter of the season. */
export class FieldClock {
  readonly #calendar: LocalCalendar;
  readonly #driftPpm: number;
  readonly #state: FieldClockState;

  /** @param driftPpm how much it runs ahead; 20 is 1.7 s a day */
  constructor(calendar: LocalCalendar, driftPpm: number, state: FieldClockState) {
    this.#calendar = calendar;
    this.#driftPpm = driftPpm;
    this.#state = state;
  }

  /** Whole seconds, as it is shown. */
  at(trueMs: number): number {
    const elapsedMs = trueMs - this.#state.trueMs;
    const shownMs = this.#state.shownMs + elapsedMs * (1 + this.#driftPpm / 1e6);
    return Math.floor(shownMs / 1000) * 1000;
  }

  /** Sets it; gives by how much it moved. */
  set(toMs: number, trueMs: number): number {
    const movedMs = toMs - this.at(trueMs);
    this.#state.shownMs = toMs;
    this.#state.trueMs = trueMs;
    return movedMs;
  }

  /** It stood still without any supply and begins anew. */
  lose(trueMs: number): void {
    this.set(firmwareDayMs, trueMs);
  }

  /** `261126114500W`: local time and season, winter or summer. */
  text(shownMs: number): string {
    const time = localTime(this.#calendar, true, shownMs);
    const { month, dayOfMonth, hour, minute, second } = time;
    const parts = [time.year % 100, month, dayOfMonth, hour, minute, second];
    return parts.map((part) => String(part).padStart(2, "0")).join("") + (time.summer ? "S" : "W");
  }

  /** The instant that such a text means; `undefined` for what is none. */
  parse(text: string): number | undefined {
    const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([WS])$/.exec(text);
    if (!parts) return undefined;
    const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const ahead = this.#calendar.standardMinutes + (parts[7] === "S" ? 60 : 0);
    const shownMs = Date.UTC(2000 + year, month - 1, day, hour, minute - ahead, second);
    return this.text(shownMs) === text ? shownMs : undefined;
  }
}
