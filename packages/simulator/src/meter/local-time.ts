import type { LocalCalendar } from "../calendar.ts";

/** An instant on a meter's display. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
  /** 1 = Monday. */
  readonly dayOfWeek: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes that the display is ahead of UTC. */
  readonly aheadMinutes: number;
  readonly summer: boolean;
}

/** Whole seconds; a meter shows no hundredths. */
export function localTime(calendar: LocalCalendar, followsSummerTime: boolean, ms: number): LocalTime {
  const offset = followsSummerTime
    ? calendar.offsetAt(ms)
    : { minutes: calendar.standardMinutes, summer: false };
  const shown = new Date(ms + offset.minutes * 60_000);
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    dayOfMonth: shown.getUTCDate(),
    dayOfWeek: shown.getUTCDay() === 0 ? 7 : shown.getUTCDay(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    aheadMinutes: offset.minutes,
    summer: offset.summer,
  };
}
