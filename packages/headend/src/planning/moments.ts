import type { EpochMs } from "@energsys/protocols";
import type { PlanTimes } from "@energsys/store";

/**
 * The first of these moments of the day after an instant. A moment that spring leaves out is an hour later, one that autumn has twice is the
 * first of the two.
 */
export function nextMoment(nowMs: EpochMs, minutes: readonly number[], zone: string): EpochMs {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs))
    .toZonedDateTimeISO(zone)
    .toPlainDate();
  // The day before too: what spring leaves out late in an evening comes after midnight.
  const instants = [-1, 0, 1, 2].flatMap((days) =>
    minutes.map((minute) => {
      const time = Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 });
      return today.add({ days }).toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: "compatible" })
        .epochMilliseconds;
    }),
  );
  return Math.min(...instants.filter((ms) => ms > nowMs));
}

/** Whether a plan may read at an instant: one without a window always. */
export function mayRead(nowMs: EpochMs, { windowFrom, windowTo }: PlanTimes, zone: string): boolean {
  if (windowFrom === null || windowTo === null) return true;
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(zone);
  const at = hour * 60 + minute;
  return windowFrom < windowTo ? windowFrom <= at && at < windowTo : windowFrom <= at || at < windowTo;
}

/** That instant, or when the plan's window opens next: reads of many devices are spread over `spreadMs` then. */
export const within = (dueMs: EpochMs, times: PlanTimes, zone: string, spreadMs: number): EpochMs =>
  mayRead(dueMs, times, zone) ? dueMs : nextMoment(dueMs, [times.windowFrom!], zone) + spreadMs;
